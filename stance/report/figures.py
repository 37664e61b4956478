"""Draws figures as SVG that can be read aloud, in light and dark, with the numbers they show."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stance.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Told apart by the commonest kinds of colour blindness (Okabe and Ito, 2008), and in print by lightness.
COLORS = {"support": "#0072b2", "oppose": "#d55e00", "neutral": "#8a8a8a"}
ACCENT = "#0072b2"
# Drawn in these, so that the page can put its own ink and lines in their place, which change with light and dark.
_INK, _LINE = "#000001", "#000002"
_DOTS = 150  # an inch, in PNG
_STYLE: Any = {
    "font.family": "sans-serif",
    "font.size": 10.5,
    "svg.fonttype": "none",
    "svg.hashsalt": "stance",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _INK,
    "axes.titlecolor": _INK,
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "grid.color": _LINE,
    "grid.alpha": 0.25,
    "legend.frameon": False,
    # Names are a stranger's: dollar signs are no mathematics.
    "text.parse_math": False,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with what it shows in words and numbers: ``columns`` and ``rows`` stand behind a disclosure beside it.

    ``key`` is that of the quotations of a page which belong to it; "" for none.
    """

    name: str
    title: str
    description: str
    svg: str
    png: bytes
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    key: str = ""

    def alone(self) -> str:
        """Return the SVG with ink of its own, for a file by itself."""
        return re.sub(r"var\(--\w+, (#\w+)\)", r"\1", self.svg)


@dataclass(slots=True)
class Drawn:
    """A drawing as SVG and as PNG; empty until it is finished."""

    svg: str = ""
    png: bytes = b""


@contextmanager
def drawing(width: float, height: float) -> Iterator[tuple[Axes, Drawn]]:
    """Give axes of this size in inches to draw on, and what becomes of them when all is drawn.

    Raises
    ------
    InputError
        If matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure as Canvas
    except ImportError as error:
        msg = "Figures need the extra 'report': pip install 'stance[report]'."
        raise InputError(msg) from error
    drawn = Drawn()
    with mpl.rc_context(_STYLE):
        canvas = Canvas(figsize=(width, height), layout="constrained")
        canvas.patch.set_alpha(0)
        axes = canvas.add_subplot()
        axes.patch.set_alpha(0)
        yield axes, drawn
        text, image = io.StringIO(), io.BytesIO()
        with warnings.catch_warnings():
            # The browser has letters of all scripts, matplotlib's own font has not.
            warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
            canvas.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
            canvas.savefig(image, format="png", dpi=_DOTS, facecolor="white", metadata={"Software": None})
    drawn.svg, drawn.png = text.getvalue(), image.getvalue()


def make_figure(
    name: str,
    title: str,
    description: str,
    drawn: Drawn,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    key: str = "",
) -> Figure:
    """Return a figure whose SVG names itself and takes its ink and lines from the page; ``name`` is unique on the page."""
    body = drawn.svg[drawn.svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    # Ids of several drawings on a page must not meet.
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", body)
    body = body.replace(_INK, "var(--ink, #1b1b1b)").replace(_LINE, "var(--line, #767676)")
    opened = f'<svg role="img" aria-labelledby="{name}-title {name}-description"'
    told = f'<title id="{name}-title">{_escape(title)}</title><desc id="{name}-description">{_escape(description)}</desc>'
    body = body.replace("<svg", opened, 1)
    end = body.index(">") + 1
    svg = body[:end] + told + body[end:]
    return Figure(name, title, description, svg, drawn.png, tuple(columns), tuple(map(tuple, rows)), key)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
