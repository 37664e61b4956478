"""Everything there is to say of who stands where, and the page that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from stance.records import STANCES
from stance.report.adjustment import Confusion, summarize_adjusted
from stance.report.figures import COLORS, Figure, drawing, make_figure
from stance.report.pages import list_rows, name_actor, render_page
from stance.report.positions import (
    NO_TARGET,
    NOBODY,
    Statements,
    read_positions,
    summarize_outlets,
    summarize_positions,
)
from stance.report.timelines import summarize_shifts, summarize_timelines

# What a page can show and stay readable and small: rows of a table, actors and targets of the matrix, timelines drawn. The
# tables that go with it hold everything.
_ROWS = 1000
_MATRIX = 14
_DRAWN = 6
# Characters of quotations in a page, which keeps it under five megabytes for any number of statements.
_QUOTED = 2_500_000
_QUOTE_CHARS = 400
# What a bar of a timeline holds, by the months between its ends: bars of a month over thirty years cannot be seen.
_STEPS = ((36, "M", "month"), (120, "Q", "quarter"), (100_000, "Y", "year"))


@dataclass(frozen=True, slots=True)
class Summary:
    """Who stands where, as tables: those of ``positions`` and ``timelines``; ``adjusted`` is None where nobody asked for it."""

    statements: Statements
    actors: pd.DataFrame
    persons: pd.DataFrame
    timelines: pd.DataFrame
    shifts: pd.DataFrame
    outlets: pd.DataFrame
    adjusted: pd.DataFrame | None
    confusion: Confusion | None

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name, each row tidy, as they are written to files."""
        named = {
            "actors": self.actors,
            "persons": self.persons,
            "timelines": self.timelines,
            "shifts": self.shifts,
            "outlets": self.outlets,
        }
        return {**named, **({"adjusted": self.adjusted} if self.adjusted is not None else {})}


def summarize_statements(statements: pd.DataFrame, *, duplicates: str = "once", confusion: Confusion | None = None) -> Summary:
    """Return who stands where on what, since when, and in which outlets, from a statement table.

    With a ``confusion`` measured on annotations the shares are also given as they would be without the model's errors.
    ``duplicates`` as for ``read_positions``.
    """
    ready = read_positions(statements, duplicates=duplicates)
    return Summary(
        statements=ready,
        actors=summarize_positions(ready),
        persons=summarize_positions(ready, of="person"),
        timelines=summarize_timelines(ready),
        shifts=summarize_shifts(ready),
        outlets=summarize_outlets(ready),
        adjusted=summarize_adjusted(ready, confusion) if confusion is not None else None,
        confusion=confusion,
    )


def render_summary(summary: Summary, figures: Sequence[Figure], *, title: str) -> str:
    """Return the page of a summary, with everything in it."""
    adjusted = {} if summary.adjusted is None else {(row["actor"], row["target"]): row for row in list_rows(summary.adjusted)}
    actors = [{**row, "adjusted": adjusted.get((row["actor"], row["target"]))} for row in list_rows(summary.actors.head(_ROWS))]
    counts = summary.statements.counts
    n_named = int((summary.actors["actor"].drop_duplicates() != NOBODY).sum())
    n_targets = int((summary.actors["target"].drop_duplicates() != NO_TARGET).sum())
    values = {
        "title": title,
        "main_counts": [*list(counts.items())[:2], ("actors", n_named), ("targets", n_targets), ("shifts", len(summary.shifts))],
        "other_counts": list(counts.items())[2:],
        "issues": sorted(set(summary.actors["issue"])),
        "actors": actors,
        "n_actors": len(summary.actors),
        "persons": list_rows(summary.persons.head(_ROWS)),
        "n_persons": len(summary.persons),
        "outlets": list_rows(summary.outlets.sort_values("differs", ascending=False, kind="stable").head(_ROWS)),
        "shifts": list_rows(summary.shifts),
        "matrix": _make_matrix(summary.actors),
        "figures": figures,
        "quotes": choose_quotes(summary.statements.table, {(row["actor"], row["target"]) for row in actors}),
        "confusion": None if summary.confusion is None else summary.confusion.n_statements,
        "adjusts": summary.adjusted is not None,
    }
    return render_page("summary.html", values)


def _make_matrix(actors: pd.DataFrame) -> dict[str, Any]:
    """Return the stance of those who speak most on what is most spoken of: names of columns, and a row of cells an actor."""
    known = actors[(actors["actor"] != NOBODY) & (actors["target"] != NO_TARGET)]
    columns = known.groupby("target")["statements"].sum().nlargest(_MATRIX).index.tolist()
    names = known.groupby("actor")["statements"].sum().nlargest(_MATRIX).index.tolist()
    cells = {(row["actor"], row["target"]): row for row in list_rows(known)}
    return {"columns": columns, "rows": [(name, [cells.get((name, column)) for column in columns]) for name in names]}


