"""A folder of parts: what is in it, and that a run taken up again ends as one that was never interrupted."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from stance.engines import Tally, Work
from stance.engines.parts import describe_run, run_parts
from stance.errors import EngineError, InputError
from stance.files.folders import PartsFolder

SNAIL = Path(__file__).parent / "snail.py"
Run = Callable[..., Tally]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def snail() -> Work:
    work: Work = runpy.run_path(str(SNAIL))["Snail"](0.0)
    return work


@pytest.fixture
def run(snail: Work, archive: Path) -> Run:
    """Work through the archive into a folder, as far as ``parts`` parts."""

    def run(
        folder: Path,
        *,
        parts: int | None = None,
        source: Path = archive,
        resume: bool = False,
        force: bool = False,
        changed: dict[str, Any] | None = None,
    ) -> Tally:
        settings = describe_run(
            snail, {"stance": "0.1.0", "abstain_below": None, "format": "parquet", "defuse": True, "part_articles": 40}
        )
        settings |= changed or {}
        with PartsFolder(folder, settings, [source]) as opened:
            opened.begin(resume=resume, force=force)
            return run_parts(opened, [source], snail, stop=lambda: len(opened.parts) == parts)

    return run


@pytest.fixture
def whole(run: Run, tmp_path: Path) -> dict[str, bytes]:
    run(tmp_path / "whole")
    return contents(tmp_path / "whole")


def test_parts_hold_the_rows_in_order_and_any_reader_of_parquet_reads_them(run: Run, tmp_path: Path) -> None:
    tally = run(tmp_path / "out")
    table = pd.read_parquet(tmp_path / "out")
    numbers = [int(name.removeprefix("ferry-")) for name in table["article_id"].drop_duplicates()]
    assert numbers == [number for number in range(300) if number % 50 != 49]
    assert (tally.articles, tally.rows) == (294, len(table))


def test_the_manifest_tells_what_each_part_holds(run: Run, archive: Path, tmp_path: Path) -> None:
    run(tmp_path / "out")
    settings, source, *parts, end = read_lines(tmp_path / "out" / "_run" / "manifest.jsonl")
    assert (settings["model"], settings["format"], settings["part_articles"]) == ("snail", "parquet", 40)
    assert (source["input"], source["bytes"]) == (str(archive), archive.stat().st_size)
    assert [part["first"] for part in parts] == [[str(archive), number] for number in range(0, 300, 40)]
    assert [part["read"] for part in parts] == [40] * 7 + [20]
    assert (end["finished"], end["parts"], end["articles"]) == (True, 8, 294)


def test_what_failed_is_listed_with_its_reason(run: Run, archive: Path, tmp_path: Path) -> None:
    tally = run(tmp_path / "out")
    failures = read_lines(tmp_path / "out" / "_run" / "failures.jsonl")
    assert len(failures) == tally.skipped.total() == 10
    assert failures[0] == {
        "article_id": "ferry-49",
        "input": str(archive),
        "reason": "a stumbling block",
        "exception": "ValueError",
    }
    assert failures[1]["input"] == f"{archive}:71"
    assert failures[1]["reason"].startswith("broken JSON")


@pytest.mark.parametrize("parts", [1, 4, 7, 8])
def test_a_run_that_was_stopped_goes_on_to_the_same_end(run: Run, whole: dict[str, bytes], tmp_path: Path, parts: int) -> None:
    run(tmp_path / "out", parts=parts)
    tally = run(tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == whole
    assert (tally.articles, tally.skipped.total()) == (294, 10)


def test_half_a_line_in_the_manifest_does_not_count(run: Run, whole: dict[str, bytes], tmp_path: Path) -> None:
    run(tmp_path / "out", parts=5)
    manifest = tmp_path / "out" / "_run" / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes()[:-30])
    run(tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == whole


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"short")])
def test_a_part_that_is_not_whole_is_made_again_with_all_after_it(
    run: Run, whole: dict[str, bytes], tmp_path: Path, spoil: Callable[[Path], Any]
) -> None:
    run(tmp_path / "out")
    spoil(tmp_path / "out" / "part-00003.parquet")
    run(tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == whole


def test_what_a_killed_process_left_behind_is_removed(run: Run, whole: dict[str, bytes], tmp_path: Path) -> None:
    run(tmp_path / "out", parts=2)
    for name in (".stance-abc.tmp", "_run/.stance-def.tmp", "part-00002.parquet"):
        (tmp_path / "out" / name).write_bytes(b"half")
    with (tmp_path / "out" / "_run" / "failures.jsonl").open("a") as handle:
        handle.write('{"of": "a part that was not finished"}\n{"of')
    run(tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == whole


def test_a_finished_run_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    first = run(tmp_path / "out")
    before = contents(tmp_path / "out")
    assert run(tmp_path / "out", resume=True) == first
    assert contents(tmp_path / "out") == before


def test_resuming_where_nothing_is_begins(run: Run, whole: dict[str, bytes], tmp_path: Path) -> None:
    run(tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == whole


def test_a_run_is_not_overwritten_unasked(run: Run, whole: dict[str, bytes], tmp_path: Path) -> None:
    run(tmp_path / "out", parts=1)
    with pytest.raises(InputError, match="holds a run of stance; go on with it by --resume, or begin anew with --force"):
        run(tmp_path / "out")
    run(tmp_path / "out", force=True)
    assert contents(tmp_path / "out") == whole


def test_parts_of_another_origin_are_not_overwritten_unasked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "part-00000.parquet").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"holds parts of a table \(part-00000.parquet …\); pass --force"):
        run(tmp_path)
    assert (tmp_path / "part-00000.parquet").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"model": "another"}, "was begun with model snail; now it is another"),
        ({"stance": "9.9"}, "was begun with stance .*; now it is 9.9"),
        ({"abstain_below": 0.5}, "was begun with abstain below none; now it is 0.5"),
        ({"part_articles": 7}, "was begun with part articles 40; now it is 7"),
    ],
)
def test_other_settings_are_refused(run: Run, tmp_path: Path, changed: dict[str, Any], says: str) -> None:
    run(tmp_path / "out", parts=1)
    with pytest.raises(EngineError, match=says):
        run(tmp_path / "out", resume=True, changed=changed)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: [*lines, lines[-1]], r"had \d+ bytes and has \d+"),
        (lambda lines: [lines[0].replace("ferry", "barge"), *lines[1:]], "the content of .* has changed"),
    ],
)
def test_another_input_is_refused(run: Run, archive: Path, tmp_path: Path, change: Callable[..., Any], says: str) -> None:
    (tmp_path / "in.jsonl").write_bytes(archive.read_bytes())
    run(tmp_path / "out", parts=1, source=tmp_path / "in.jsonl")
    lines = archive.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "in.jsonl").write_text("".join(change(lines)), encoding="utf-8")
    with pytest.raises(EngineError, match=says):
        run(tmp_path / "out", resume=True, source=tmp_path / "in.jsonl")


def test_an_input_of_another_name_is_refused(run: Run, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(archive.read_bytes())
    run(tmp_path / "out", parts=1)
    with pytest.raises(EngineError, match=r"in\.jsonl stands where .*archive\.jsonl stood"):
        run(tmp_path / "out", resume=True, source=tmp_path / "in.jsonl")


def test_two_runs_do_not_share_a_folder(run: Run, snail: Work, archive: Path, tmp_path: Path) -> None:
    with PartsFolder(tmp_path, {}, [archive]), pytest.raises(InputError, match="Another run is writing to"):
        run(tmp_path)


def test_a_damaged_manifest_is_told_of(run: Run, tmp_path: Path) -> None:
    run(tmp_path / "out", parts=1)
    (tmp_path / "out" / "_run" / "manifest.jsonl").write_text("\0\0\0\n", encoding="utf-8")
    with pytest.raises(EngineError, match="is damaged; begin anew with --force"):
        run(tmp_path / "out", resume=True)


def test_a_file_is_no_folder(run: Run, archive: Path) -> None:
    with pytest.raises(InputError, match="cannot be made"):
        run(archive)
