"""Write tests/cases/rule_floors.json again: the least figures of every extraction rule on the composed annotations.

    python tests/benchmarks/rule_floors.py            # floors rise with what is measured, never fall
    python tests/benchmarks/rule_floors.py --lower    # they may fall too; say in the commit why

The reasons below "untested" are kept as they are. Needs the package installed; takes about ten seconds.
"""

import json
import sys
from datetime import date
from pathlib import Path

from stance.evaluation import RuleReport, RuleScore, read_gold, score_rules
from stance.pipeline import as_articles, extract_article

ROOT = Path(__file__).resolve().parent.parent.parent
CORPUS = ROOT / "data" / "annotations"
FLOORS = ROOT / "tests" / "cases" / "rule_floors.json"
# A rule that decided fewer has no floor: one record would be more than ten points.
LEAST_RECORDS = 10
# A floor stands so far under what was measured, and at least one record and a half.
MARGIN, MARGIN_RECORDS = 0.03, 1.5
FIGURES = {
    "quote": ("precision",),
    "speaker": ("precision", "speaker_accuracy", "actor_accuracy"),
    "target": ("precision", "parties_accuracy"),
}


def read_rows(name: str) -> list[dict]:
    return [json.loads(line) for line in (CORPUS / name).read_text(encoding="utf-8").splitlines()]


def measure() -> RuleReport:
    articles = as_articles(read_rows("articles.jsonl"))
    return score_rules(read_gold(read_rows("statements.jsonl")), {article.id: extract_article(article) for article in articles})


def floors_of(score: RuleScore, before: dict[str, float]) -> dict[str, float]:
    if score.n_found < LEAST_RECORDS or score.n_matched == 0:
        return {}
    margin = max(MARGIN, MARGIN_RECORDS / score.n_matched)
    return {
        figure: max(before.get(figure, 0.0), round(max(0.0, getattr(score, figure) - margin), 3))
        for figure in FIGURES[score.kind]
    }


def main(*, lower: bool) -> None:
    known = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {"rules": {}, "untested": {}}
    report = measure()
    rules: dict[str, dict] = {}
    for score in sorted(report.rules, key=lambda score: (list(FIGURES).index(score.kind), score.rule)):
        before = {} if lower else known["rules"].get(score.kind, {}).get(score.rule, {}).get("floors", {})
        rules.setdefault(score.kind, {})[score.rule] = {"records": score.n_found, "floors": floors_of(score, before)}
    written = {
        "measured": f"{date.today()}, on data/annotations: {report.scores.n_articles} articles, {report.scores.n_gold} records",
        "why": "A guard against regressions. Composed articles are not real news: no figure here is an estimate for real text.",
        "refresh": "python tests/benchmarks/rule_floors.py (--lower to let floors fall)",
        "rules": rules,
        "untested": known["untested"],
    }
    FLOORS.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{sum(len(found) for found in rules.values())} rules -> {FLOORS.relative_to(ROOT)}")


if __name__ == "__main__":
    main(lower="--lower" in sys.argv[1:])
