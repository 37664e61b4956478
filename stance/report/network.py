"""Who stands with whom: networks of actors and targets, of agreement and of conflict, as in discourse network analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd

from stance.errors import InputError
from stance.records import STANCES
from stance.report.pages import show_plainly

KINDS = ("actor-target", "congruence", "conflict")
NORMS = ("count", "average-activity", "jaccard")
PERIODS = {"year": "Y", "quarter": "Q", "month": "M"}
# Whose stance it is: the state or organisation, or the person (or body) itself.
_SPEAKERS = {"actor": "speaker_actor", "person": "speaker"}
NODE_COLUMNS = ("node", "kind", "issue", "statements", *STANCES, "first", "latest")
EDGE_COLUMNS = ("source", "target", "weight", "statements", *STANCES, "net", "shared", "first", "latest")


@dataclass(frozen=True, slots=True)
class Network:
    """The nodes and edges of one period.

    ``nodes`` has ``NODE_COLUMNS``, ``edges`` ``EDGE_COLUMNS``; ``period`` is "" for all time. ``left_out`` counts, in words, the
    statements that say nothing about who stands with whom.
    """

    kind: str
    norm: str
    period: str
    nodes: pd.DataFrame
    edges: pd.DataFrame
    left_out: Mapping[str, int]


def summarize_networks(
    statements: pd.DataFrame,
    *,
    kind: str = "actor-target",
    norm: str = "count",
    of: str = "actor",
    period: str | None = None,
    least: int = 1,
) -> list[Network]:
    """Return the network of each period, in order; of all statements at once where ``period`` is None.

    In an ``actor-target`` network an edge holds the statements of an actor on a target, neutral ones as an attribute only. Two
    actors are joined in a ``congruence`` network by every target that both support or both oppose, in a ``conflict`` network by
    every target that one supports and the other opposes; who says a thing ten times says it once. ``average-activity`` divides
    by the mean number of stands of the two, ``jaccard`` by the number of different stands they take together; a stand is a
    target with support or oppose (Leifeld 2017, "Discourse Network Analysis"). ``of`` says whose stands: ``actor`` or
    ``person``. Actors with fewer than ``least`` statements are left out.

    Raises
    ------
    InputError
        If an option or a column is unknown, or ``period`` is given and no statement has a date.
    """
    for name, value, known in (("kind", kind, KINDS), ("norm", norm, NORMS), ("of", of, tuple(_SPEAKERS))):
        if value not in known:
            msg = f"There is no {name} {value!r}; known are {', '.join(known)}."
            raise InputError(msg)
    if period is not None and period not in PERIODS:
        msg = f"There is no period {period!r}; known are {', '.join(PERIODS)}."
        raise InputError(msg)
    if missing := [name for name in (_SPEAKERS[of], "target", "stance") if name not in statements.columns]:
        msg = f"A network needs the columns {_SPEAKERS[of]}, target and stance; {', '.join(missing)} is missing."
        raise InputError(msg)
    stands, left_out = _read_stands(statements, of, period, least)
    if period is None:
        return [_make_network(stands, kind, norm, "", left_out)]
    if stands.empty:
        msg = f"No statement has a date, so they cannot be parted by {period}."
        raise InputError(msg)
    return [_make_network(group, kind, norm, str(name), left_out) for name, group in stands.groupby("period", sort=True)]


def _read_stands(statements: pd.DataFrame, of: str, period: str | None, least: int) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return actor, target, issue, stance and date of each statement that has them, and how many have not."""
    table = pd.DataFrame(
        {
            "actor": _column(statements, _SPEAKERS[of]).map(show_plainly),
            "target": _column(statements, "target").map(show_plainly),
            "issue": _column(statements, "issue").map(show_plainly),
            "stance": _column(statements, "stance"),
            "date": pd.to_datetime(_column(statements, "published"), errors="coerce", format="ISO8601", utc=True).dt.tz_localize(
                None
            ),
        }
    )
    left_out = {}
    conditions = [
        (f"without a {'state or organisation' if of == 'actor' else 'speaker'}", table["actor"] == ""),
        ("without a target", table["target"] == ""),
        ("without a label", ~table["stance"].isin(STANCES)),
    ]
    if period is not None:
        conditions.append(("without a date", table["date"].isna()))
    keep = pd.Series(data=True, index=table.index)
    for reason, failing in conditions:
        if n := int((keep & failing).sum()):
            left_out[reason] = n
        keep &= ~failing
    table = table[keep]
    if least > 1:
        rare = table.groupby("actor")["actor"].transform("size") < least
        if rare.any():
            left_out[f"of actors with fewer than {least} statements"] = int(rare.sum())
        table = table[~rare]
    if period is not None:
        table = table.assign(period=table["date"].dt.to_period(PERIODS[period]).astype(str))
    return table, left_out


