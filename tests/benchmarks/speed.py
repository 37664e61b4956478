"""Print how many articles a second the package labels on one core, start-up taken off.

    python tests/benchmarks/speed.py ../shared/exam/articles.jsonl [ROUNDS]

Each round labels all articles; the median of the rounds is the figure to quote.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from stance.files.models import read_model
from stance.pipeline import as_articles, label_articles


def main(path: str, rounds: str = "15") -> None:
    articles = as_articles([json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()])
    model, name = read_model()
    list(label_articles(articles[:3], model))  # tables and patterns are read once
    rates = []
    for _ in range(int(rounds)):
        began = time.process_time()
        list(label_articles(articles, model))
        rates.append(len(articles) / (time.process_time() - began))
    print(
        f"{name}: median {statistics.median(rates):.0f} articles/s (from {min(rates):.0f} to {max(rates):.0f}, {rounds} rounds)"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
