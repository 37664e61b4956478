"""Print how far two codings of the same articles agree, as text or JSON.

    python tests/benchmarks/agreement.py FIRST SECOND [--articles ARTICLES] [--sure] [--list] [--json]
    python tests/benchmarks/agreement.py data/annotations/statements.jsonl data/annotations/second_coding.jsonl

FIRST and SECOND are JSON Lines in the form of data/annotations/statements.jsonl; the articles are those that SECOND names (a row
without an issue says that its article was read and holds no statement). Records are paired within an article when they have the
same issue and their spans share half of the shorter one: one to one, the pair that agrees most on actor, speaker and parties
first. Stance and type of quotation have no say in that, and the line "issue" is counted on pairs made without asking for the
issue. Lists of codes agree when they are the same sets, "" is a value like any other, and names agree when half the words of the
shorter one stand in the longer. Intervals: 1,000 draws of articles with replacement. Needs `krippendorff`, of the dev extra.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import krippendorff
import numpy as np
from sklearn.metrics import cohen_kappa_score

from stance.evaluation.matching import LEAST_SHARED, same_name, share
from stance.records import STANCES, Span
from stance.text import open_page

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 1000
SEED = 20261122
ACTOR_POINTS, SPEAKER_POINTS, ISSUE_POINTS = 3, 2, 5
PARTIES = ("sender", "recipient", "location")
FIELDS = ("issue", "speaker", "speaker_actor", *PARTIES, "stance", "quote_type")
# A field with values only where the issue calls for it.
OF_ISSUES = {"sender": ("sanctions",), "recipient": ("sanctions",), "location": ("ceasefire", "peace_process")}

Row = dict[str, object]
Pair = tuple[Row, Row]
Units = list[tuple[str, str]]  # what the first and the second coder said of the same thing


@dataclass(frozen=True, slots=True)
class Coded:
    """One article as both coded it: ``pairs`` with the same issue, the rest of either, ``loose`` pairs with any issue."""

    name: str
    pairs: list[Pair]
    only_first: list[Row]
    only_second: list[Row]
    loose: list[Pair]
    sentences: Units


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--articles", type=Path, default=ROOT / "data" / "annotations" / "articles.jsonl")
    parser.add_argument("--sure", action="store_true", help="leave out records marked as optional, and their partners")
    parser.add_argument("--list", action="store_true", help="print every disagreement as well")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    texts = {row["id"]: row["text"] for row in read_rows(arguments.articles)}
    first, second = read_rows(arguments.first), read_rows(arguments.second)
    names = sorted({row["article_id"] for row in second})
    articles = [compare(name, texts[name], of(name, first), of(name, second), sure=arguments.sure) for name in names]
    disagreements = [one for article in articles for one in differences(article)]
    figures = measure(articles) | {"disagreements": dict(Counter(one["kind"] for one in disagreements).most_common())}
    if arguments.json:
        print(json.dumps(figures | ({"listed": disagreements} if arguments.list else {}), ensure_ascii=False, indent=2))
        return
    print_figures(figures)
    for one in disagreements if arguments.list else ():
        print(f"\n{one['kind']}  {one['article_id']} {one['start']}  {one['first']}  |  {one['second']}\n  {one['sentence']}")


def read_rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def of(name: str, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["article_id"] == name and row["issue"]]


def compare(name: str, text: str, first: list[Row], second: list[Row], *, sure: bool) -> Coded:
    pairs = match(first, second)
    if sure:
        doubtful = [row for pair in pairs if any(one.get("optional") for one in pair) for row in pair]
        doubtful += [row for row in (*first, *second) if row.get("optional")]
        first, second = ([row for row in rows if row not in doubtful] for rows in (first, second))
        pairs = match(first, second)
    paired = [[pair[side] for pair in pairs] for side in (0, 1)]
    return Coded(
        name,
        pairs,
        [row for row in first if row not in paired[0]],
        [row for row in second if row not in paired[1]],
        match(first, second, any_issue=True),
        [
            tuple(
                "statement" if any(share(sentence, span(row)) >= LEAST_SHARED for row in rows) else "none"
                for rows in (first, second)
            )
            for sentence in open_page(text).sentences
        ],
    )


def match(first: Sequence[Row], second: Sequence[Row], *, any_issue: bool = False) -> list[Pair]:
    """Pairs of records of the same sentence, one to one, the pair that agrees most first."""
    candidates = [
        (-points(one, other), i, j)
        for i, one in enumerate(first)
        for j, other in enumerate(second)
        if (any_issue or one["issue"] == other["issue"]) and share(span(one), span(other)) >= LEAST_SHARED
    ]
    taken: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, i, j in sorted(candidates):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            pairs.append((first[i], second[j]))
    return pairs


def points(one: Row, other: Row) -> float:
    return (
        ISSUE_POINTS * (one["issue"] == other["issue"])
        + ACTOR_POINTS * (one["speaker_actor"] == other["speaker_actor"])
        + SPEAKER_POINTS * same_name(one["speaker"], other["speaker"])
        + sum(set(one[key]) == set(other[key]) for key in PARTIES)
        + share(span(one), span(other))
    )


def span(row: Row) -> Span:
    return Span(row["start"], row["end"])


def units(articles: Iterable[Coded], field: str) -> Units:
    """What both said, of every sentence ("statement found") or of every pair of records."""
    if field == "statement found":
        return [unit for article in articles for unit in article.sentences]
    return [
        values(pair, field)
        for article in articles
        for pair in (article.loose if field == "issue" else article.pairs)
        if asked(pair, field)
    ]


def asked(pair: Pair, field: str) -> bool:
    return field not in OF_ISSUES or pair[0]["issue"] in OF_ISSUES[field]


def values(pair: Pair, field: str) -> tuple[str, str]:
    one, other = (row[field] for row in pair)
    if field == "speaker":
        return one, one if same_name(one, other) else other
    if field in PARTIES:
        return "+".join(sorted(one)), "+".join(sorted(other))
    return one, other


def measure(articles: Sequence[Coded]) -> dict[str, object]:
    generator = random.Random(SEED)
    draws = [generator.choices(range(len(articles)), k=len(articles)) for _ in range(ROUNDS)]
    fields = {}
    for field in ("statement found", *FIELDS):
        by_article = [units([article], field) for article in articles]
        found = units(articles, field)
        fields[field] = {
            "n": len(found),
            "agreement": agreement(found),
            "alpha": alpha(found),
            "interval": interval(quick_alpha, by_article, draws),
        }
    fields["statement found"]["kappa"] = kappa(units(articles, "statement found"))
    stances = Counter(units(articles, "stance"))
    return {
        "articles": len(articles),
        "records": [
            sum(len(one.pairs) + len(one.only_first) for one in articles),
            sum(len(one.pairs) + len(one.only_second) for one in articles),
        ],
        "matched": sum(len(article.pairs) for article in articles),
        "fields": fields,
        "sentence_f1": f1(units(articles, "statement found"), "statement"),
        "record_f1": 2
        * len(units(articles, "stance"))
        / sum(2 * len(a.pairs) + len(a.only_first) + len(a.only_second) for a in articles),
        "stance_f1": {stance: f1(units(articles, "stance"), stance) for stance in STANCES},
        "stance_confusion": {one: {other: stances[one, other] for other in STANCES} for one in STANCES},
    }


def agreement(found: Units) -> float:
    return sum(one == other for one, other in found) / len(found) if found else float("nan")


def kappa(found: Units) -> float:
    return float(cohen_kappa_score(*zip(*found, strict=True)))


def alpha(found: Units) -> float:
    """Krippendorff's alpha for names; not a number where only one value was ever given, for there is nothing to tell apart."""
    number = {value: i for i, value in enumerate(sorted({value for unit in found for value in unit}))}
    if len(number) < 2:
        return float("nan")
    codes = np.array([[number[value] for value in unit] for unit in found]).T
    return float(krippendorff.alpha(codes, level_of_measurement="nominal"))


