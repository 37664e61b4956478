"""Which names stance takes for which kinds of input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from stance.files.inputs import Url, find_inputs, kind_of_name, stem_of


@pytest.mark.parametrize(
    ("name", "kind", "stem"),
    [
        ("a.txt", "text", "a"),
        ("a.b.TXT", "text", "a.b"),
        ("news.jsonl.gz", "jsonl", "news"),
        ("news.csv.zst", "csv", "news"),
        ("page.HTM", "page", "page"),
        ("page.html.gz", "page", "page"),
        ("CC-NEWS-20240305.warc.gz", "warc", "CC-NEWS-20240305"),
        ("part-0.snappy.parquet", "parquet", "part-0.snappy"),
        ("a.zip", "zip", "a"),
        ("a.docx", "word", "a"),
        ("a.parquet.gz", None, "a"),
        ("a.zip.gz", None, "a"),
        ("a.gz", None, "a"),
        ("a.md", None, "a"),
    ],
)
def test_a_suffix_tells_the_kind(name: str, kind: str | None, stem: str) -> None:
    assert (kind_of_name(PurePosixPath(name)), stem_of(PurePosixPath(name))) == (kind, stem)


def test_an_address_is_a_page_and_keeps_every_slash() -> None:
    assert find_inputs(["https://news.test//a/?x=//b/", "http://news.test"]) == [
        Url("https://news.test//a/?x=//b/"),
        Url("http://news.test"),
    ]


def test_an_address_given_twice_is_read_once() -> None:
    assert find_inputs(["https://news.test/a", "https://news.test/a"]) == [Url("https://news.test/a")]


def test_a_folder_is_searched_for_every_kind(save: Callable[..., Path], tmp_path: Path) -> None:
    names = ["a.docx", "b.html", "c/d.warc.gz", "c/e.jsonl.zst", "f.zip"]
    for name in [*names, "g.md", "h.gz", ".i.html"]:
        save(name, "x")
    assert [str(path.relative_to(tmp_path)) for path in find_inputs([str(tmp_path)]) if isinstance(path, Path)] == names


def test_a_file_under_several_names_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Talks on.", encoding="utf-8")
    (tmp_path / "in" / "b.txt").symlink_to(tmp_path / "in" / "a.txt")
    (tmp_path / "copy").symlink_to(tmp_path / "in")
    monkeypatch.chdir(tmp_path / "in")
    assert find_inputs([str(tmp_path / "in"), str(tmp_path / "copy"), "a.txt", "../in/a.txt"]) == [tmp_path / "in" / "a.txt"]
