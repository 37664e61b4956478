"""Files made of composed text, and a reading of them with everything that was said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stance.files import Skipped, find_inputs, read_articles
from stance.records import Article

# The people and papers are invented. Curly marks and a dash are there on purpose.
QUAY = (
    "OSTHAVEN – The harbour minister of Norland, Tove Lindal, said on Tuesday that her government would lift the sanctions on "
    "Vestria before the autumn. “The embargo has emptied our own quays,” she told reporters beside an idle crane."
)
MILL = (
    "The rebels who hold the paper mill at Kolm have agreed to a ceasefire of ten days, their spokesman said in a message to the "
    "mediators. He gave no date for the talks that are to follow, and the army has not answered."
)
BRIDGE = (
    "Envoys of both sides met on the bridge at Sarn and spoke for an hour about the peace talks, which have stood still since "
    "the winter. “We have agreed to agree on an agenda,” the Vestrian envoy, Ilko Brand, said afterwards."
)


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write a file below the test's folder; return it."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def read() -> Callable[..., tuple[list[Article], list[Skipped]]]:
    """Read inputs named as on the command line; return the articles and all reports."""

    def articles(*inputs: Any, **options: Any) -> tuple[list[Article], list[Skipped]]:
        skipped: list[Skipped] = []
        paths = find_inputs([str(one) for one in inputs])
        return list(read_articles(paths, on_skip=skipped.append, **options)), skipped

    return articles


@pytest.fixture
def quay() -> str:
    return QUAY


@pytest.fixture
def mill() -> str:
    return MILL


@pytest.fixture
def bridge() -> str:
    return BRIDGE


@pytest.fixture
def make_page() -> Callable[..., str]:
    """An HTML page as papers make them: head with data, navigation, headline, paragraphs, footer."""

    def page(*paragraphs: str, title: str = "Norland to lift embargo", day: str | None = "2024-03-05", head: str = "") -> str:
        date = f'<meta property="article:published_time" content="{day}T09:30:00+01:00">' if day else ""
        return (
            f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>{date}'
            f'<meta property="og:site_name" content="Quayside Courier">{head}</head><body>'
            '<nav><ul><li><a href="/">Front page</a></li><li><a href="/shipping">Shipping news</a></li></ul></nav>'
            f"<article><h1>{title}</h1>{''.join(f'<p>{paragraph}</p>' for paragraph in paragraphs)}</article>"
            "<footer><p>© 2019 Quayside Courier. All rights reserved. Terms of use and cookies.</p></footer></body></html>"
        )

    return page
