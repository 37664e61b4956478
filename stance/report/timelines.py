"""When somebody's stance changed: timelines, change points, and the statements on both sides of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stance.errors import InputError
from stance.report.positions import NO_TARGET, NOBODY, Statements, measure_net

_VALUES = {"support": 1.0, "oppose": -1.0, "neutral": 0.0}
_KEYS = ["actor", "target", "issue"]
# Articles on either side of a change: with fewer, one odd article would make one.
_LEAST = 3
SHIFT_COLUMNS = (
    *("actor", "target", "issue", "month", "before", "after", "net_before", "net_after", "articles_before", "articles_after"),
    *("p_value", "last_before", "first_after"),
)


def summarize_timelines(statements: Statements) -> pd.DataFrame:
    """Return a row for each actor, target and month: ``support``, ``oppose``, ``neutral``, ``net`` with interval.

    Statements without a date, a label, an actor or a target have no place in it.
    """
    dated = _dated(statements)
    dated = dated.assign(month=dated["date"].dt.to_period("M").astype(str))
    keys = [*_KEYS, "month"]
    counts = dated.pivot_table(index=keys, columns="stance", values="article", aggfunc="size", fill_value=0, observed=True)
    counts = counts.reindex(columns=list(_VALUES), fill_value=0).reset_index()
    counts.columns.name = None
    nets = [measure_net(int(s), int(o)) for s, o in zip(counts["support"], counts["oppose"], strict=True)]
    counts[["net", "net_low", "net_high"]] = np.array(nets, dtype=float).reshape(-1, 3)
    return counts


def summarize_shifts(statements: Statements) -> pd.DataFrame:
    """Return a row for each change of an actor's stance on a target, the clearest first, with ``SHIFT_COLUMNS``.

    The series is the mean stance of each article (1 support, 0 neutral, -1 oppose) in order of date: articles, because what one
    article quotes hangs together. Its change points are those of least squares with a penalty of
    ``2 * variance * log(n_articles)`` (ruptures; Killick, Fearnhead and Eckley 2012), at least three articles on either side;
    told are those at which the prevailing stance changes. ``p_value`` is Mann and Whitney's for articles before against after;
    it is not corrected for having looked for the point, nor for the number of series.

    Raises
    ------
    InputError
        If ruptures is not installed.
    """
    from scipy.stats import mannwhitneyu

    dated = _dated(statements)
    dated = dated.assign(value=dated["stance"].map(_VALUES).astype("float64")).sort_values("date", kind="stable")
    series = dated.groupby([*_KEYS, "date", "article"], sort=True)["value"].mean().reset_index()
    said = dated.groupby(_KEYS, sort=True).indices
    rows: list[dict[str, Any]] = []
    grouped: dict[Any, NDArray[np.intp]] = series.groupby(_KEYS, sort=True).indices  # type: ignore[assignment]
    for names, places in grouped.items():
        values, dates = series["value"].to_numpy()[places], series["date"].to_numpy()[places]
        edges = [0, *find_changes(values), len(values)]
        for start, place, end in zip(edges, edges[1:], edges[2:], strict=False):
            before, after = values[start:place], values[place:end]
            prevailing = find_prevailing(before), find_prevailing(after)
            if prevailing[0] == prevailing[1]:
                continue
            own = dated.iloc[said[names]]
            rows.append(
                {
                    **dict(zip(_KEYS, names, strict=True)),
                    "month": str(dates[place])[:7],
                    "before": prevailing[0],
                    "after": prevailing[1],
                    "net_before": round(float(before.mean()), 3),
                    "net_after": round(float(after.mean()), 3),
                    "articles_before": len(before),
                    "articles_after": len(after),
                    "p_value": float(f"{mannwhitneyu(before, after).pvalue:.2g}"),
                    "last_before": own[own["date"] <= dates[place - 1]]["sentence"].iloc[-1],
                    "first_after": own[own["date"] >= dates[place]]["sentence"].iloc[0],
                }
            )
    found = pd.DataFrame(rows, columns=list(SHIFT_COLUMNS))
    return found.sort_values(["p_value", "actor", "target", "month"], kind="stable").reset_index(drop=True)


def find_changes(values: NDArray[np.float64]) -> list[int]:
    """Return where a series (n_articles,) changes: the positions of the first article after each change."""
    spread = float(np.var(values))
    if len(values) < 2 * _LEAST or spread == 0:
        return []
    try:
        import ruptures
    except ImportError as error:
        msg = "Change points need the extra 'report': pip install 'stance[report]'."
        raise InputError(msg) from error
    search = ruptures.KernelCPD(kernel="linear", min_size=_LEAST).fit(values.reshape(-1, 1))
    return [int(place) for place in search.predict(pen=2 * spread * np.log(len(values)))[:-1]]


def find_prevailing(values: NDArray[np.float64]) -> str:
    """Return the stance that the mean of a series is nearest to.

    >>> find_prevailing(np.array([1.0, 1.0, 0.0, 0.0]))
    'support'
    """
    mean = float(values.mean())
    return "support" if mean >= 0.5 else "oppose" if mean <= -0.5 else "neutral"


def _dated(statements: Statements) -> pd.DataFrame:
    table = statements.table
    return table[table["date"].notna() & (table["stance"] != "") & (table["actor"] != NOBODY) & (table["target"] != NO_TARGET)]
