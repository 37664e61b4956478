"""A store keeps files in a folder here and in memory alike."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from stance.errors import InputError
from stance.files.stores import Store, is_local

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (pip install 'stance[dask]')")


@pytest.fixture(params=["here", "file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    fsspec.filesystem("memory").store.clear()
    return Store({"here": f"{tmp_path}/out/", "file": f"file://{tmp_path}/out", "memory": "memory://bucket/out"}[request.param])


def test_what_is_written_is_read(store: Store) -> None:
    store.write("_run/a", b"first")
    store.write("_run/a", b"second")
    assert (store.read("_run/a"), store.read("_run/b")) == (b"second", None)


def test_files_are_found_by_their_names(store: Store) -> None:
    assert store.find() == set()
    for name in ("a", "_run/b", "_run/staging/c"):
        store.write(name, b"")
    assert (store.find(), store.find("_run/staging")) == ({"a", "_run/b", "_run/staging/c"}, {"_run/staging/c"})


def test_files_and_folders_are_removed(store: Store) -> None:
    for name in ("a", "b", "_run/staging/c"):
        store.write(name, b"")
    store.remove({"a", "gone"})
    store.remove_folder("_run/staging")
    store.remove_folder("_run/staging")
    assert store.find() == {"b"}


def test_a_store_can_be_sent_to_another_process(store: Store) -> None:
    pickle.loads(pickle.dumps(store)).write("a", b"there")
    assert store.read("a") == b"there"


def test_what_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="could not be written"):
        Store(f"{tmp_path}/file").write("a", b"")


@pytest.mark.parametrize(("place", "local"), [("out/", True), ("file:///out", True), ("s3://bucket/out", False)])
def test_places_here_are_told_from_those_elsewhere(place: str, local: bool) -> None:
    assert is_local(place) is local
