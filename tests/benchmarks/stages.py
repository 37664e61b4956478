"""Print where the time of ``stance label`` goes, stage by stage: processor time of one core, tables and model read before.

python tests/benchmarks/stages.py [ARTICLES]     # default: data/annotations/articles.jsonl
"""

import io
import sys
import time
from collections import Counter
from pathlib import Path

from stance import engines
from stance.actors import read_cast
from stance.features import make_groups
from stance.files import StreamWriter, read_articles
from stance.files.models import read_predictor
from stance.model.predictor import find_readings
from stance.pipeline import Stages, make_statements, statement_row
from stance.quotes import find_quotes
from stance.records import STATEMENT_COLUMNS
from stance.speakers import find_speakers
from stance.targets import find_targets, may_matter
from stance.text import open_page

taken = Counter()


def timed(name, work, *arguments, **options):
    began = time.process_time()
    found = work(*arguments, **options)
    taken[name] += time.process_time() - began
    return found


def run(path, model, n_at_once=256):
    articles = timed("reading, language, ids", lambda: list(read_articles([path], on_skip=lambda _: None)))
    issues = model.issues
    writer = StreamWriter(io.BytesIO(), STATEMENT_COLUMNS, "parquet")
    for start in range(0, len(articles), n_at_once):
        rows = []
        for article in articles[start : start + n_at_once]:
            if not timed("prefilter", may_matter, article.text, issues):
                continue
            page = timed("sentences, quotation marks, tokens", open_page, article.text)
            quotes = timed("quotes and cues", find_quotes, page)
            cast = timed("actors and people", read_cast, page, article)
            speakers = timed("speakers", find_speakers, cast, quotes)
            targets = timed("targets", find_targets, cast, quotes, speakers, issues)
            made = timed("rows", make_statements, article, Stages(page, cast, quotes, speakers, targets)).values()
            rows += [{**statement_row(article, statement), "context": statement.context} for statement in made]
        if rows:
            timed("views of statements", list, make_groups(rows, find_readings(rows, model.reading), issues))
            timed("views and stance", model.predict_proba, rows)
            timed("writing (Parquet)", writer.write, [{**row, "stance": "neutral"} for row in rows])
    timed("writing (Parquet)", writer.close)
    return len(articles)


def main(path: str = "data/annotations/articles.jsonl") -> None:
    engines.collect_seldom()
    model, name = read_predictor()
    run(Path(path), model)
    taken.clear()
    n_articles = run(Path(path), model)
    taken["stance"] = taken.pop("views and stance") - taken["views of statements"]
    total = sum(taken.values())
    print(f"{n_articles} articles of {path}, {name}: {total:.1f} s, {n_articles / total:.0f} articles/s")
    for stage, seconds in taken.most_common():
        print(f"  {seconds / total:5.1%}  {seconds / n_articles * 1000:6.2f} ms an article  {stage}")


if __name__ == "__main__":
    main(*sys.argv[1:])