def _column(statements: pd.DataFrame, name: str) -> pd.Series[str]:
    if name not in statements.columns:
        return pd.Series("", index=statements.index)
    return statements[name].fillna("").astype(str)


def _make_network(stands: pd.DataFrame, kind: str, norm: str, period: str, left_out: Mapping[str, int]) -> Network:
    nodes = [_describe("actor", name, group) for name, group in stands.groupby("actor", sort=True)]
    if kind == "actor-target":
        nodes += [_describe("target", name, group) for name, group in stands.groupby("target", sort=True)]
        edges = _join_targets(stands, norm)
    else:
        edges = _join_actors(stands, kind, norm)
    return Network(
        kind,
        norm,
        period,
        pd.DataFrame(nodes, columns=list(NODE_COLUMNS)),
        pd.DataFrame(edges, columns=list(EDGE_COLUMNS)),
        dict(left_out),
    )


def _describe(kind: str, name: Any, group: pd.DataFrame) -> dict[str, Any]:
    issue = group["issue"].iloc[0] if kind == "target" else ""
    return {"node": str(name), "kind": kind, "issue": issue, **_count(group)}


def _count(group: pd.DataFrame) -> dict[str, Any]:
    counts = group["stance"].value_counts()
    first, latest = group["date"].min(), group["date"].max()
    return {
        "statements": len(group),
        **{stance: int(counts.get(stance, 0)) for stance in STANCES},
        "first": "" if pd.isna(first) else first.date().isoformat(),
        "latest": "" if pd.isna(latest) else latest.date().isoformat(),
    }


def _join_targets(stands: pd.DataFrame, norm: str) -> list[dict[str, Any]]:
    """Return an edge from each actor to each target it speaks on."""
    totals: dict[Any, int] = stands.groupby("actor").size().to_dict()
    on_target: dict[Any, int] = stands.groupby("target").size().to_dict()
    edges = []
    for (actor, target), group in stands.groupby(["actor", "target"], sort=True):
        counted = _count(group)
        taken = counted["support"] + counted["oppose"]
        weight = float(len(group))
        if norm == "average-activity":
            weight /= totals[actor]
        elif norm == "jaccard":
            weight /= totals[actor] + on_target[target] - len(group)
        net = (counted["support"] - counted["oppose"]) / taken if taken else 0.0
        edges.append(
            {"source": actor, "target": target, "weight": round(weight, 6), "net": round(net, 6), "shared": 1, **counted}
        )
    return edges


def _join_actors(stands: pd.DataFrame, kind: str, norm: str) -> list[dict[str, Any]]:
    """Return an edge for each two actors that agree on a target (congruence) or stand on opposite sides of it (conflict)."""
    taken = stands[stands["stance"] != "neutral"]
    stands_of: dict[str, set[tuple[str, str]]] = {
        str(actor): set(zip(group["target"], group["stance"], strict=True)) for actor, group in taken.groupby("actor", sort=True)
    }
    turned = {"support": "oppose", "oppose": "support"}
    counts = {(str(actor), str(target)): _count(group) for (actor, target), group in taken.groupby(["actor", "target"])}
    edges = []
    for one, other in combinations(stands_of, 2):
        left, right = stands_of[one], stands_of[other]
        if kind == "conflict":
            right = {(target, turned[stance]) for target, stance in right}
        shared = left & right
        if not shared:
            continue
        weight = float(len(shared))
        if norm == "average-activity":
            weight /= (len(left) + len(right)) / 2
        elif norm == "jaccard":
            weight /= len(left | right)
        counted = _add([counts[actor, target] for target in sorted({target for target, _ in shared}) for actor in (one, other)])
        net = 1.0 if kind == "congruence" else -1.0
        edges.append({"source": one, "target": other, "weight": round(weight, 6), "net": net, "shared": len(shared), **counted})
    return edges


def _add(counts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the counts of several groups as those of one."""
    dates = [count[name] for count in counts for name in ("first", "latest") if count[name]]
    return {
        **{name: sum(count[name] for count in counts) for name in ("statements", *STANCES)},
        "first": min(dates, default=""),
        "latest": max(dates, default=""),
    }
