"""A whole review in a real browser, with a real server that is killed on the way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import stance
from stance.files import read_articles
from stance.files.store import AnnotationStore
from stance.records import Article, Decision

REQUIRED = os.environ.get("STANCE_REQUIRE_BROWSER") == "1"
CHROMIUM = Path("/usr/bin/chromium")
DEMO = Path(__file__).resolve().parents[2] / "data" / "articles"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]

try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page, expect, sync_playwright

    MISSING = "" if CHROMIUM.exists() else f"there is no {CHROMIUM}"
except ImportError as error:
    MISSING = f"the extra stance[browser] is not installed: {error}"

pytestmark = [
    pytest.mark.slow,
    # Where a browser is required a missing one is a failure, not a skip.
    pytest.mark.skipif(bool(MISSING) and not REQUIRED, reason=MISSING or "there is a browser"),
]


@dataclass
class Server:
    """A `stance review` process on one store, which can be killed and started again at the same port."""

    store: Path
    home: str = ""
    process: subprocess.Popen[str] | None = None
    options: tuple[str, ...] = field(default=("--annotator", "ana", "--order", "file"))

    def start(self, *options: str) -> str:
        self.options = options or self.options
        port = self.home.rpartition(":")[2].strip("/") or "0"
        code = "from stance.cli import app; app()"
        command = [sys.executable, "-c", code, "review", "--annotations", str(self.store), "--no-browser", "--port", port]
        self.process = subprocess.Popen([*command, *self.options], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        lines = iter(self.process.stdout.readline, "")
        self.home = next(line.strip() for line in lines if line.startswith("http://"))
        return self.home

    def stop(self, how: int) -> str:
        assert self.process is not None
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=60)
        return rest


@pytest.fixture(scope="module")
def archive(articles: list[Article]) -> tuple[list[Article], pd.DataFrame]:
    """The composed articles and two of data/articles/, enough for a whole session, with their statements."""
    more = read_articles([DEMO / "oslo-philippines-truce.txt", DEMO / "brussels-19th-package.txt"], on_skip=lambda _: None)
    found = [*articles, *more]
    return found, stance.label(found)


@pytest.fixture
def labelled(archive: tuple[list[Article], pd.DataFrame]) -> pd.DataFrame:
    return archive[1]


@pytest.fixture
def store(tmp_path: Path, archive: tuple[list[Article], pd.DataFrame]) -> AnnotationStore:
    kept = AnnotationStore(tmp_path / "annotations.db")
    kept.add_statements(archive[1])
    kept.add_articles(archive[0])
    return kept


@pytest.fixture
def server(store: AnnotationStore) -> Iterator[Server]:
    found = Server(store.path)
    found.start()
    yield found
    if found.process is not None and found.process.poll() is None:
        found.stop(signal.SIGKILL)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    assert not MISSING, MISSING
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Page]:
    """A page on which any error of the script and any breach of the content policy fails the test; closed before the server."""
    found = browser.new_page(viewport={"width": 1280, "height": 860})
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.on(
        "console",
        lambda line: (
            errors.append(line.text)
            if line.type == "error" and not re.search("status of 400|CONNECTION_(REFUSED|RESET)", line.text)
            else None
        ),
    )
    yield found
    found.close()
    assert errors == []


def shown(page: Page) -> str:
    return page.locator("#decision input[name=id]").get_attribute("value") or ""


def press(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_whole_session_by_keyboard(page: Page, server: Server, store: AnnotationStore, ids: list[str]) -> None:
    page.goto(server.home)
    given = {"1": "support", "2": "oppose", "3": "neutral", "x": "no_statement", "u": "unsure"}
    keys = "1231x2u"
    for number, key in enumerate(keys):
        assert shown(page) == ids[number]
        press(page, key)
        expect(page.locator("#status")).to_contain_text("Recorded")
        assert [one.stance or one.verdict for one in store.decisions()][-1] == given[key]  # on disk before the next one shows

    # Correct a speaker; digits in a field are digits.
    corrected = shown(page)
    page.keyboard.press("e")
    expect(page.locator("#field-speaker")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Marta Quell 2")
    page.keyboard.press("Enter")
    page.keyboard.press("n")
    page.keyboard.type("1 remark")
    page.keyboard.press("Escape")
    press(page, "2")
    made = store.decisions(corrected)[0]
    assert (made.stance, made.fields, made.note) == ("oppose", {"speaker": "Marta Quell 2"}, "1 remark")

    # Undo, look back and ahead, decide otherwise.
    press(page, "z")
    assert shown(page) == corrected
    expect(page.locator("#status")).to_contain_text("Taken back")
    assert store.decisions(corrected) == []
    press(page, "ArrowLeft")
    assert shown(page) == ids[len(keys) - 1]
    press(page, "ArrowRight")
    press(page, "1")
    n_decided = len(store.decisions())
    assert n_decided == len(keys) + 1

    # The server dies; the page that is open goes on with the one that takes its place.
    at = shown(page)
    server.stop(signal.SIGKILL)
    server.start()
    assert len(store.decisions()) == n_decided
    press(page, "3")
    assert store.decisions(at)[0].stance == "neutral"
    page.goto(server.home)
    assert shown(page) == ids[n_decided + 1]
    press(page, "1")
    assert len(store.decisions()) == len(keys) + 3

    # What Ctrl-C says, and what the table holds.
    said = server.stop(signal.SIGINT)
    assert f"{len(keys) + 3} of {len(ids)} decided" in said
    assert "stance retrain --annotations" in said
    table = store.annotations()
    assert table["statement_id"].tolist() == ids[: len(keys) + 3]
    assert table["verdict"].value_counts().to_dict() == {"statement": len(keys) + 1, "no_statement": 1, "unsure": 1}


SMILING = "\N{GRINNING FACE}\N{WAVING HAND SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}"
BAY = (
    f"BERGEN – The talks {SMILING} went on.\r\nNorway's foreign minister, Kari Lund, said she backed the ceasefire in Sudan. "
    f"“We {SMILING} will not leave the table,” she said.\r\n\r\n"
    "Sudan's envoy shrugged & left. “Peace talks are a show,” he said.\r\n"
)


def test_a_missed_statement_by_selecting_its_words(page: Page, server: Server, tmp_path: Path) -> None:
    server.stop(signal.SIGKILL)
    store = AnnotationStore(tmp_path / "bay.db")
    article = Article("bay", BAY)
    store.add_statements(stance.label(article).head(1))
    store.add_articles([article])
    server.store = store.path
    page.goto(server.start())
    words = "We " + SMILING + " will not leave"
    page.evaluate(
        """(words) => {
          const runs = [...document.querySelectorAll("#passage [data-start]")];
          const run = runs.find((one) => one.textContent.includes(words));
          const at = run.firstChild.data.indexOf(words);
          const range = document.createRange();
          range.setStart(run.firstChild, at);
          range.setEnd(run.firstChild, at + words.length);
          document.getSelection().removeAllRanges();
          document.getSelection().addRange(range);
        }""",
        words,
    )
    press(page, "s")
    start = BAY.index(words)
    assert f"start={start}&end={start + len(words)}" in page.url
    expect(page.locator("blockquote")).to_contain_text("will not leave the table,” she said.")
    page.get_by_label("Speaker").fill("Kari Lund")
    page.get_by_label("Speaks for").fill("Norway")
    page.locator("#field-issue").select_option("peace_process")
    page.keyboard.press("Escape")
    page.locator("h2").first.click()
    press(page, "1")
    expect(page.locator("#status")).to_contain_text("Added: support, Kari Lund.")
    [added] = store.added()
    row = store.statement(added)
    assert row is not None
    assert BAY[row["start"] : row["end"]] == row["sentence"] == f"“We {SMILING} will not leave the table,” she said."
    assert (row["quote"], row["speaker_actor"]) == (words, "NOR")
    assert store.annotations()["speaker_actor"].tolist() == ["NOR"]


def test_without_a_selection_the_sentence_is_chosen_by_keyboard(page: Page, server: Server) -> None:
    page.goto(server.home)
    press(page, "s")
    page.get_by_role("link", name="It had rained all day.").focus()
    press(page, "Enter")
    expect(page.locator("blockquote")).to_have_text("It had rained all day.")


def test_adjudication_by_keyboard(page: Page, server: Server, store: AnnotationStore, ids: list[str]) -> None:
    store.decide([Decision(one, "ana", "statement", "oppose") for one in ids[:3]])
    store.decide([Decision(ids[0], "bo", "statement", "neutral"), Decision(ids[1], "bo", "no_statement")])
    server.stop(signal.SIGKILL)
    page.goto(server.start("--annotator", "cleo", "--adjudicate"))
    expect(page.locator("tr.differs")).to_have_count(1)
    press(page, "b")
    expect(page.locator("#status")).to_contain_text("Recorded: neutral")
    press(page, "x")
    expect(page.get_by_role("heading", level=1)).to_have_text("All decided")
    table = store.annotations()
    settled = table[table["adjudicated"]]
    assert settled["annotator"].tolist() == ["cleo", "cleo"]
    assert settled["stance"].fillna("").tolist() == ["neutral", ""]
    assert settled["verdict"].tolist() == ["statement", "no_statement"]


def test_several_codes_go_on_being_suggested_and_what_is_wrong_is_said(
    page: Page, server: Server, store: AnnotationStore
) -> None:
    page.goto(server.home)
    page.keyboard.press("e")
    page.get_by_label("Recipient").fill("IRN; ")
    assert page.locator("#field-recipient-list option[value='IRN; RUS']").count() == 1
    page.get_by_label("Recipient").fill("IRN; Nowhere Land")
    page.keyboard.press("Escape")
    press(page, "1")
    expect(page.locator("#status")).to_contain_text("'Nowhere Land' is neither a code nor a name")
    expect(page.get_by_label("Recipient")).to_have_value("IRN; Nowhere Land")
    assert store.decisions() == []


def test_the_words_come_by_themselves_once_the_model_is_read(page: Page, server: Server) -> None:
    page.goto(server.home)
    expect(page.locator("#why .pushes")).to_be_visible(timeout=60_000)


def test_the_whole_article_shows_and_hides(page: Page, server: Server, labelled: pd.DataFrame) -> None:
    page.goto(f"{server.home}statement?id={labelled['statement_id'].iloc[-1]}")
    first = page.locator("#passage p").first
    expect(page.locator("#passage .is-sentence").first).to_be_visible()
    if page.locator("#passage details").count():
        expect(first).to_be_hidden()
        page.keyboard.press("w")
        expect(first).to_be_visible()
        page.keyboard.press("w")
        expect(first).to_be_hidden()


def test_help_opens_with_its_key_and_keys_can_be_switched_off(page: Page, server: Server, store: AnnotationStore) -> None:
    page.goto(server.home)
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page.get_by_label("Keys decide").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Keys")).to_be_hidden()
    page.keyboard.press("1")
    page.wait_for_timeout(200)
    assert store.decisions() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 640, 360])
def test_nobody_is_kept_out(
    browser: Any, server: Server, store: AnnotationStore, ids: list[str], scheme: str, width: int
) -> None:
    """No serious finding of axe-core on any page, and nothing to scroll sideways; 640 is 1280 at 200 %."""
    store.decide(
        [
            Decision(ids[0], "ana", "statement", "oppose", {"speaker": "Mr " + "Very" * 40 + "long"}),
            Decision(ids[0], "bo", "unsure"),
        ]
    )
    server.stop(signal.SIGKILL)
    home = server.start("--annotator", "ana", "--show-others")
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 740}, bypass_csp=True)
    page = context.new_page()
    for address in (
        f"statement?id={ids[0]}&told=recorded&said={ids[0]}",
        f"missed?id={ids[0]}",
        f"missed?id={ids[0]}&start=1&end=9",
        "done",
        "statement?id=x",
    ):
        page.goto(home + address)
        page.wait_for_timeout(150)
        found = Axe().run(page).response["violations"]
        serious = [
            (one["id"], [node["html"][:120] for node in one["nodes"]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    context.close()


def test_every_control_can_be_reached_and_seen_by_tab(page: Page, server: Server) -> None:
    page.goto(server.home)
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            "[document.activeElement.textContent.trim().slice(0, 40), getComputedStyle(document.activeElement).outlineStyle]"
        )
        seen.append(name)
        assert outline != "none" or name == "" or len(name) == 40, name  # the page itself, after the last control
    reached = " ".join(seen)
    assert all(re.search(word, reached) for word in ("Support", "Oppose", "Neutral", "Not a statement", "Undo", "Missed", "Edit"))
