"""Print how time and memory of ``stance label`` grow with the number of articles, and what a second process is worth.

    python tests/benchmarks/scale.py growth [SIZE ...]     # 1000 4000 16000 64000: CPU seconds and peak memory of a process
    python tests/benchmarks/scale.py jobs [SIZE]           # 8000: seconds with one job and with two, medians of three runs
    python tests/benchmarks/scale.py resume [SIZE]         # 8000: what --resume costs where all but the last part is there

One article in ten is of ``data/annotations``, where every one bears statements; the others, of ``data/custom``, bear none. They
come over and over, under new ids. Each run is a process of its own.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent.parent / "data"
COMMAND = [sys.executable, "-c", "from stance.cli import app; app()", "label", "--quiet"]


def write_archive(folder: Path, size: int) -> Path:
    dense, others = (
        [json.loads(line) for line in (DATA / name / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
        for name in ("annotations", "custom")
    )
    rows = [dense[i // 10] if i % 10 == 0 else others[i % len(others)] for i in range(10 * len(dense))]
    path = folder / f"archive-{size}.jsonl"
    with path.open("w", encoding="utf-8") as handle:
        for number in range(size):
            handle.write(json.dumps({**rows[number % len(rows)], "id": f"article-{number}"}, ensure_ascii=False) + "\n")
    return path


def run(*arguments: object) -> tuple[float, float, float]:
    """Return seconds by the clock, CPU seconds and peak memory (MB) of a run; memory is that of its largest process."""
    began = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *map(str, arguments)])
    _, status, used = os.wait4(process.pid, 0)
    if status:
        msg = f"the run ended with status {status}"
        raise SystemExit(msg)
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def growth(folder: Path, sizes: list[int]) -> None:
    for output in ("out.jsonl", "out/"):
        first = None
        _, start, _ = run(write_archive(folder, 1), "-o", folder / "start.jsonl", "--force")
        for size in sizes:
            _, seconds, memory = run(write_archive(folder, size), "-o", f"{folder}/{size}-{output}")
            each = (seconds - start) / size * 1000
            first = first or each
            share = f"{each:.2f} ms an article ({each / first:.2f} of the first)"
            print(f"{output:9} {size:6} articles: {seconds:7.1f} CPU s, {share}, peak {memory:.0f} MB", flush=True)


def jobs(folder: Path, sizes: list[int]) -> None:
    archive = write_archive(folder, sizes[0])
    clock, cpu = {1: [], 2: []}, {1: [], 2: []}
    for _ in range(3):
        for number in clock:
            seconds, used, _ = run(archive, "-o", folder / "out.jsonl", "--force", "--jobs", number)
            clock[number].append(seconds)
            cpu[number].append(used)
    one, two = (statistics.median(taken) for taken in clock.values())
    work, both = (statistics.median(taken) for taken in cpu.values())
    print(f"{sizes[0]} articles: one job {one:.1f} s, two jobs {two:.1f} s by the clock: {one / two:.2f} times as fast")
    print(f"CPU seconds of all processes {work:.1f} and {both:.1f}: with two idle cores {2 * work / both:.2f} times at most")


def resume(folder: Path, sizes: list[int]) -> None:
    archive, out = write_archive(folder, sizes[0]), folder / "out"
    whole, _, _ = run(archive, "-o", f"{out}/", "--part-articles", 500)
    sorted(out.glob("part-*"))[-1].unlink()
    again, _, _ = run(archive, "-o", f"{out}/", "--part-articles", 500, "--resume")
    print(f"{sizes[0]} articles: {whole:.1f} s; with all but the last 500 there {again:.1f} s")


def main(what: str = "growth", *sizes: str) -> None:
    measures = {"growth": (growth, [1000, 4000, 16000, 64000]), "jobs": (jobs, [8000]), "resume": (resume, [8000])}
    measure, usual = measures[what]
    folder = Path(tempfile.mkdtemp(prefix="stance-scale-"))
    try:
        measure(folder, [int(size) for size in sizes] or usual)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
