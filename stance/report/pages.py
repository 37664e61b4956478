"""Renders pages that need nothing beside themselves: no network, no other file."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.lexicon import read_table

if TYPE_CHECKING:
    import pandas as pd
    from jinja2 import Environment

# Marks that turn the direction of the text around them, so that a name turns over its neighbours; then what XML cannot hold.
_DIRECTION_MARKS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_UNSEEN = dict.fromkeys([*map(ord, _DIRECTION_MARKS), *range(32), 0x7F, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])
_UNSEEN_IN_PAGES = {code: None for code in _UNSEEN if chr(code) not in "\n\t"}


def render_page(template: str, values: Mapping[str, Any]) -> str:
    """Return a page from a template in ``stance/report/templates``; every value is escaped, style and script are inside.

    Marks of direction and control characters are left out, wherever they come from.

    Raises
    ------
    InputError
        If Jinja is not installed.
    """
    return _environment().get_template(template).render(**values).translate(_UNSEEN_IN_PAGES)


@cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        msg = "Pages need the extra 'report': pip install 'stance[report]'."
        raise InputError(msg) from error
    found = Environment(
        loader=PackageLoader("stance", "report/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["percent"] = show_share
    found.filters["figure"] = lambda value: "–" if value is None else f"{value:.3f}"
    found.filters["signed"] = _sign
    found.filters["actor"] = name_actor
    found.filters["month"] = _name_month
    found.globals["asset"] = read_asset
    return found


def show_share(share: float) -> str:
    """Return a share in percent.

    >>> show_share(0.754).replace("\u202f", " ")
    '75 %'
    """
    return f"{100 * share:.0f}\u202f%"


def _sign(value: float, digits: int = 2) -> str:
    """Return a figure with its sign; what rounds to zero has none."""
    shown = f"{value:+.{digits}f}"
    return (shown if float(shown) else shown[1:]).replace("-", "−")


def _name_month(month: str) -> str:
    """Return ``2021-03`` as March 2021."""
    year, _, number = month.partition("-")
    return f"{month_name[int(number)]} {year}"


def list_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table with None for what is missing."""
    return [{str(key): None if value != value else value for key, value in row.items()} for row in table.to_dict("records")]


@cache
def name_actor(code: str) -> str:
    """Return what an actor code stands for, or the code itself.

    >>> name_actor("NOR"), name_actor("XXX")
    ('Norway', 'XXX')
    """
    return next((row["name"] for table in ("states", "organizations") for row in read_table(table) if row["code"] == code), code)


@cache
def read_asset(name: str) -> Any:
    """Return a style sheet or script of ours as it is, to be put inside a page."""
    from markupsafe import Markup

    return Markup(files("stance").joinpath("report", "templates", name).read_text(encoding="utf-8"))


def show_plainly(text: str) -> str:
    r"""Return a text in one line, without marks of direction and control characters.

    >>> show_plainly("Kari\u202e Lund\n")
    'Kari Lund'
    """
    return " ".join(text.split()).translate(_UNSEEN)
