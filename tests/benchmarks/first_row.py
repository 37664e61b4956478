"""Print how long after its start ``stance label`` writes the first row, the median of some starts.

python tests/benchmarks/first_row.py [ARTICLES] [STARTS]
"""

import statistics
import subprocess
import sys
import time

COMMAND = [sys.executable, "-c", "from stance.cli import app; app()", "label", "--format", "jsonl", "--quiet"]


def main(articles: str = "data/annotations/articles.jsonl", starts: str = "9") -> None:
    times = []
    for _ in range(int(starts)):
        began = time.perf_counter()
        process = subprocess.Popen([*COMMAND, articles], stdout=subprocess.PIPE)
        process.stdout.readline()
        times.append(time.perf_counter() - began)
        process.kill()
        process.communicate()
    print(f"first row after {statistics.median(times):.2f} s (from {min(times):.2f} to {max(times):.2f}, {starts} starts)")


if __name__ == "__main__":
    main(*sys.argv[1:])
