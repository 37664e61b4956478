"""Scores: stance labels against annotations, annotators beside each other, extracted statements against gold records."""

from __future__ import annotations

from stance.evaluation.agreement import Agreement, format_agreement, format_agreement_table, summarize_agreement
from stance.evaluation.comparison import Comparison, compare
from stance.evaluation.duplicates import Units, find_units
from stance.evaluation.labels import ClassScore, Evaluation, evaluate, evaluate_by
from stance.evaluation.layout import format_report
from stance.evaluation.matching import Gold, GoldRecord, Judged, match_statements, read_gold
from stance.evaluation.report import Report, Rival, RivalScore, summarize
from stance.evaluation.resampling import ROUNDS, Score
from stance.evaluation.rules import RecordScores, RuleReport, RuleScore, format_rules, score_rules

__all__ = [
    "ROUNDS",
    "Agreement",
    "ClassScore",
    "Comparison",
    "Evaluation",
    "Gold",
    "GoldRecord",
    "Judged",
    "RecordScores",
    "Report",
    "Rival",
    "RivalScore",
    "RuleReport",
    "RuleScore",
    "Score",
    "Units",
    "compare",
    "evaluate",
    "evaluate_by",
    "find_units",
    "format_agreement",
    "format_agreement_table",
    "format_report",
    "format_rules",
    "match_statements",
    "read_gold",
    "score_rules",
    "summarize",
    "summarize_agreement",
]
