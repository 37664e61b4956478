"""Runs a stage over the articles of a command's inputs and closes with what was read, found and skipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer

from stance.cli.tables import Destination, Taker, writing
from stance.cli.terminal import SHOWN_SKIPS, progress, report_skipped

if TYPE_CHECKING:
    from stance.engines import Batch, Found, Tally, Work
    from stance.files import Input, Skipped


@dataclass(slots=True)
class Skips:
    """What was left out or changed on the way in: the first ones, which are named, and how many there were."""

    first: list[Skipped] = field(default_factory=list)
    n_all: int = 0

    def add(self, skipped: Skipped) -> None:
        """Keep one more, if there is room."""
        self.n_all += 1
        if len(self.first) < SHOWN_SKIPS:
            self.first.append(skipped)

    def add_batch(self, batch: Batch, found: Found) -> None:
        """Keep what was left out of a batch and what failed in it."""
        for one in (*batch.skipped, *failures_of(batch, found)):
            self.add(one)


def failures_of(batch: Batch, found: Found) -> list[Skipped]:
    """Return the articles of a batch that failed, as inputs that were left out."""
    from stance.engines.tally import FAILED
    from stance.files import Skipped

    return [
        Skipped(f"{batch.places[one.place].input}, article {one.article_id}", f"{FAILED}: {one.exception}: {one.reason}")
        for one in found.failures
    ]


@dataclass(frozen=True, slots=True)
class Words:
    """What a command says: the title of its progress bar, what its rows are called, what is left undone without articles."""

    title: str
    rows: str
    undone: str
    withholds: bool = False  # whether labels may be withheld, so that the closing line counts them


def run_over(
    paths: Sequence[Input],
    work: Work,
    to: Destination,
    words: Words,
    *,
    reading: Mapping[str, Any],
    jobs: int,
    quiet: bool,
) -> None:
    """Work through the articles of some files, write what is found as it is found, and sum up on standard error.

    ``reading`` goes to ``read_articles``.

    Exits with status 1, nothing written, where no article could be read.
    """
    from stance import engines

    tally, skips = engines.Tally(), Skips()
    take: Taker | None = None
    try:
        with writing(work.columns, to) as take:
            with progress(words.title, quiet=quiet) as advance:
                for batch, found in engines.work_through(engines.read_batches(paths, **reading), work, jobs=jobs):
                    tally.count(batch, found)
                    skips.add_batch(batch, found)
                    if batch.articles:
                        take(found.rows)
                        advance(len(batch.articles))
            if not tally.articles:
                close(tally, skips, None, words, quiet=quiet)
    except KeyboardInterrupt:
        if take is not None and take.kept:
            typer.echo(f"stance: interrupted; {take.kept}.", err=True)
            raise typer.Exit(130) from None
        if to.output is None and tally.rows:  # rows that are out cannot be called back
            typer.echo(f"stance: interrupted; {tally.rows} {words.rows} of {tally.articles} articles were written.", err=True)
            raise typer.Exit(130) from None
        raise
    close(tally, skips, take.place, words, quiet=quiet)


def close(tally: Tally, skips: Skips, output: str | None, words: Words, *, quiet: bool) -> None:
    """Sum up on standard error; exit with status 1 where no article could be read."""
    if not quiet or not tally.articles:
        report_skipped(skips.first, skips.n_all)
    if not quiet:
        typer.echo(_summary(tally, output, words), err=True)
    if not tally.articles:
        typer.echo(f"stance: no article could be read; {words.undone}.", err=True)
        raise typer.Exit(1)


def _summary(tally: Tally, output: str | None, words: Words) -> str:
    line = f"{tally.articles} articles, {tally.rows} {words.rows}"
    if words.withholds:
        line += f" ({tally.abstained} abstained)"
    if tally.skipped:
        reasons = ", ".join(f"{count} {reason}" for reason, count in tally.skipped.most_common())
        line += f"; skipped {tally.skipped.total()}: {reasons}"
    return f"{line} -> {output}" if output else line
