"""Runs a stage as the options of a command ask: to a file, to a folder of parts, on a cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from stance.cli import options
from stance.cli.articles import Skips, Words, close, run_over
from stance.cli.folders import DEFAULT_FORMAT, HOW_TO_GO_ON, is_folder, run_into_folder
from stance.cli.tables import Destination
from stance.cli.terminal import progress, require_choice

if TYPE_CHECKING:
    from stance.engines import Work
    from stance.files import Input


@dataclass(frozen=True, slots=True)
class How:
    """How a command is to run: ``reading`` goes to ``read_articles``; None stands for what the engine does by default."""

    reading: Mapping[str, Any]
    engine: str = "local"
    scheduler: str | None = None
    jobs: int | None = None
    resume: bool = False
    part_articles: int | None = None
    quiet: bool = False


def check_run(how: How, to: Destination, columns: tuple[str, ...]) -> None:
    """Require that a run can write where it should and that its options fit each other, before any work is done."""
    require_choice("--engine", [how.engine], ("local", "dask"))
    on_dask, to_folder = how.engine == "dask", _is_to_folder(how, to.output)
    _forbid(not to_folder, "only a folder of parts has a use for it; end OUT in / to make it one.", _of_folders(how, to))
    _forbid(not on_dask, "only --engine dask has a use for it.", {"--scheduler": how.scheduler})
    unfit = {"--duplicates": how.reading["duplicates"] != "keep", "--part-articles": how.part_articles, "--show": to.show}
    _forbid(on_dask, "not with --engine dask, which reads and writes in many places at once.", unfit)
    options.check(None if to_folder else to.output, to.format, columns, force=to.force, table=to.table)


def _of_folders(how: How, to: Destination) -> dict[str, Any]:
    engine = {"--engine dask": True} if how.engine == "dask" and to.output is None else {}
    return {"--resume": how.resume, "--part-articles": how.part_articles, **engine}


def _forbid(when: bool, why: str, given: Mapping[str, Any]) -> None:
    for option, value in given.items():
        if when and value:
            raise typer.BadParameter(why, param_hint=option)


def _is_to_folder(how: How, output: str | None) -> bool:
    return output is not None and (how.engine == "dask" or is_folder(output))


def run(inputs: list[str], work: Work, to: Destination, words: Words, how: How, *, paths: Sequence[Input] | None = None) -> None:
    """Work through the articles that the inputs name (``paths``, where they have been found already), and sum up.

    Exits with status 1 where no article could be read, 130 when stopped by Ctrl-C on the way into a folder.
    """
    from stance import files

    if how.engine == "dask":
        _run_on_dask(inputs, work, to, words, how)
        return
    paths, jobs = paths or files.find_inputs(inputs), how.jobs or 1
    if _is_to_folder(how, to.output):
        n_articles = how.part_articles
        run_into_folder(
            paths, work, to, words, reading=how.reading, part_articles=n_articles, jobs=jobs, resume=how.resume, quiet=how.quiet
        )
    else:
        run_over(paths, work, to, words, reading=how.reading, jobs=jobs, quiet=how.quiet)


def _run_on_dask(inputs: list[str], work: Work, to: Destination, words: Words, how: How) -> None:
    from stance import __version__
    from stance.engines.dask import run_on_dask
    from stance.engines.parts import describe_run

    options_of_run = {"columns": how.reading["columns"], "format": to.format or DEFAULT_FORMAT, "defuse": to.defuse}
    settings = {"stance": __version__, **describe_run(work, options_of_run)}
    output = str(to.output)
    try:
        with progress(words.title, quiet=how.quiet) as advance:
            tally = run_on_dask(
                inputs,
                work,
                output,
                settings,
                scheduler=how.scheduler,
                jobs=how.jobs,
                columns=how.reading["columns"],
                resume=how.resume,
                force=to.force,
                watch=advance,
            )
    except KeyboardInterrupt:
        typer.echo(f"stance: interrupted; what is done is kept in {output}. {HOW_TO_GO_ON}", err=True)
        raise typer.Exit(130) from None
    listed = f"; failures in {output.rstrip('/')}/_run/" if tally.skipped else ""
    close(tally, Skips(), f"{output}{listed}", words, quiet=how.quiet)
