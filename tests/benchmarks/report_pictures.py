"""Takes the pictures of the pages in docs/report/: python tests/benchmarks/report_pictures.py [FOLDER]

Needs the extra `browser` and Debian's Chromium; takes two minutes. A model is trained on the training part of data/annotations/
and reported on with its test part; the summary and the network are of what the shipped model says of all its articles.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright
from typer.testing import CliRunner

from stance.cli import app
from stance.files import read_statements, read_table
from stance.report.graphs import draw_network
from stance.report.network import summarize_networks

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data" / "annotations"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]


def run(*arguments: object) -> None:
    """Run a command of stance and print what it says."""
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    print(f"$ stance {' '.join(map(str, arguments))}\n{done.output}")
    if done.exit_code:
        raise SystemExit(done.exit_code)


def make_pages(folder: Path) -> None:
    """Write report.html, summary.html and statements.jsonl into a folder."""
    split = dict(read_table(DATA / "splits.csv")[["article_id", "split"]].itertuples(index=False, name=None))
    rows = [json.loads(line) for line in (DATA / "statements.jsonl").read_text(encoding="utf-8").splitlines()]
    for part in ("train", "test"):
        own = [{**row, "split": part} for row in rows if split[row["article_id"]] == part]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in own)
        (folder / f"{part}.jsonl").write_text(text, encoding="utf-8")
    articles = ("--articles", DATA / "articles.jsonl")
    model, statements = folder / "mine.joblib", folder / "statements.jsonl"
    run("train", folder / "train.jsonl", *articles, "-o", model, "--quiet")
    written = ("--json", folder / "report.json", "--markdown", folder / "report.md", "--tables", folder / "figures")
    run(
        *("report", folder / "test.jsonl", *articles, "--model", model, "-o", folder / "report.html"),
        *(*written, "--abstain-below", 0.6),
    )
    run("label", DATA / "articles.jsonl", "-o", statements)
    run("summary", statements, "-o", folder / "summary.html", "--tables", folder / "tables")
    run("network", statements, "-o", folder / "network.graphml", "--issue", "sanctions", "--least", 12)


def save(picture: Image.Image, path: Path) -> None:
    """Write a picture with few colours, which is a small one."""
    picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {picture.width} x {picture.height}, {path.stat().st_size // 1000} kB")


def main(folder: Path, pages: Path) -> None:
    """Write all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    make_pages(pages)
    views: list[tuple[str, str, Mapping[str, Any]]] = [
        ("report.png", "report.html", {"viewport": {"width": 1180, "height": 1330}}),
        ("summary.png", "summary.html", {"viewport": {"width": 1180, "height": 1240}}),
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, address, settings in views:
            page = browser.new_page(**settings)
            page.goto((pages / address).as_uri())
            page.wait_for_timeout(300)
            save(Image.open(io.BytesIO(page.screenshot())), folder / name)
            page.close()
        browser.close()
    table = read_statements(pages / "statements.jsonl")
    [network] = summarize_networks(table[table["issue"] == "sanctions"], least=12)
    save(Image.open(io.BytesIO(draw_network(network).png)), folder / "network.png")


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "report"
    with tempfile.TemporaryDirectory() as temporary:
        main(given, Path(temporary))
