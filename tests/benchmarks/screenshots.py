"""Takes the screenshots of the review page in docs/review/: python tests/benchmarks/screenshots.py [FOLDER]

Needs the extra `browser` and Debian's Chromium; the articles are the composed ones of data/articles/.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

import stance
from stance.files import find_inputs, read_articles
from stance.files.store import AnnotationStore
from stance.records import Decision

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]
SHOWN = "Escarilla"
TOLD = {"oslo-philippines-truce": ("Panel chief flies home with a truce that has no end date", "Estuary Post")}


def fill(folder: Path) -> tuple[Path, str]:
    """Make a store in which two annotators have decided the same statements, differently here and there."""
    articles = list(read_articles(find_inputs([str(ROOT / "data" / "articles")]), on_skip=print))
    named = {one.id: TOLD.get(one.id, (one.title, one.outlet)) for one in articles}
    articles = [replace(one, title=named[one.id][0], outlet=named[one.id][1]) for one in articles]
    table = stance.label(articles)
    store = AnnotationStore(folder / "annotations.db")
    store.add_statements(table)
    store.add_articles(articles)
    rows = table.to_dict("records")
    shown = next(row for row in rows if SHOWN in row["speaker"])
    for second, row in enumerate([row for row in rows if row is not shown][:24]):
        when = f"2026-03-02T09:{second // 6:02}:{second % 6 * 10:02}.000+00:00"
        label = "neutral" if second % 5 == 0 else row["stance"]
        store.decide([Decision(str(row["statement_id"]), "ana", "statement", label, decided_at=when)])
    one = str(shown["statement_id"])
    role = {"speaker_role": "head of the government's panel", "speaker_actor": "PHL"}
    store.decide([Decision(one, "bo", "statement", "support", role, "Speaks for the panel, not as a lawyer.")])
    return store.path, one


def serve(path: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    """Start the review and return the process and its address."""
    code = "from stance.cli import app; app()"
    command = [sys.executable, "-c", code, "review", "--annotations", str(path), "--no-browser", "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process, process.stdout.readline().strip()


def save(page: Page, path: Path) -> None:
    """Write a screenshot with few colours, which is a small one."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {picture.width} x {picture.height}, {path.stat().st_size // 1000} kB")


def main(folder: Path) -> None:
    """Write all screenshots."""
    folder.mkdir(parents=True, exist_ok=True)
    views = [
        ("desktop.png", {"viewport": {"width": 1280, "height": 860}}, "/statement?id={one}", ()),
        ("dark.png", {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"}, "/statement?id={one}", ()),
        ("phone.png", {"viewport": {"width": 360, "height": 740}}, "/statement?id={one}", ()),
        ("missed.png", {"viewport": {"width": 820, "height": 760}}, "/missed?id={one}&start=1451&end=1554", ()),
        ("adjudication.png", {"viewport": {"width": 1280, "height": 860}}, "/statement?id={one}", ("--adjudicate",)),
    ]
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        path, one = fill(Path(temporary))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, settings, address, options in views:
            if options:
                AnnotationStore(path).decide([Decision(one, "ana", "statement", "neutral", {"speaker_actor": "PHL"})])
            who = "cleo" if options else "ana"
            process, home = serve(path, "--annotator", who, *options)
            page = browser.new_page(**settings)
            page.goto(home.rstrip("/") + address.format(one=one))
            page.wait_for_selector("#why:not([data-pending])", state="attached") if "missed" not in name else None
            page.wait_for_timeout(300)
            save(page, folder / name)
            page.close()
            process.kill()
            process.wait()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "review")
