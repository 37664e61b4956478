"""Works through articles into a folder as ``stance label`` does, with work that takes its time: a process for tests to kill.

python tests/engines/snail.py INPUT FOLDER SECONDS_PER_ARTICLE [--resume]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

from stance.cli.articles import Words
from stance.cli.folders import run_into_folder
from stance.cli.tables import STATEMENTS, Destination
from stance.cli.terminal import says_errors
from stance.engines.work import Failure, Found
from stance.records import STATEMENT_COLUMNS, Article


@dataclass(frozen=True)
class Snail:
    """Finds in each article, slowly, as many statements as its text has sentences; fails where the text asks for it."""

    pause: float
    columns: tuple[str, ...] = STATEMENT_COLUMNS

    @property
    def settings(self) -> dict[str, Any]:
        return {"model": "snail"}

    def __call__(self, articles: Sequence[Article]) -> Found:
        found = Found([], [])
        for place, article in enumerate(articles):
            time.sleep(self.pause)
            if "stumbling block" in article.text:
                found.failures.append(Failure(place, article.id, "a stumbling block", "ValueError"))
                continue
            for sentence in article.text.split(". "):
                found.rows.append({"article_id": article.id, "sentence": sentence, "flags": [], "sender": ["NOR"]})
        return found


@says_errors
def main(source: str, folder: str, pause: float, resume: bool = False, part_articles: int = 10, jobs: int = 1) -> None:
    for name in ("pyarrow.parquet", "pandas"):  # they take their time, in which there is nothing to interrupt
        import_module(name)
    typer.echo("begun")
    sys.stdout.flush()
    words, to = Words("Crawling", "statements", "nothing was found"), Destination(folder, "parquet", STATEMENTS)
    how: dict[str, Any] = {"part_articles": part_articles, "jobs": jobs, "resume": resume}
    run_into_folder([Path(source)], Snail(pause), to, words, reading={}, quiet=False, **how)


if __name__ == "__main__":
    app = typer.Typer()
    app.command()(main)
    app(sys.argv[1:])
