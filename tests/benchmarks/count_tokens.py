"""Count the tokens of annotated statements whose text may not be shared, for training (data/README.md, "Counted news").

    python tests/benchmarks/count_tokens.py FOLDER... --out data/counted_news

Each FOLDER holds articles.jsonl and statements.jsonl in the form of data/annotations. Names, actors, numbers and the target are
masked, words cut to six letters, only words and pairs of words that stand in at least --min-articles articles are counted, and
nothing of their order is kept. Prints how far the pairs of a statement could still be strung together.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from stance.files.counts import write_counts
from stance.pipeline import CONTEXT_CHARS
from stance.quotes import find_quotes
from stance.text import open_page
from stance.training.counts import TokenCounts, count_tokens


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--min-articles", type=int, default=5)
    arguments = parser.parse_args()
    rows = [row for folder in arguments.folders for row in read_rows(folder)]
    counts = count_tokens(rows, min_articles=arguments.min_articles)
    write_counts(arguments.out, counts)
    size = sum(path.stat().st_size for path in arguments.out.iterdir())
    n_articles = len({one["article"] for one in counts.statements})
    print(f"{len(counts.statements)} statements of {n_articles} articles, {len(counts.tokens)} tokens, {size / 1e6:.1f} MB")
    longest = [longest_chain(counts, i) for i in range(len(counts.statements))]
    print(
        "longest run of words that pairs leave no choice about: "
        + ", ".join(f"{share} % of statements up to {int(np.percentile(longest, share))}" for share in (50, 90, 99, 100))
    )


def read_rows(folder: Path) -> list[dict[str, object]]:
    texts = {one["id"]: one["text"] for one in map(json.loads, (folder / "articles.jsonl").open(encoding="utf-8"))}
    cues: dict[str, dict[int, str]] = {}
    rows = []
    for row in map(json.loads, (folder / "statements.jsonl").open(encoding="utf-8")):
        if not row.get("issue") or row.get("optional"):
            continue
        name = row["article_id"]
        text = texts[name]
        page = open_page(text)
        if name not in cues:
            cues[name] = {one.sentence: text[one.cue.start : one.cue.end] for one in reversed(find_quotes(page)) if one.cue}
        start, end = row["start"], row["end"]
        cue = cues[name].get(page.sentence_at((start + end) // 2), "")
        rows.append({**row, "sentence": text[start:end], "context": text[max(0, start - CONTEXT_CHARS) : start], "cue": cue})
    return rows


def longest_chain(counts: TokenCounts, number: int) -> int:
    """Return the longest run of words in a statement where each word's successor is the only one that its pairs allow."""
    start, end = counts.matrix.indptr[number : number + 2]
    found = [counts.tokens[column] for column in counts.matrix.indices[start:end]]
    after: dict[str, set[str]] = {}
    for view, token in found:
        one, plus, two = token.replace("not+", "not~").partition("+")
        if view == "words" and plus:
            after.setdefault(one, set()).add(two)
    only = {one: next(iter(two)) for one, two in after.items() if len(two) == 1}
    longest = 0
    for first in only:
        seen = {first}
        word = first
        while word in only and only[word] not in seen:
            word = only[word]
            seen.add(word)
        longest = max(longest, len(seen))
    return longest


if __name__ == "__main__":
    main()
