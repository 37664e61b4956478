"""The base that a model is trained again with."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from stance.errors import InputError
from stance.files.base import default_base, read_base
from stance.training.merging import is_held_out

ROOT = Path(__file__).resolve().parents[2]
SENTENCE = "The minister rejected the embargo."
TEXT = f"It had rained on the harbour all day. {SENTENCE} Nobody in the hall was surprised at that."


def write_base(folder: Path, *, splits: str | None) -> Path:
    start = TEXT.index(SENTENCE)
    rows = [
        {"article_id": f"n-{i}", "start": start, "end": start + len(SENTENCE), "speaker": "", "issue": "sanctions"}
        | {"sentence": SENTENCE, "stance": "oppose"}
        for i in range(8)
    ]
    (folder / "annotations").mkdir()
    (folder / "annotations/statements.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    articles = "".join(json.dumps({"id": f"n-{i}", "text": TEXT}) + "\n" for i in range(8))
    (folder / "annotations/articles.jsonl").write_text(articles, encoding="utf-8")
    if splits is not None:
        (folder / "annotations/splits.csv").write_text(splits, encoding="utf-8")
    return folder


def test_a_base_has_its_context_its_ids_and_its_test_articles(tmp_path: Path) -> None:
    base = read_base(write_base(tmp_path, splits="article_id,split\nn-0,train\nn-1,test\n"))
    assert base.test_articles == {"n-1"}
    assert base.counts is None
    assert set(base.table["context"]) == {"It had rained on the harbour all day. "}
    assert base.table["statement_id"].nunique() == 8


def test_without_splits_the_held_out_articles_are_told_by_their_ids(tmp_path: Path) -> None:
    base = read_base(write_base(tmp_path, splits=None))
    assert base.test_articles == {f"n-{i}" for i in range(8) if is_held_out(f"n-{i}")}


def test_a_folder_that_is_no_base_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"lacks annotations/statements\.jsonl and annotations/articles\.jsonl"):
        read_base(tmp_path)
    with pytest.raises(InputError, match="no column 'split'"):
        read_base(write_base(tmp_path, splits="article_id,part\nn-0,train\n"))


def test_the_base_that_comes_along_is_there() -> None:
    assert (default_base() / "annotations" / "splits.csv").is_file()
    assert (default_base() / "counted_news" / "counts.npz").is_file()


def test_the_wheel_holds_the_base() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    packed = {place: name for name, place in wheel["force-include"].items() if place.startswith("stance/base/")}
    for place, name in packed.items():
        assert (ROOT / name).resolve() == default_base() / place.removeprefix("stance/base/")
    assert set(packed) == {
        *(f"stance/base/annotations/{name}" for name in ("statements.jsonl", "articles.jsonl", "splits.csv")),
        "stance/base/counted_news",
    }
