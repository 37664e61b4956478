"""Print how fast articles are read, by kind of file, on one core; the articles are those of data/annotations, again and again.

    python tests/benchmarks/reading.py [MEGABYTES] [ROUNDS]

The median of the rounds is the figure to quote; for near-duplicates it also prints how many bytes of memory an article takes.
"""

import csv
import gzip
import json
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stance.files import find_inputs, read_articles

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "annotations" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
]
PAGE = (
    '<!DOCTYPE html><html><head><title>A story</title><meta property="article:published_time" content="2024-03-05">'
    '<meta charset="utf-8"></head><body><nav><a href="/">Front page</a></nav><article>{}</article></body></html>'
)


def articles(n_bytes: float) -> Iterator[tuple[str, str]]:
    number = 0
    while n_bytes > 0:
        row = ROWS[number % len(ROWS)]
        text = f"{row['text']}\n\nItem {number} of the desk."
        yield f"n{number}", text
        n_bytes -= len(text.encode())
        number += 1


def write(folder: Path, megabytes: float) -> dict[str, Path]:
    rows = list(articles(megabytes * 1e6))
    lines = "".join(json.dumps({"id": name, "text": text}, ensure_ascii=False) + "\n" for name, text in rows).encode()
    few = rows[: max(1, len(rows) // 50)]
    kinds = {
        name: folder / name
        for name in ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.parquet", "texts", "texts.zip", "pages")
    }
    kinds["a.jsonl"].write_bytes(lines)
    kinds["a.jsonl.gz"].write_bytes(gzip.compress(lines, 6))
    kinds["a.jsonl.zst"].write_bytes(pa.compress(lines, "zstd", asbytes=True))
    with kinds["a.csv"].open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("id", "text"), *rows])
    pq.write_table(pa.table({"id": [name for name, _ in rows], "text": [text for _, text in rows]}), kinds["a.parquet"])
    for kind in ("texts", "pages"):
        kinds[kind].mkdir()
    with zipfile.ZipFile(kinds["texts.zip"], "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in rows[: len(rows) // 10]:
            (kinds["texts"] / f"{name}.txt").write_text(text, encoding="utf-8")
            archive.writestr(f"{name}.txt", text)
    for name, text in few:
        body = "".join(f"<p>{line}</p>" for line in text.split("\n") if line)
        (kinds["pages"] / f"{name}.html").write_text(PAGE.format(body), encoding="utf-8")
    return kinds


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


def measure(path: Path, **options: str) -> tuple[float, float, float]:
    before, began = resident_bytes(), time.process_time()
    n_articles = n_bytes = 0
    for article in read_articles(find_inputs([str(path)]), on_skip=lambda _: None, **options):
        n_articles += 1
        n_bytes += len(article.text.encode())
    took = time.process_time() - began
    return n_bytes / 1e6 / took, n_articles / took, (resident_bytes() - before) / max(1, n_articles)


def main(megabytes: str = "50", rounds: str = "5") -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, path in write(Path(folder), float(megabytes)).items():
            runs = [measure(path) for _ in range(int(rounds))]
            speed, rate = (statistics.median(run[i] for run in runs) for i in range(2))
            print(f"{name:12} {speed:6.1f} MB/s of text, {rate:7.0f} articles/s", flush=True)
        # Near-duplicates of each other are not what an index holds: each of these articles is of words in an order of its own.
        different = Path(folder) / "different.jsonl"
        with different.open("w", encoding="utf-8") as out:
            for i, (name, text) in enumerate(articles(float(megabytes) * 1e6)):
                words = sorted(text.split(), key=lambda word, i=i: hash((word, i)))
                out.write(json.dumps({"id": name, "text": " ".join(words)}) + "\n")
        speed, rate, n_bytes = measure(different, duplicates="drop")
        print(f"near-duplicates left out: {speed:.1f} MB/s, {rate:.0f} articles/s, {n_bytes:.0f} bytes of memory an article")


if __name__ == "__main__":
    main(*sys.argv[1:])
