"""Scores: stance labels against annotations, extracted statements and the rules that found them against gold records."""

from __future__ import annotations

from stance.evaluation.labels import ROUNDS, ClassScore, Evaluation, Score, evaluate, evaluate_by, format_evaluation
from stance.evaluation.matching import Gold, GoldRecord, Judged, match_statements, read_gold
from stance.evaluation.rules import RecordScores, RuleReport, RuleScore, format_rules, score_rules

__all__ = [
    "ROUNDS",
    "ClassScore",
    "Evaluation",
    "Gold",
    "GoldRecord",
    "Judged",
    "RecordScores",
    "RuleReport",
    "RuleScore",
    "Score",
    "evaluate",
    "evaluate_by",
    "format_evaluation",
    "format_rules",
    "match_statements",
    "read_gold",
    "score_rules",
]