def quick_alpha(found: Units) -> float:
    """The same for two coders and no gaps, fast enough for a thousand draws."""
    counts = Counter(value for unit in found for value in unit)
    n = 2 * len(found)
    alike_by_chance = sum(count * (count - 1) for count in counts.values()) / (n * (n - 1))
    return 1 - (1 - agreement(found)) / (1 - alike_by_chance) if len(counts) > 1 else float("nan")


def interval(figure: Callable[[Units], float], by_article: list[Units], draws: Sequence[Sequence[int]]) -> tuple[float, float]:
    drawn = [figure([unit for number in numbers for unit in by_article[number]]) for numbers in draws]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def f1(found: Units, value: str) -> float:
    both, named = sum(unit == (value, value) for unit in found), sum(unit.count(value) for unit in found)
    return 2 * both / named if named else float("nan")


def differences(article: Coded) -> list[dict[str, object]]:
    found = [("only the first", row, short(row), "") for row in article.only_first]
    found += [("only the second", row, "", short(row)) for row in article.only_second]
    for pair in article.pairs:
        for field in FIELDS:
            one, other = values(pair, field)
            if asked(pair, field) and one != other:
                found.append((field, pair[0], one, other))
    return [
        {"kind": kind, **{key: row[key] for key in ("article_id", "start", "sentence")}, "first": one, "second": other}
        for kind, row, one, other in sorted(found, key=lambda found: found[1]["start"])
    ]


def short(row: Row) -> str:
    parts = (row["speaker"], row["speaker_actor"], row["issue"], *("+".join(row[key]) for key in PARTIES), row["stance"])
    return ", ".join(filter(None, parts)) + (", optional" if row.get("optional") else "")


def print_figures(figures: dict[str, object]) -> None:
    one, other = figures["records"]
    print(f"{figures['articles']} articles, {one} records by the first, {other} by the second, {figures['matched']} matched")
    print(f"F1 of sentences {figures['sentence_f1']:.3f}, of records {figures['record_f1']:.3f}")
    print(f"\n{'':16} {'n':>5} {'agree':>7} {'alpha':>6}  95 %")
    for field, row in figures["fields"].items():
        tail = f"  Cohen's kappa {row['kappa']:.3f}" if "kappa" in row else ""
        low, high = row["interval"]
        print(f"{field:16} {row['n']:5} {row['agreement']:7.1%} {row['alpha']:6.3f}  [{low:.3f}, {high:.3f}]{tail}")
    print("\nstance: rows the first, columns the second")
    print(f"{'':16}" + "".join(f"{stance:>9}" for stance in STANCES) + "       F1")
    for stance, counts in figures["stance_confusion"].items():
        print(f"{stance:16}" + "".join(f"{count:9}" for count in counts.values()) + f"{figures['stance_f1'][stance]:9.3f}")
    print("\ndisagreements: " + ", ".join(f"{kind} {count}" for kind, count in figures["disagreements"].items()))


if __name__ == "__main__":
    main()
