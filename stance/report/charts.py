"""Draws the figures of a report on a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from stance.evaluation.layout import describe_curve
from stance.report.accuracy import Accuracy
from stance.report.figures import ACCENT, COLORS, Figure, drawing, make_figure
from stance.report.pages import name_actor, show_plainly, show_share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# What each part is called.
PARTS = {
    "issue": "issue",
    "quote_type": "quote type",
    "target": "target in training",
    "actor": "who speaks",
    "length": "length of the sentence",
}
_GREY = "#8a8a8a"
_INK, _LINE = "#000001", "#000002"
# More rows than these cannot be read in a figure; the table beside it has all.
_DRAWN = 25
_NAME_CHARS = 32
# Narrow enough to be read on a phone, two beside each other on a desk.
_WIDTH = 4.8
_SMALL = (_WIDTH, 3.5)


def draw_accuracy(found: Accuracy) -> dict[str, Figure]:
    """Return the figures of a report by name: confusion, baselines, calibration, coverage, learning curve, parts."""
    tables = found.tables()
    figures = [
        _draw_baselines(tables["rivals"]),
        _draw_confusion(found.report.whole.labels, found.report.whole.confusion),
        _draw_calibration(tables["calibration"], found),
        _draw_coverage(tables["coverage"], found),
    ]
    if "curve" in tables:
        figures.append(_draw_curve(tables["curve"], found))
    scores = tables["scores"]
    figures += [_draw_part(scores, part) for part, named in found.parts.items() if len(named) > 1]
    return {figure.name: figure for figure in figures}


def name_part_figure(part: str) -> str:
    """Return the name of the figure of a part."""
    return f"by-{part.replace('_', '-')}"


def show_name(part: str, name: str) -> str:
    """Return how the name of a part is shown.

    >>> show_name("actor", "NOR"), show_name("issue", "peace_process")
    ('Norway (NOR)', 'peace process')
    """
    if part == "actor":
        name = show_plainly(name)
        told = name_actor(name)
        return told if told == name else f"{told} ({name})"
    return show_plainly(name).replace("_", " ") or "(none)"


def _draw_baselines(rivals: pd.DataFrame) -> Figure:
    scored = rivals[rivals["macro_f1"].notna()]
    columns = ["name", "macro_f1", "macro_f1_low", "macro_f1_high", "lead", "lead_low", "lead_high", "verdict"]
    best = scored.iloc[1:].sort_values("macro_f1").tail(1)
    told = f" The best of them, {best['name'].iloc[0]}, reaches {best['macro_f1'].iloc[0]:.3f}." if len(best) else ""
    with drawing(_WIDTH, 0.8 + 0.36 * len(scored)) as (axes, drawn):
        _draw_dots(axes, scored["name"].tolist(), scored, colors=[ACCENT, *[_GREY] * (len(scored) - 1)])
        axes.set_xlim(0, 1)
        axes.set_xlabel("macro-F1")
    words = f"The model reaches {scored['macro_f1'].iloc[0]:.3f}.{told} Bars are 95 % intervals."
    return make_figure("baselines", "The model beside baselines", words, drawn, columns, _rows(scored, columns))


def _draw_confusion(labels: Sequence[str], confusion: Sequence[Sequence[int]]) -> Figure:
    from matplotlib.patches import Rectangle

    n = len(labels)
    with drawing(4.4, 3.4) as (axes, drawn):
        for i, row in enumerate(confusion):
            for j, count in enumerate(row):
                share = count / max(1, sum(row))
                color = COLORS["support" if i == j else "oppose"]
                axes.add_patch(
                    Rectangle((j - 0.48, i - 0.48), 0.96, 0.96, facecolor=color, alpha=0.05 + 0.5 * share, linewidth=0)
                )
                axes.text(j, i, f"{count:,}\n{share:.0%}", ha="center", va="center")
        axes.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5), aspect="equal")
        axes.set_xticks(range(n), labels)
        axes.set_yticks(range(n), labels)
        axes.set_xlabel("labelled by the model")
        axes.set_ylabel("annotated")
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    rows = [(label, *row) for label, row in zip(labels, confusion, strict=True)]
    words = "Rows are the annotators' labels, columns the model's, with the share of each row; blue is right, orange wrong."
    return make_figure("confusion", "What is taken for what", words, drawn, ("annotated", *labels), rows)


def _draw_calibration(bins: pd.DataFrame, found: Accuracy) -> Figure:
    told = found.report.calibration
    with drawing(*_SMALL) as (axes, drawn):
        axes.plot([0, 1], [0, 1], color=_LINE, linestyle="--", linewidth=1, label="what it should be")
        axes.errorbar(
            bins["confidence"],
            bins["accuracy"],
            yerr=[(bins["accuracy"] - bins["low"]).clip(lower=0), (bins["high"] - bins["accuracy"]).clip(lower=0)],
            fmt="o",
            color=ACCENT,
            markersize=5,
            linewidth=1.4,
            label="the model, 95 % interval",
        )
        axes.set(
            xlim=(min(0.3, bins["confidence"].min() - 0.02), 1.02),
            ylim=(0, 1.02),
            xlabel="probability of the label",
            ylabel="share right",
        )
        axes.legend(loc="lower right", fontsize=9)
        axes.grid(visible=True)
    words = (
        f"Of statements labelled with a probability of 0.8, eight in ten should be right. Expected calibration error "
        f"{told.expected_error:.3f}; probabilities beyond reproach would show {told.by_chance:.3f} by chance alone, with as many "
        f"statements. Brier score {told.brier:.3f}."
    )
    columns = list(bins.columns)
    return make_figure("calibration", "Do the probabilities mean what they say?", words, drawn, columns, _rows(bins, columns))


def _draw_coverage(coverage: pd.DataFrame, found: Accuracy) -> Figure:
    scored = coverage[coverage["accuracy"].notna()]
    whole = found.report.whole
    shares = [1.0, *scored["share_labelled"]]
    with drawing(*_SMALL) as (axes, drawn):
        axes.plot(shares, [whole.accuracy.value, *scored["accuracy"]], "-o", color=ACCENT, markersize=4, label="accuracy")
        axes.plot(shares, [whole.macro_f1.value, *scored["macro_f1"]], "--", color=_GREY, label="macro-F1")
        for row in scored[(scored["threshold"] * 10 % 1).round(6).isin([0, 1])].to_dict("records"):
            at = (row["share_labelled"], row["accuracy"])
            axes.annotate(f"{row['threshold']:.1f}", at, (0, 6), textcoords="offset points", fontsize=8, ha="center")
        if found.chosen and found.chosen.accuracy is not None:
            at = (found.chosen.share_labelled, found.chosen.accuracy)
            axes.plot(*at, "o", markersize=12, markerfacecolor="none", color=COLORS["oppose"], markeredgewidth=2, label="chosen")
        axes.set(xlim=(0, 1.02), xlabel="share of statements that get a label", ylabel="score of those labelled")
        axes.set_ylim(top=1.02)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        axes.legend(loc="lower left", fontsize=9)
        axes.grid(visible=True)
    words = f"What is gained where the model keeps silent below a probability (the numbers at the points). {_tell_chosen(found)}"
    columns = list(coverage.columns)
    return make_figure("coverage", "Fewer labels, surer labels", words, drawn, columns, _rows(coverage, columns))


def _tell_chosen(found: Accuracy) -> str:
    chosen = found.chosen
    if chosen is None:
        return "No threshold was chosen (--abstain-below)."
    if chosen.accuracy is None:
        return f"Below {chosen.threshold:g} nothing is labelled, and that is everything."
    labelled, right = show_share(chosen.share_labelled), show_share(chosen.accuracy)
    return f"Chosen: {chosen.threshold:g}, which labels {labelled}, {right} of them right."


def _draw_curve(points: pd.DataFrame, found: Accuracy) -> Figure:
    with drawing(*_SMALL) as (axes, drawn):
        axes.errorbar(
            points["n_learned"],
            points["macro_f1"],
            yerr=[points["macro_f1"] - points["macro_f1_low"], points["macro_f1_high"] - points["macro_f1"]],
            fmt="-o",
            color=ACCENT,
            markersize=5,
        )
        axes.set_xscale("log", base=2)
        axes.minorticks_off()
        axes.set_xticks(points["n_learned"], [f"{n:,}" for n in points["n_learned"]])
        axes.set(xlabel="annotated statements learned from", ylabel="macro-F1, 95 % interval")
        axes.grid(visible=True)
    told = describe_curve(found.curve) if found.curve else ""
    words = f"From the model's cross-validation: {told}."
    columns = list(points.columns)
    return make_figure("curve", "What more annotations bring", words, drawn, columns, _rows(points, columns))


def _draw_part(scores: pd.DataFrame, part: str) -> Figure:
    own = scores[scores["part"] == part]
    shown = own.head(_DRAWN)
    whole = float(scores["macro_f1"].iloc[0])
    names = [f"{_shorten(show_name(part, name))}  n={n}" for name, n in zip(shown["name"], shown["n"], strict=True)]
    with drawing(_WIDTH, 1.15 + 0.3 * len(shown)) as (axes, drawn):
        axes.axvline(whole, color=_LINE, linewidth=1, linestyle=":", label="all statements")
        axes.plot(
            shown["majority_macro_f1"], range(len(shown)), "|", color=_GREY, markersize=9, label="always its commonest label"
        )
        _draw_dots(axes, names, shown, colors=[ACCENT] * len(shown))
        axes.set(xlim=(0, 1), xlabel="macro-F1, 95 % interval")
        axes.figure.legend(loc="outside upper left", ncols=2, fontsize=8)
    columns = ["name", "n", "macro_f1", "macro_f1_low", "macro_f1_high", "accuracy", "reversed", "majority_macro_f1"]
    more = f" Drawn are the first {_DRAWN} of {len(own)}." if len(own) > _DRAWN else ""
    rows = [(show_name(part, row[0]), *row[1:]) for row in _rows(own, columns)]
    words = f"n statements each; few make wide intervals.{more}"
    return make_figure(name_part_figure(part), f"By {PARTS.get(part, part)}", words, drawn, columns, rows)


def _draw_dots(axes: Axes, names: Sequence[str], scores: pd.DataFrame, *, colors: Sequence[str]) -> None:
    """Draw a score with its interval for each row, the first on top."""
    columns = scores[["macro_f1", "macro_f1_low", "macro_f1_high"]].astype(float).to_numpy()
    for place, ((value, low, high), color) in enumerate(zip(columns, colors, strict=True)):
        axes.plot([low, high], [place, place], color=color, linewidth=1.6)
        axes.plot(value, place, "o", color=color, markersize=6, clip_on=False)
    axes.set_yticks(np.arange(len(names)), list(names))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")


def _rows(table: pd.DataFrame, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return rows of a table with empty cells for what is missing."""
    found = table[list(columns)].to_numpy(dtype=object).tolist()
    return [tuple("" if value is None or value != value else value for value in row) for row in found]


def _shorten(name: str) -> str:
    return name if len(name) <= _NAME_CHARS else name[: _NAME_CHARS - 1] + "…"
