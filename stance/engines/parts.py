"""Works through articles into a folder of parts, and takes such a run up where it broke off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from typing import Any

from stance.engines.batches import Batch, Place, read_batches
from stance.engines.local import work_through
from stance.engines.tally import Tally
from stance.engines.work import Found, Work
from stance.errors import EngineError, StanceError
from stance.files import FileWriter, Input
from stance.files.folders import PartsFolder
from stance.files.manifests import find_code_version

# Articles of a part: where every article matters, a part is done in a minute, and that is what a crash costs; of 100 million
# articles there are 20,000 parts.
PART_ARTICLES = 5000
Watch = Callable[[Batch, Found], None]


def describe_run(work: Work, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that decides what a folder of parts holds, its inputs apart: code, model, options of reading and writing."""
    return {"code_version": find_code_version(), **work.settings, **options}


def run_parts(
    parts: PartsFolder,
    paths: Sequence[Input],
    work: Work,
    *,
    jobs: int = 1,
    watch: Watch = lambda _batch, _found: None,
    stop: Callable[[], bool] = lambda: False,
    **reading: Any,
) -> Tally:
    """Write what is found in the articles of some files as parts into an open folder, from its last whole part on.

    ``watch`` hears of each batch. ``stop`` is asked after each part whether to leave it at that; ``parts.finished`` tells
    whether all is done. ``reading`` goes to ``read_articles``. Returns the tally of all parts, those of earlier runs included.

    Raises
    ------
    EngineError
        If a part cannot be written or a worker dies; the parts that are whole stay.
    """
    tally = Tally()
    if parts.finished:
        tally.add(parts.finished)
        return tally
    for told in parts.parts:
        tally.add(told)
    done = sum(told["read"] for told in parts.parts)
    try:
        batches = read_batches(paths, part_articles=parts.settings["part_articles"], done=done, **reading)
        with closing(work_through(batches, work, jobs=jobs)) as all_found:
            for part in _write_parts(parts, all_found, work, watch):
                tally.add(part.as_counts())
                if stop():
                    return tally
    except StanceError as error:
        msg = f"{error} {_say_kept(len(parts.parts))}; the same command with --resume goes on from there."
        raise EngineError(msg) from error
    parts.finish(tally.as_counts())
    return tally


def _write_parts(parts: PartsFolder, all_found: Iterable[tuple[Batch, Found]], work: Work, watch: Watch) -> Iterator[Tally]:
    """Yield the tally of each part as it is written; at last of what was left out after all articles."""
    tally = Tally()
    places: list[Place] = []
    with ExitStack() as stack:  # closing it puts the part in its place, an exception drops what is half-written
        for batch, found in all_found:
            tally.count(batch, found)
            parts.add_failures(_failures(batch, found))
            watch(batch, found)
            if batch.articles:
                if not places:
                    writer = stack.enter_context(_open_part(parts, work))
                writer.write(found.rows)
                places += batch.places
            if batch.ends_part:
                stack.close()
                parts.add_part(_describe(tally, places))
                yield tally
                tally, places = Tally(), []
        stack.close()
        if places:
            parts.add_part(_describe(tally, places))
    yield tally


def _open_part(parts: PartsFolder, work: Work) -> FileWriter:
    return FileWriter(parts.next_part, work.columns, parts.settings["format"], defuse=parts.settings["defuse"])


def _describe(tally: Tally, places: Sequence[Place]) -> dict[str, Any]:
    return {**tally.as_counts(), "read": len(places), "first": places[0], "last": places[-1]}


def _say_kept(n_parts: int) -> str:
    return {0: "No part was whole yet", 1: "One whole part is kept"}.get(n_parts, f"{n_parts} whole parts are kept")


def _failures(batch: Batch, found: Found) -> Iterator[Mapping[str, Any]]:
    for skipped in batch.skipped:
        if not skipped.kept:
            yield {"article_id": None, "input": skipped.source, "reason": skipped.reason, "exception": None}
    for failure in found.failures:
        yield {
            "article_id": failure.article_id,
            "input": batch.places[failure.place].input,
            "reason": failure.reason,
            "exception": failure.exception,
        }
