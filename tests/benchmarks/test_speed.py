"""How much the package labels a second on one core, start-up taken off.

    STANCE_NEWS=../shared python -m pytest tests/benchmarks/test_speed.py -s

``STANCE_NEWS`` names a folder with ``exam/articles.jsonl`` and ``archive/articles.jsonl`` (dense news: nearly every article bears
statements) and ``tools/mixed_archive.py``, which writes an archive in which one article in fifty matters; what is missing is
skipped. Ready statements are those of ``data/annotations``. Each is run once before it is measured and five times then; the
median of the processor's time is the figure to quote.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stance.engines import collect_seldom
from stance.files import read_articles
from stance.files.models import read_predictor
from stance.pipeline import CONTEXT_CHARS, label_articles

pytest.importorskip("pytest_benchmark", reason="pytest-benchmark is not installed (pip install 'stance[dev]')")
ANNOTATIONS = Path(__file__).resolve().parent.parent.parent / "data/annotations"
pytestmark = pytest.mark.benchmark(timer=time.process_time)  # of this process alone: a shared machine does other work beside it
KNOWN = ("article_id", "sentence", "issue", "speaker", "speaker_actor", "sender", "recipient", "location", "cue")


@pytest.fixture(autouse=True)
def seldom_collected() -> Iterator[None]:
    """Look for cycles as seldom as the commands do."""
    usual = gc.get_threshold()
    collect_seldom()
    yield
    gc.set_threshold(*usual)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def news(name: str) -> Path:
    folder = os.environ.get("STANCE_NEWS")
    if not folder:
        pytest.skip("STANCE_NEWS names no folder of news")
    if not (path := Path(folder) / name).is_file():
        pytest.skip(f"there is no {path}")
    return path


def measure(benchmark: Any, work: Any, amount: float, unit: str, what: str) -> None:
    benchmark.pedantic(work, rounds=5, warmup_rounds=1)
    times = benchmark.stats.stats
    print(f"\n{what}: median {amount / times.median:,.1f} {unit}/s (from {amount / times.max:,.1f} to {amount / times.min:,.1f})")


@pytest.mark.parametrize("told", [True, False], ids=["told", "sentence and issue"])
def test_ready_statements(benchmark: Any, told: bool) -> None:
    texts = {article["id"]: article["text"] for article in lines(ANNOTATIONS / "articles.jsonl")}
    rows = []
    for row in lines(ANNOTATIONS / "statements.jsonl"):
        context = texts[row["article_id"]][max(0, row["start"] - CONTEXT_CHARS) : row["start"]]
        rows.append({**{key: row.get(key) for key in KNOWN}, "context": context})
    if not told:
        rows = [{"sentence": row["sentence"], "issue": row["issue"]} for row in rows]
    model, name = read_predictor()
    what = f"{len(rows)} statements of data/annotations, {'all told' if told else 'sentence and issue'}, by {name}"
    measure(benchmark, lambda: model.predict_proba(rows), len(rows), "statements", what)


@pytest.mark.parametrize("corpus", ["exam", "archive"])
def test_dense_articles(benchmark: Any, corpus: str) -> None:
    path = news(f"{corpus}/articles.jsonl")
    articles = list(read_articles([path], on_skip=lambda _: None))
    model, name = read_predictor()
    n_rows = len(list(label_articles(articles, model)))
    what = f"{len(articles)} articles of {corpus}, {n_rows} statements, by {name}"
    measure(benchmark, lambda: list(label_articles(articles, model)), len(articles), "articles", what)


def test_mixed_archive(benchmark: Any, tmp_path: Path) -> None:
    """From the file to labelled rows: reading, telling the language and putting aside what names no issue included."""
    path = tmp_path / "mixed.jsonl"
    subprocess.run([sys.executable, str(news("tools/mixed_archive.py")), "4000", str(path)], check=True)
    model, name = read_predictor()
    megabytes = sum(len(row["text"].encode()) for row in lines(path)) / 1e6

    def label() -> list[dict[str, Any]]:
        return list(label_articles(read_articles([path], on_skip=lambda _: None), model))

    what = f"{megabytes:.1f} MB of text in {path.name}, {len(label())} statements, by {name}"
    measure(benchmark, label, megabytes, "MB", what)
