"""Who may import whom, who may print, and what no module may be called."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import stance

ROOT = Path(__file__).resolve().parent.parent
MODULES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "stance").rglob("*.py"))
}
STAGES = (
    "text",
    "phrases",
    "actors",
    "quotes",
    "speakers",
    "targets",
    "features",
    "model",
    "evaluation",
    "pipeline",
    "explanation",
    "evidence",
    "training",
)


def calls(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def imports(tree: ast.AST) -> set[str]:
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def stage_modules() -> dict[str, ast.Module]:
    return {name: tree for name, tree in MODULES.items() if Path(name).parts[1].removesuffix(".py") in STAGES}


def test_there_are_modules_to_check() -> None:
    assert {"stance/cli/__init__.py", "stance/pipeline.py", "stance/files/__init__.py"} <= set(MODULES)
    assert len(stage_modules()) >= len(STAGES)


@pytest.mark.slow
def test_the_import_contracts_hold() -> None:
    pytest.importorskip("importlinter", reason="import-linter is not installed")
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_there_are_import_contracts() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert settings["root_package"] == "stance"
    assert len(settings["contracts"]) >= 3


@pytest.mark.parametrize("name", ["utils", "util", "helpers", "helper", "common", "misc", "core"])
def test_no_module_is_a_grab_bag(name: str) -> None:
    named = [path for path in MODULES if name in (Path(path).stem.strip("_"), *Path(path).parent.parts)]
    assert named == []


def test_only_the_command_line_prints_and_exits() -> None:
    forbidden = {"print", "exit", "quit", "sys.exit", "os._exit", "sys.stdout.write", "sys.stderr.write"}
    assert {
        name: found for name, tree in MODULES.items() if not name.startswith("stance/cli/") and (found := calls(tree) & forbidden)
    } == {}


def test_only_the_command_line_imports_typer_and_rich() -> None:
    screens = {"typer", "rich", "click"}
    found = {name for name, tree in MODULES.items() if {module.split(".")[0] for module in imports(tree)} & screens}
    assert found
    assert {name for name in found if not name.startswith("stance/cli/")} == set()


def test_nothing_inside_imports_public_names_from_the_package_root() -> None:
    assert {
        (name, alias.name)
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "stance"
        for alias in node.names
        if alias.name in stance.__all__ and alias.name != "__version__"
    } == set()


def test_imports_are_absolute() -> None:
    relative = {
        name for name, tree in MODULES.items() for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level
    }
    assert relative == set()


def test_no_stage_reads_the_clock_the_environment_or_the_network() -> None:
    outside = {"os", "time", "datetime", "random", "socket", "urllib", "requests", "http", "subprocess"}
    found = {
        name: bad
        for name, tree in stage_modules().items()
        if (bad := {module.split(".")[0] for module in imports(tree)} & outside)
    }
    assert found == {}


def test_only_files_opens_files() -> None:
    """Word lists and tables inside the package are read through importlib.resources by whoever needs them."""
    opening = {"open", "io.open", "os.open", "joblib.load", "pickle.load", "pd.read_csv", "pd.read_json", "pd.read_parquet"}
    found = {
        name: bad for name, tree in MODULES.items() if not name.startswith("stance/files/") and (bad := calls(tree) & opening)
    }
    assert found == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [name for name, tree in MODULES.items() if not ast.get_docstring(tree)] == []