def choose_quotes(table: pd.DataFrame, shown: set[tuple[str, str]]) -> dict[str, list[list[str]]]:
    """Return, by ``actor|target``, statements to look into: the first, the latest and those between at even steps.

    As many of each pair as fit into a page; each is date, stance, person, sentence, outlet and link (http or https, or "").
    """
    ordered = table.sort_values("date", kind="stable", na_position="last")
    rows = ordered[["date", "stance", "person", "sentence", "outlet", "url"]].to_numpy(dtype=object).tolist()
    grouped: dict[Any, Any] = ordered.groupby(["actor", "target"], sort=True).indices
    pairs = {key: places.tolist() for key, places in grouped.items() if key in shown}
    lengths = [min(len(row[3]), _QUOTE_CHARS) + 80 for row in rows]
    sizes = [(len(places), sum(lengths[place] for place in places) / len(places)) for places in pairs.values()]
    most = max((n for n, _ in sizes), default=0)
    while most > 1 and sum(min(n, most) * length for n, length in sizes) > _QUOTED:
        most = most * 3 // 4
    return {
        f"{actor}|{target}": [_quote(rows[places[i]]) for i in _spread(len(places), most)]
        for (actor, target), places in pairs.items()
    }


def _spread(n: int, most: int) -> list[int]:
    """Return at most so many of the places 0 … n - 1, first and last among them, at even steps."""
    kept = min(n, most)
    return sorted({round(i * (n - 1) / max(1, kept - 1)) for i in range(kept)})


def _quote(row: Sequence[Any]) -> list[str]:
    date, stance, person, sentence, outlet, url = row
    sentence = sentence if len(sentence) <= _QUOTE_CHARS else sentence[: _QUOTE_CHARS - 1] + "…"
    link = url if url.startswith(("http://", "https://")) else ""
    return ["" if pd.isna(date) else f"{date:%Y-%m-%d}", stance, person, sentence, outlet, link]


def draw_summary(summary: Summary) -> list[Figure]:
    """Return the figures of a summary: who shifted most clearly, then whom most is known of, over time; changes are marked."""
    shifted = summary.shifts[["actor", "target"]].itertuples(index=False, name=None)
    busiest = summary.timelines.groupby(["actor", "target"])["month"].nunique().nlargest(_DRAWN).index
    pairs = list(dict.fromkeys([*shifted, *busiest]))[:_DRAWN]
    return [_draw_timeline(summary, str(actor), str(target), i) for i, (actor, target) in enumerate(pairs)]


def _draw_timeline(summary: Summary, actor: str, target: str, number: int) -> Figure:
    own = summary.timelines[(summary.timelines["actor"] == actor) & (summary.timelines["target"] == target)]
    changes = summary.shifts[(summary.shifts["actor"] == actor) & (summary.shifts["target"] == target)]
    months = pd.PeriodIndex(own["month"], freq="M")
    step, named = next((step, named) for most, step, named in _STEPS if len(months) and (months[-1] - months[0]).n <= most)
    counts = own[list(STANCES)].groupby(months.asfreq(step)).sum()
    width = (counts.index[0].end_time - counts.index[0].start_time).days * 0.8
    with drawing(4.8, 2.6) as (axes, drawn):
        dates = pd.PeriodIndex(counts.index).to_timestamp(how="start")
        calm = dates[counts["neutral"] > 0] + pd.Timedelta(days=width / 2)
        axes.bar(dates, counts["support"], width=width, align="edge", color=COLORS["support"], label="support")
        axes.scatter(calm, [0] * len(calm), s=22, color=COLORS["neutral"], edgecolors="#000002", label="neutral", zorder=3)
        axes.bar(dates, -counts["oppose"], width=width, align="edge", color=COLORS["oppose"], label="oppose")
        for month in changes["month"]:
            axes.axvline(pd.to_datetime(month), color="#000001", linestyle=":", linewidth=1.2)
        axes.axhline(0, color="#000002", linewidth=0.8)
        axes.locator_params(axis="y", integer=True)
        axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")
        axes.set_ylabel(f"statements a {named}")
        axes.figure.legend(loc="outside upper left", ncols=3, fontsize=8)
    told = "; ".join(f"shifted from {row['before']} to {row['after']} in {row['month']}" for row in list_rows(changes))
    columns = ("month", *STANCES)
    words = f"Support above, opposition below; {told or 'no shift found'}."
    title = f"{name_actor(actor)} on {target}"
    rows = own[list(columns)].to_numpy().tolist()
    return make_figure(f"timeline-{number}", title, words, drawn, columns, rows, key=f"{actor}|{target}")
