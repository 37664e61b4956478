"""``stance.label_frame`` inside Spark's ``mapInPandas``, in local mode: the rows of a call without Spark."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import stance
from stance.records import Article

# A process of its own: Spark and its Java leave threads and warnings behind.
PROGRAM = """
import sys
from pyspark.sql import SparkSession
import stance

def label(frames):
    for frame in frames:
        yield stance.label_frame(frame)

spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
articles = spark.read.json(sys.argv[1]).repartition(2, "id")
statements = articles.mapInPandas(label, stance.SPARK_SCHEMA)
statements.write.parquet(sys.argv[2])
spark.stop()
"""


@pytest.mark.slow
def test_spark_gives_the_rows_of_a_plain_call(articles: list[Article], tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Java is not installed, which Spark runs on")
    lines = [
        json.dumps({name: getattr(article, name) for name in ("id", "text", "title", "published", "outlet", "url")})
        for article in articles
    ]
    (tmp_path / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, str(program), str(tmp_path / "news.jsonl"), str(tmp_path / "out")]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYSPARK_PYTHON": sys.executable}
    )
    assert done.returncode == 0, done.stderr
    import pandas as pd

    found = pd.read_parquet(tmp_path / "out").set_index("statement_id").sort_index()
    plain = stance.label(articles).set_index("statement_id").sort_index()
    assert len(found) == len(plain) > 0
    assert json.loads(found.to_json(orient="index")) == json.loads(plain.to_json(orient="index"))
