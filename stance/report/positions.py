"""Who stands where: statements summed up by speaker and target, with intervals; what says nothing of it is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from stance.errors import InputError
from stance.records import ABSTAINED, STANCES
from stance.report.pages import show_plainly

# What stands for nobody's actor, or for no target, in the tables: shown, never hidden.
NOBODY = "(no state or organisation)"
NO_TARGET = "(no target)"
COUNTS = ("statements", *STANCES, "without_label")
POSITION_COLUMNS = (*COUNTS, "net", "net_low", "net_high", "articles", "first", "first_stance", "latest", "latest_stance")
_LEVELS = {"actor": ["actor"], "person": ["person", "actor"]}


@dataclass(frozen=True, slots=True)
class Statements:
    """A statement table made ready to be summed up.

    ``table`` has ``actor``, ``person``, ``target``, ``issue``, ``stance`` ("" where it was withheld), ``date`` (NaT where it is
    not known), ``article``, ``outlet``, ``sentence`` and ``url``; names are in one line, without marks of direction. ``counts``
    says in words what there is, and what was set aside.
    """

    table: pd.DataFrame
    counts: dict[str, int]


def read_positions(statements: pd.DataFrame, *, duplicates: str = "once") -> Statements:
    """Return a statement table ready to be summed up.

    With ``duplicates`` "once", what the same speaker is quoted with on the same target in the same words, in whichever
    articles, counts once, and so does an article that is a copy of another (``duplicate_of``); "all" counts everything.

    Raises
    ------
    InputError
        If a column is missing or ``duplicates`` is neither.
    """
    if duplicates not in ("once", "all"):
        msg = f"Duplicates are counted 'once' or 'all'; found {duplicates!r}."
        raise InputError(msg)
    if missing := [name for name in ("speaker", "speaker_actor", "target", "stance", "sentence") if name not in statements]:
        msg = f"A summary needs the columns that 'stance label' writes; missing: {', '.join(missing)}."
        raise InputError(msg)
    stance = _text(statements, "stance")
    table = pd.DataFrame(
        {
            "actor": _shown(statements, "speaker_actor").replace("", NOBODY),
            "person": _shown(statements, "speaker"),
            "target": _shown(statements, "target").replace("", NO_TARGET),
            "issue": _shown(statements, "issue"),
            "stance": stance.where(stance.isin(STANCES), ""),
            "date": pd.to_datetime(_text(statements, "published"), errors="coerce", format="ISO8601", utc=True).dt.tz_localize(
                None
            ),
            "article": _text(statements, "article_id"),
            "outlet": _shown(statements, "outlet"),
            "sentence": _shown(statements, "sentence"),
            "url": _text(statements, "url"),
        }
    )
    n_all = len(table)
    if duplicates == "once":
        # In order of date, so that the earliest of several copies is the one that counts.
        table = table.sort_values("date", kind="stable", na_position="last")
        if "duplicate_of" in statements.columns:
            table = table[_text(statements, "duplicate_of").loc[table.index] == ""]
        table = table.drop_duplicates(["actor", "person", "target", "sentence"]).sort_index()
    counts = {
        "statements": n_all,
        "counted": len(table),
        "copies set aside": n_all - len(table),
        ABSTAINED: int((table["stance"] == "").sum()),
        "without a state or organisation": int((table["actor"] == NOBODY).sum()),
        "without a target": int((table["target"] == NO_TARGET).sum()),
        "without a date": int(table["date"].isna().sum()),
    }
    return Statements(table.reset_index(drop=True), counts)


def _text(statements: pd.DataFrame, name: str) -> pd.Series[str]:
    if name not in statements.columns:
        return pd.Series("", index=statements.index)
    return statements[name].astype("str").fillna("")


def _shown(statements: pd.DataFrame, name: str) -> pd.Series[str]:
    values = _text(statements, name)
    return values.map({value: show_plainly(value) for value in values.unique()})


def summarize_positions(statements: Statements, *, of: str = "actor") -> pd.DataFrame:
    """Return a row for each speaker and target, the most statements first, with ``POSITION_COLUMNS``.

    ``of`` is ``actor`` or ``person``. ``net`` is support less opposition as a share of both, from -1 to 1; neutral statements
    count in none of them, and where nobody takes a stand it is NaN. Its interval is Wilson's (1927) for 95 %.
    """
    return _sum_up(statements.table, [*_LEVELS[of], "target", "issue"])


def summarize_outlets(statements: Statements) -> pd.DataFrame:
    """Return a row for each target and outlet, with ``POSITION_COLUMNS``; ``other_net`` is that of all other outlets together.

    ``differs`` is true where the two intervals have nothing in common: the outlet quotes another picture than the others do.
    """
    named = statements.table[statements.table["outlet"] != ""]
    found = _sum_up(named, ["target", "issue", "outlet"])
    whole = found.groupby(["target", "issue"])[["support", "oppose"]].transform("sum")
    others = [
        measure_net(int(support), int(oppose))
        for support, oppose in zip(whole["support"] - found["support"], whole["oppose"] - found["oppose"], strict=True)
    ]
    found["other_net"] = [net for net, _, _ in others]
    found["differs"] = [
        bool(low > other_high or high < other_low)
        for low, high, (_, other_low, other_high) in zip(found["net_low"], found["net_high"], others, strict=True)
    ]
    return found


def _sum_up(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return a row for each combination of keys, the most statements first, with ``POSITION_COLUMNS``."""
    names = list(keys)
    shown = table["stance"].replace("", "without_label")
    counted = pd.crosstab([table[name] for name in names], shown).reindex(columns=list(COUNTS[1:]), fill_value=0)
    counted.insert(0, "statements", counted.sum(axis=1))
    found = counted.reset_index()
    found.columns.name = None
    nets = [measure_net(int(support), int(oppose)) for support, oppose in zip(found["support"], found["oppose"], strict=True)]
    found[["net", "net_low", "net_high"]] = np.array(nets, dtype=np.float64).reshape(-1, 3)
    articles = table.groupby(names)["article"].nunique().rename("articles").reset_index()
    found = found.merge(articles, on=names, how="left")
    dated = table[table["date"].notna() & (table["stance"] != "")].sort_values("date", kind="stable")
    for name, keep in (("first", "first"), ("latest", "last")):
        ends = dated.drop_duplicates(names, keep=keep)[[*names, "date", "stance"]]  # type: ignore[call-overload]
        ends = ends.rename(columns={"date": name, "stance": f"{name}_stance"})
        ends[name] = ends[name].dt.strftime("%Y-%m-%d")
        found = found.merge(ends, on=names, how="left")
    found[["first", "first_stance", "latest", "latest_stance"]] = found[
        ["first", "first_stance", "latest", "latest_stance"]
    ].fillna("")
    found = found[[*names, *POSITION_COLUMNS]]
    return found.sort_values("statements", ascending=False, kind="stable").reset_index(drop=True)


@lru_cache(maxsize=100_000)
def measure_net(support: int, oppose: int) -> tuple[float, float, float]:
    """Return net support with its 95 % interval (Wilson 1927); NaN without a stand.

    >>> measure_net(8, 2)
    (0.6, -0.0197, 0.8866)
    """
    from scipy.stats import binomtest

    taken = support + oppose
    if not taken:
        return float("nan"), float("nan"), float("nan")
    interval = binomtest(support, taken).proportion_ci(0.95, method="wilson")
    return (
        round((support - oppose) / taken, 4),
        round(2 * float(interval.low) - 1, 4),
        round(2 * float(interval.high) - 1, 4),
    )
