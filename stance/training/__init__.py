"""Annotations in, a fitted model, its card and its scores out."""

from __future__ import annotations

from stance.training.annotations import Annotations, data_hash, join_context, read_annotations
from stance.training.assessment import assess
from stance.training.fitting import Training, file_entry, train
from stance.training.holding_out import HeldOut, cross_predict

__all__ = [
    "Annotations",
    "HeldOut",
    "Training",
    "assess",
    "cross_predict",
    "data_hash",
    "file_entry",
    "join_context",
    "read_annotations",
    "train",
]
