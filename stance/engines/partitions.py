"""Works through one partition of the input, on whatever machine; doing it twice changes nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Any

from stance.engines.tally import FAILED, Tally, shorten
from stance.engines.work import Work, collect_seldom
from stance.errors import EngineError
from stance.files.articles import why_not
from stance.files.encoders import open_encoder, plain_columns
from stance.files.folders import RUN_FOLDER
from stance.files.ids import hash_text
from stance.files.manifests import find_code_version
from stance.files.partitions import Partition, read_partition
from stance.files.sources import Found
from stance.files.staging import read_staged, read_told, write_staged, write_told
from stance.files.stores import Store
from stance.pipeline import statement_id
from stance.records import ABSTAINED, Article

_ARTICLES_AT_ONCE = 256
_version = cache(find_code_version)


def work_on(number: int, partition: Partition, work: Work, store: Store, columns: Mapping[str, str], code: str) -> dict[str, Any]:
    """Work through a partition unless that is done, and return what is told of its articles.

    Which id an article gets depends on all others, so rows are kept under the article's place in the partition; ``finish_part``
    gives them their ids. ``told`` has the ``articles`` (id, hash of the text, place in the input), what was ``skipped``
    (place, reason, how many inputs), and the ``failures`` (place in the partition, reason, exception).

    Raises
    ------
    EngineError
        If this machine has another version of stance.
    """
    if _version() != code:
        msg = f"A worker has another version of stance ({_version()}, not {code}); install the same on all of them."
        raise EngineError(msg)
    collect_seldom()
    told = read_told(store, number)
    if told is None:
        told = {"articles": [], "skipped": [], "failures": []}
        write_staged(store, number, work.columns, _find_rows(partition, work, columns, told))
        write_told(store, number, told)
    return told


def _find_rows(
    partition: Partition, work: Work, columns: Mapping[str, str], told: dict[str, list[Any]]
) -> Iterator[list[dict[str, Any]]]:
    articles = _read(partition, columns, told)
    n_before = 0
    while some := list(islice(articles, _ARTICLES_AT_ONCE)):
        found = work(some)
        told["failures"] += [[n_before + one.place, one.reason, one.exception] for one in found.failures]
        n_before += len(some)
        yield found.rows


def _read(partition: Partition, columns: Mapping[str, str], told: dict[str, list[Any]]) -> Iterator[Article]:
    """Yield the articles of a partition, their places for ids; tell of them and of what was left out."""
    for found in read_partition(partition, columns):
        if isinstance(found, Found):
            reason = why_not(found.article)
            if reason is None:
                told["articles"].append([found.article.id, hash_text(found.article.text), found.source])
                yield replace(found.article, id=str(len(told["articles"]) - 1))
            else:
                told["skipped"].append([found.source, reason, 1])
        elif not getattr(found, "kept", False):
            told["skipped"].append([found.source, found.reason, getattr(found, "n_inputs", 1)])


def finish_part(
    number: int,
    settled: Sequence[tuple[str | None, str | None]],
    work: Work,
    store: Store,
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """Write the part of a partition and the list of what failed in it, and return its counts.

    ``settled`` has, for each article, the id it gets; or None and the reason why it is left out.
    """
    told = read_told(store, number) or {}
    ids = [article_id for article_id, _ in settled]
    tally = Tally(articles=len(ids) - ids.count(None))
    stream = io.BytesIO()
    encoder = open_encoder(options["format"], work.columns, stream, defuse=options["defuse"])
    for rows in read_staged(store, number):
        kept = [_rename(row, article_id) for row in rows if (article_id := ids[int(row["article_id"])]) is not None]
        encoder.write(plain_columns(kept, work.columns))
        tally.rows += len(kept)
        tally.abstained += sum(ABSTAINED in (row.get("flags") or ()) for row in kept)
    encoder.close()
    store.write(f"part-{number:05}.{options['format']}", stream.getvalue())
    failures = list(_describe_failures(told, settled, tally))
    if failures:
        lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in failures)
        store.write(f"{RUN_FOLDER}/failures-{number:05}.jsonl", lines.encode("utf-8", "replace"))
    return {**tally.as_counts(), "read": len(ids), "bytes": len(stream.getvalue())}


def _rename(row: dict[str, Any], article_id: str) -> dict[str, Any]:
    row["article_id"] = article_id
    if row.get("statement_id"):
        row["statement_id"] = statement_id(article_id, row["start"], row["end"], row["speaker"], row["issue"])
    return row


def _describe_failures(
    told: Mapping[str, Any], settled: Sequence[tuple[str | None, str | None]], tally: Tally
) -> Iterator[dict[str, Any]]:
    """Yield lines on what was left out of a partition, also for its id, and on what failed in it; count them."""
    left_out = [
        [source, reason, 1]
        for (_, _, source), (article_id, reason) in zip(told["articles"], settled, strict=True)
        if article_id is None
    ]
    for source, reason, n_inputs in (*told["skipped"], *left_out):
        tally.skipped[shorten(reason)] += n_inputs
        yield {"article_id": None, "input": source, "reason": reason, "exception": None}
    for place, reason, exception in told["failures"]:
        article_id, _ = settled[place]
        if article_id is not None:
            tally.skipped[FAILED] += 1
            tally.articles -= 1
            yield {"article_id": article_id, "input": told["articles"][place][2], "reason": reason, "exception": exception}
