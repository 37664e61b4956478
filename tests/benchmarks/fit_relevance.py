"""Print the points of stance/targets/relevance.py, fitted on real articles with gold records.

    python tests/benchmarks/fit_relevance.py ../shared/study

The folder holds articles.jsonl and statements.jsonl (offsets and issue). Needs the package installed.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from stance.actors import read_cast
from stance.pipeline import as_articles
from stance.quotes import find_quotes
from stance.speakers import find_speakers
from stance.targets import read_article, weigh
from stance.targets.mentions import load_issues
from stance.text import open_page


def read_pairs(folder: Path) -> tuple[list[dict[str, float]], np.ndarray, list[str]]:
    gold: dict[str, list[dict]] = defaultdict(list)
    for line in (folder / "statements.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        gold[row["article_id"]].append(row)
    evidence, truth, groups = [], [], []
    for article in as_articles([json.loads(line) for line in (folder / "articles.jsonl").open(encoding="utf-8")]):
        page = open_page(article.text)
        cast, quotes = read_cast(page, article), find_quotes(page)
        speakers = find_speakers(cast, quotes)
        reader = read_article(cast, article.title, quotes, speakers)
        marks: dict[tuple[int, str], bool] = {}
        for row in gold[article.id]:
            if row.get("issue"):
                place = page.sentence_at((row["start"] + row["end"]) // 2), row["issue"]
                marks[place] = marks.get(place, False) or not row.get("optional", False)
        seen = set()
        for i, quote in enumerate(quotes):
            for issue in load_issues():
                key = (quote.sentence, issue.name, speakers[i].name if speakers[i] else None)
                mark = marks.get(key[:2])
                if speakers[i] is None or key in seen or mark is False:  # False: coders were in doubt
                    continue
                seen.add(key)
                evidence.append(weigh(reader, i, issue))
                truth.append(bool(mark))
                groups.append(article.id)
    return evidence, np.asarray(truth), groups


def main(folder: str) -> None:
    evidence, truth, groups = read_pairs(Path(folder))
    vectorizer = DictVectorizer(sparse=False)
    features = vectorizer.fit_transform(evidence)
    model = LogisticRegression(C=1.0, max_iter=5000)
    held_out = cross_val_predict(model, features, truth, groups=groups, cv=GroupKFold(10), method="decision_function")
    print(f"{len(truth)} pairs, {truth.mean():.3f} positive; by threshold: precision, recall, F1 (10 folds by article)")
    for threshold in np.arange(-1.0, 0.6, 0.2):
        guess = held_out > threshold
        hits = (guess & truth).sum()
        print(
            f"{threshold:+.1f}  {hits / guess.sum():.3f}  {hits / truth.sum():.3f}  {2 * hits / (guess.sum() + truth.sum()):.3f}"
        )
    model.fit(features, truth)
    for name, weight in zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True):
        print(f'    "{name}": {weight:.1f},')
    print(f"intercept {model.intercept_[0]:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
