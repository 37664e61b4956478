"""Agreement between annotators: each field, each pair and all together, what they disagree on, and who was upheld."""

from __future__ import annotations

from stance.evaluation.agreement.coefficients import Coefficient
from stance.evaluation.agreement.disagreements import Disagreement
from stance.evaluation.agreement.layout import format_agreement, format_agreement_table
from stance.evaluation.agreement.summary import (
    Agreement,
    Annotator,
    Comparison,
    Confusion,
    FieldAgreement,
    Upheld,
    summarize_agreement,
)

__all__ = [
    "Agreement",
    "Annotator",
    "Coefficient",
    "Comparison",
    "Confusion",
    "Disagreement",
    "FieldAgreement",
    "Upheld",
    "format_agreement",
    "format_agreement_table",
    "summarize_agreement",
]
