"""Runs a stage into a folder of parts that can be resumed; Ctrl-C ends it after the part at hand."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from stance.cli.articles import Skips, Words, close
from stance.cli.tables import Destination, Taker
from stance.cli.terminal import progress

if TYPE_CHECKING:
    from stance.engines import Batch, Found, Work
    from stance.files import Input
    from stance.files.folders import PartsFolder

DEFAULT_FORMAT = "parquet"
# What the shell tells of a process that a signal ended.
_AFTER_SIGNAL = 128
HOW_TO_GO_ON = "The same command with --resume goes on from there."


def is_folder(output: str | None) -> bool:
    """Return whether rows go to a folder of parts: a path that ends in a slash, or a folder that holds a run or nothing."""
    from stance.files.addresses import find_database, is_address
    from stance.files.folders import may_hold_parts

    if output is None or is_address(output):
        return False
    return output.endswith(("/", os.sep)) or (find_database(Path(output)) is None and may_hold_parts(Path(output)))


def run_into_folder(
    paths: Sequence[Input],
    work: Work,
    to: Destination,
    words: Words,
    *,
    reading: Mapping[str, Any],
    part_articles: int | None,
    jobs: int,
    resume: bool,
    quiet: bool,
) -> None:
    """Work through the articles of some files into a folder of parts, and sum up on standard error.

    ``reading`` goes to ``read_articles``. Exits with status 130 when stopped by Ctrl-C, 1 where no article could be read.
    """
    from stance import __version__
    from stance.engines import parts
    from stance.files.folders import PartsFolder

    n_articles = part_articles or parts.PART_ARTICLES
    how = {"format": to.format or DEFAULT_FORMAT, "defuse": to.defuse, "part_articles": n_articles}
    settings = {"stance": __version__, **parts.describe_run(work, {**reading, **how})}
    skips, taker = Skips(), Taker(None, to, for_eyes=to.show)
    folder = PartsFolder(Path(str(to.output)), settings, paths)
    with folder, progress(words.title, quiet=quiet) as advance, _stopping(folder) as asked:
        folder.begin(resume=resume, force=to.force)
        _say_state(folder, quiet=quiet)
        advance(sum(told["read"] for told in folder.parts))

        def watch(batch: Batch, found: Found) -> None:
            skips.add_batch(batch, found)
            taker(found.rows)
            advance(len(batch.articles))

        tally = parts.run_parts(folder, paths, work, jobs=jobs, watch=watch, stop=lambda: bool(asked), **reading)
        if not folder.finished:
            so_far = f"{tally.articles} articles, {tally.rows} {words.rows}"
            typer.echo(f"stance: stopped after {_count_parts(folder)} ({so_far} -> {to.output}). {HOW_TO_GO_ON}", err=True)
            raise typer.Exit(_AFTER_SIGNAL + asked[0])
    taker.show()
    listed = f"; failures in {folder.failures}" if tally.skipped else ""
    close(tally, skips, f"{to.output} ({_count_parts(folder)}{listed})", words, quiet=quiet)


def _say_state(folder: PartsFolder, *, quiet: bool) -> None:
    if quiet:
        return
    if folder.finished:
        typer.echo(f"note: {folder.folder} holds a finished run; nothing is left to do.", err=True)
    elif folder.parts:
        typer.echo(f"note: {folder.folder} holds {_count_parts(folder)} of this run; going on from there.", err=True)


def _count_parts(folder: PartsFolder) -> str:
    return f"{len(folder.parts)} {'part' if len(folder.parts) == 1 else 'parts'}"


@contextmanager
def _stopping(folder: PartsFolder) -> Iterator[list[int]]:
    """Give a list that the first Ctrl-C (or SIGTERM, as schedulers send it) is put in; the second stops at once."""
    asked: list[int] = []

    def ask(number: int, _: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        typer.echo(f"stance: finishing part {len(folder.parts)}; press Ctrl-C again to stop at once.", err=True)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    except KeyboardInterrupt:
        typer.echo(f"stance: interrupted; {_count_parts(folder)} kept in {folder.folder}. {HOW_TO_GO_ON}", err=True)
        raise typer.Exit(_AFTER_SIGNAL + signal.SIGINT) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
