"""A model file is read only as the file that its card describes, made by the scikit-learn that is installed."""

from __future__ import annotations

import json
import os
import pickle
import sys
import tomllib
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import sklearn

import stance
from stance.errors import ModelError
from stance.files import models
from stance.files.models import card_of, default_model, read_model
from stance.model import StanceClassifier
from stance.model.storage import pack_model

ROOT = Path(__file__).resolve().parent.parent
MINOR = ".".join(sklearn.__version__.split(".")[:2])


@pytest.fixture
def mine(tmp_path: Path, small_model: StanceClassifier, save_model: Callable[..., Path]) -> Path:
    return save_model(tmp_path / "mine.joblib", small_model, "mine-1")


@pytest.fixture
def never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def unpack(_: bytes) -> None:
        pytest.fail("The file was unpacked before it was checked.")

    monkeypatch.setattr("stance.model.storage.unpack_model", unpack)


def test_a_model_with_its_card_is_read(mine: Path) -> None:
    model, name = read_model(mine)
    assert name == "mine-1"
    assert list(model.classes_) == ["neutral", "oppose", "support"]


def test_both_may_be_renamed(mine: Path) -> None:
    moved = mine.with_name("another.v2.joblib")
    mine.rename(moved)
    card_of(mine).rename(card_of(moved))
    assert read_model(moved)[1] == "mine-1"


@pytest.mark.usefixtures("never_unpacked")
def test_one_altered_byte_is_noticed_before_anything_is_unpacked(mine: Path) -> None:
    data = bytearray(mine.read_bytes())
    data[len(data) // 2] ^= 1
    mine.write_bytes(data)
    with pytest.raises(ModelError, match=r"not the file that mine\.card\.json describes.*altered.*stance train .*mine\.joblib"):
        read_model(mine)


@pytest.mark.usefixtures("never_unpacked")
@pytest.mark.parametrize("keep", [0, 1, 0.5])
def test_a_truncated_file_is_noticed(mine: Path, keep: float) -> None:
    data = mine.read_bytes()
    mine.write_bytes(data[: int(len(data) * keep)] if keep < 1 else data[:-1])
    with pytest.raises(ModelError, match="altered or damaged"):
        read_model(mine)


@pytest.mark.usefixtures("never_unpacked")
def test_a_model_without_a_card_is_of_unknown_origin(mine: Path) -> None:
    card_of(mine).unlink()
    with pytest.raises(
        ModelError, match=r"no card.*origin is unknown.*Put mine\.card\.json.*beside it; or make it again with 'stance train"
    ):
        read_model(mine)


@pytest.mark.usefixtures("never_unpacked")
@pytest.mark.parametrize("content", ["", "{", "no card", "[" * 100_000])
def test_a_card_that_is_not_json_is_said_so(mine: Path, content: str) -> None:
    card_of(mine).write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"card .*mine\.card\.json is not JSON.*stance train"):
        read_model(mine)


@pytest.mark.usefixtures("never_unpacked")
@pytest.mark.parametrize("card", [None, [], "mine", {}, {"file": {}}, {"file": "mine"}, {"file": {"sha256": "0"}}])
def test_a_card_that_lacks_what_is_asked_of_it_is_said_so(mine: Path, card: object) -> None:
    card_of(mine).write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match=r"does not tell .*file\.sha256.*versions\.scikit-learn.*stance train"):
        read_model(mine)


@pytest.mark.usefixtures("never_unpacked")
@pytest.mark.parametrize("version", ["1.2.0", "0.24.2", f"{MINOR}9.0", "unknown", ""])
def test_a_model_of_another_minor_version_is_not_unpacked(
    mine: Path, small_model: StanceClassifier, write_with_card: Callable[..., None], version: str
) -> None:
    write_with_card(mine, pack_model(small_model, "mine"), version)
    with pytest.raises(ModelError, match=rf"made with scikit-learn {version}, and {sklearn.__version__} is.*stance train ANN"):
        read_model(mine)


def test_another_patch_version_will_do(mine: Path, small_model: StanceClassifier, write_with_card: Callable[..., None]) -> None:
    write_with_card(mine, pack_model(small_model, "mine"), f"{MINOR}.99")
    assert read_model(mine)[1] == "mine"


def test_code_in_a_pickle_never_runs_even_with_a_card_that_fits(
    mine: Path, write_with_card: Callable[..., None], tmp_path: Path
) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"\"{sys.executable}\" -c \"open('{tmp_path.as_posix()}/ran', 'w')\"",)

    write_with_card(mine, zlib.compress(pickle.dumps(Trap())))
    with pytest.raises(ModelError, match=r"asks for (posix|nt)\.system.*Don't use this file"):
        read_model(mine)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("data", [b"", b"no model", zlib.compress(b"no pickle"), zlib.compress(pickle.dumps({"format": 1}))])
def test_a_file_that_is_no_model_is_refused_even_with_a_card_that_fits(
    mine: Path, write_with_card: Callable[..., None], data: bytes
) -> None:
    write_with_card(mine, data)
    with pytest.raises(ModelError, match="stance train"):
        read_model(mine)


@pytest.mark.usefixtures("never_unpacked")
def test_a_file_larger_than_any_model_is_not_read_whole(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_MAX_BYTES", 2**10)
    with pytest.raises(ModelError, match="larger than"):
        read_model(mine)


def test_a_file_that_may_not_be_read_is_said_so(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ModelError, match="cannot be read: Permission denied"):
        read_model(mine)


# The model that comes with the package


def test_the_shipped_card_fits_the_shipped_model() -> None:
    assert read_model()[1] == json.loads(card_of(default_model()).read_text(encoding="utf-8"))["name"]


def test_the_shipped_model_says_which_scikit_learn_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stance.files.models.version", lambda _: "2.7.1")
    with pytest.raises(ModelError, match=rf"2\.7\.1 is installed.*pip install 'scikit-learn=={MINOR}\.\*'.*make model"):
        stance.load_model()


def test_the_package_asks_for_the_minor_version_that_made_the_shipped_model() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    card = json.loads((ROOT / "models" / "default.card.json").read_text(encoding="utf-8"))
    major, minor = map(int, card["versions"]["scikit-learn"].split(".")[:2])
    assert f"scikit-learn>={major}.{minor},<{major}.{minor + 1}" in project["project"]["dependencies"]


def test_the_wheel_holds_the_card_beside_the_model() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    packed = wheel["force-include"]
    assert {packed[f"models/{name}"] for name in ("default.joblib", "default.card.json")} == {
        "stance/models/default.joblib",
        "stance/models/default.card.json",
    }
