"""Writers take rows batch by batch; the file is there whole, or not at all."""

from __future__ import annotations

import gc
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import InputError
from stance.files import StreamWriter, encoders, open_writer, read_statements, write_stream, write_table
from stance.records import ATTRIBUTION_COLUMNS, STATEMENT_COLUMNS

FORMATS = ("csv", "jsonl", "parquet")


def row(number: int) -> dict[str, Any]:
    cells = {name: f"{name} {number}" for name in STATEMENT_COLUMNS}
    return cells | {
        "start": number,
        "end": number + 9,
        "sender": ["NOR", "EU"],
        "recipient": [],
        "location": [],
        "flags": [],
        "speaker_actor": None,
        "sentence": "A line\rbroken, with “marks”",
        "p_support": 0.5,
        "p_oppose": 0.25,
        "p_neutral": 0.25,
    }


def write_and_fail(path: Path, error: type[BaseException]) -> None:
    with open_writer(path, STATEMENT_COLUMNS, force=True) as writer:
        writer.write(ROWS)
        raise error


ROWS = [row(number) for number in range(5)]
BATCHES = (ROWS[:2], [], ROWS[2:])


@pytest.mark.parametrize("suffix", FORMATS)
def test_batches_make_the_file_that_the_whole_table_makes(suffix: str, tmp_path: Path) -> None:
    with open_writer(tmp_path / f"a.{suffix}", STATEMENT_COLUMNS) as writer:
        for batch in BATCHES:
            writer.write(batch)
    write_table(pd.DataFrame(ROWS, columns=list(STATEMENT_COLUMNS)), tmp_path / f"b.{suffix}")
    assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", FORMATS)
def test_batches_in_a_stream_make_what_the_whole_table_makes(suffix: str) -> None:
    batched, whole = io.BytesIO(), io.BytesIO()
    with StreamWriter(batched, STATEMENT_COLUMNS, suffix) as writer:
        for batch in BATCHES:
            writer.write(batch)
    write_stream(pd.DataFrame(ROWS, columns=list(STATEMENT_COLUMNS)), whole, suffix)
    assert batched.getvalue() == whole.getvalue()


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("columns", [STATEMENT_COLUMNS, ATTRIBUTION_COLUMNS])
def test_no_rows_make_an_empty_table(suffix: str, columns: tuple[str, ...], tmp_path: Path) -> None:
    with open_writer(tmp_path / f"a.{suffix}", columns):
        pass
    assert len(read_statements(tmp_path / f"a.{suffix}")) == 0


def test_rows_of_a_stream_go_out_with_each_batch() -> None:
    stream = io.BytesIO()
    with StreamWriter(stream, STATEMENT_COLUMNS, "jsonl") as writer:
        writer.write(ROWS[:1])
        assert stream.getvalue().count(b"\n") == 1


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_error_leaves_nothing_behind(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_and_fail(tmp_path / f"a.{suffix}", KeyboardInterrupt)
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_an_error_keeps_the_file_that_was_there(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("before")
    with pytest.raises(ZeroDivisionError):
        write_and_fail(tmp_path / "a.csv", ZeroDivisionError)
    assert (tmp_path / "a.csv").read_text() == "before"


def test_a_file_appears_when_the_writer_closes(tmp_path: Path) -> None:
    with open_writer(tmp_path / "a.csv", STATEMENT_COLUMNS) as writer:
        writer.write(ROWS)
        assert not (tmp_path / "a.csv").exists()
        writer.close()
        assert (tmp_path / "a.csv").exists()


def test_a_closed_writer_takes_no_more_rows(tmp_path: Path) -> None:
    with open_writer(tmp_path / "a.csv", STATEMENT_COLUMNS) as writer:
        writer.close()
        with pytest.raises(ValueError, match="not open"):
            writer.write(ROWS)


def test_values_that_a_format_cannot_hold_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="semicolon"), open_writer(tmp_path / "a.csv", STATEMENT_COLUMNS) as writer:
        writer.write([{**row(1), "sender": ["US;EU"]}])
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_an_input_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", lambda *_args, **_kwargs: Full())
    with pytest.raises(InputError, match="No space left"), open_writer(tmp_path / "a.jsonl", STATEMENT_COLUMNS) as writer:
        writer.write(ROWS)


def test_long_tables_come_in_groups(tmp_path: Path) -> None:
    from pyarrow import parquet

    with open_writer(tmp_path / "a.parquet", STATEMENT_COLUMNS) as writer:
        for _ in range(40):
            writer.write(ROWS * 100)
    stored = parquet.ParquetFile(tmp_path / "a.parquet")
    assert (stored.metadata.num_rows, stored.metadata.num_row_groups) == (20_000, 2)


def test_parquet_does_not_depend_on_the_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "_GROUP_ROWS", 500)
    rows = [row(number) for number in range(1800)]
    for name, size in (("a", 1800), ("b", 701), ("c", 3)):
        with open_writer(tmp_path / f"{name}.parquet", STATEMENT_COLUMNS) as writer:
            for start in range(0, len(rows), size):
                writer.write(rows[start : start + size])
    assert len({(tmp_path / f"{name}.parquet").read_bytes() for name in "abc"}) == 1


CELLS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(["", "a", "é", "a\x00b", "half \ud83d"])),
    lambda cells: st.lists(cells, max_size=3),
    max_leaves=4,
)


@given(st.lists(CELLS, max_size=5) | st.lists(st.floats(), max_size=5) | st.lists(st.text(), max_size=5))
def test_a_column_looked_at_as_a_whole_is_the_one_of_its_cells(values: list[Any]) -> None:
    assert repr(encoders.plain_values(values, "of_mine")) == repr([encoders.as_plain(value) for value in values])
