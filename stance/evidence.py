"""Says which words and signs of a statement moved its stance, how far and which way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.errors import InputError
from stance.model.rows import as_rows
from stance.records import STANCES

if TYPE_CHECKING:
    from stance.model import StanceClassifier

# A value for each label, in the order of STANCES.
Shares = tuple[tuple[str, float], ...]
_KINDS = {
    "words": "word",
    "crossed": "word with issue",
    "sided": "word with side",
    "signs": "sign",
    "clause": "sign by clause",
    "speaker": "who speaks",
    "context": "word before it",
    "topic": "target",
    "plain_words": "word",
    "plain_crossed": "word with target",
    "letters": "letters",
    "letters_crossed": "letters with target",
}
_MARKS = {"actor": "other actor", "self": "own side"}
_SIDES = {
    "none": "of no known side",
    "party": "party to the conflict",
    "involved": "involved in the conflict",
    "group": "an armed or opposition group",
    "member": "member of the sender",
    "body": "an organisation",
    "other": "another state",
}
_BLOCS = {"western": "of the western bloc", "sanctioned": "long sanctioned", "state": "a state", "body": "no state"}
# The mark of a bare reading; question marks of plain text are words of their own.
_BARE = re.compile(r"^\?(?![?!+]|$)")
_CLAUSES = {"in": "in the target's clause", "out": "outside the target's clause"}


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of a statement and its push: what it adds to the score of each label; the pushes sum to zero.

    ``view`` and ``token`` are what the model calls it, ``kind`` and ``name`` what a person reads.
    """

    view: str
    token: str
    kind: str
    name: str
    push: Shares


@dataclass(frozen=True, slots=True)
class StanceExplanation:
    """The stance of one statement and what it is made of.

    Of each label, the pushes of all ``features`` and its ``start`` (its score before any word is read) sum to its score; the
    scores, centred at zero, are the logarithms of the probabilities up to a constant. Features
    stand in the order of their push towards or away from ``stance``, the strongest first. ``n_unknown`` counts features of the
    statement that the model has never learned and that therefore move nothing.
    """

    sentence: str
    issue: str
    stance: str
    probabilities: Shares
    scores: Shares
    start: Shares
    features: tuple[Feature, ...]
    n_unknown: int
    model: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as for JSON: numbers rounded to six places, those of the labels by label."""
        return {
            "sentence": self.sentence,
            "issue": self.issue,
            "stance": self.stance,
            "probabilities": _by_label(self.probabilities),
            "scores": _by_label(self.scores),
            "start": _by_label(self.start),
            "features": [
                {"view": one.view, "token": one.token, "kind": one.kind, "name": one.name, "push": _by_label(one.push)}
                for one in self.features
            ],
            "n_unknown": self.n_unknown,
            "model": self.model,
        }


def _by_label(shares: Shares) -> dict[str, float]:
    return {label: round(value, 6) for label, value in shares}


def explain_stance(statement: Any, model: StanceClassifier, *, model_name: str = "") -> StanceExplanation:
    """Return the stance of a statement with what each of its features adds to the score of each label.

    Raises
    ------
    InputError
        If the statement is neither a text nor a row with ``sentence`` (or ``text``), or has no words.
    """
    if hasattr(statement, "to_dict") and not hasattr(statement, "columns"):  # a row of a table
        statement = statement.to_dict()
    [row] = as_rows([statement])
    sentence = next((row[name] for name in ("sentence", "text") if isinstance(row.get(name), str) and row[name].strip()), None)
    if sentence is None:
        has = ", ".join(repr(name) for name, value in row.items() if value not in (None, "")) or "nothing"
        msg = f"The statement has no words in 'sentence' (or 'text'); it has {has}."
        raise InputError(msg)
    labels = [str(label) for label in model.classes_]
    order = sorted(range(len(labels)), key=lambda i: (STANCES.index(labels[i]) if labels[i] in STANCES else len(STANCES), i))

    def shares(values: Any) -> Shares:
        return tuple((labels[i], float(values[i])) for i in order)

    found, weights, intercepts = model.weigh_features(row)
    # Probabilities depend on differences of scores only, so all is told as a difference from the mean of the labels.
    weights, intercepts = weights - weights.mean(axis=0), intercepts - intercepts.mean()
    pushes = found.data[:, None] * weights[:, found.indices].T
    scores = pushes.sum(axis=0) + intercepts
    best = int(scores.argmax())
    named = model.name_features(row)
    names = {place: (view, token) for view, token, place in named if place is not None}
    features = []
    for i in np.argsort(-np.abs(pushes[:, best]), kind="stable"):
        view, token = names[int(found.indices[i])]
        features.append(Feature(view, token, *describe_feature(view, token), shares(pushes[i])))
    return StanceExplanation(
        sentence=sentence,
        issue=str(row.get("issue") or row.get("target") or ""),
        stance=labels[best],
        probabilities=shares(model.predict_proba([row])[0]),
        scores=shares(scores),
        start=shares(intercepts),
        features=tuple(features),
        n_unknown=len(named) - len(names),
        model=model_name,
    )


def describe_feature(view: str, token: str) -> tuple[str, str]:
    """Return what kind of feature it is, and how a person reads it.

    >>> describe_feature("words", "not+lift+_target_")
    ('word', 'not … lift [target]')
    >>> describe_feature("words", "?not+lift"), describe_feature("plain_words", "lift+?")
    (('word', 'not … lift'), ('word', 'lift ?'))
    >>> describe_feature("crossed", "sanctions|_self_+rejects")
    ('word with issue', '[own side] rejects')
    >>> describe_feature("signs", "sanctions|recipient|harm")
    ('sign with issue', 'harm words, speaker: recipient')
    """
    kind = _KINDS.get(view, view)
    if view in ("letters", "letters_crossed"):
        return kind, f'"{token.partition("|")[2] if view == "letters_crossed" else token}"'
    *crossed, last = _BARE.sub("", token).split("|")
    if view == "topic":
        return kind, "[target alone]"
    if view == "clause":
        return kind, f"{_read_sign(last)} {_CLAUSES.get(crossed[-1], crossed[-1])}"
    if view == "speaker":
        return kind, _BLOCS.get(last, last) + (f", {_read_side(crossed[1])}" if len(crossed) > 1 else "")
    if view == "sided":
        return kind, f"{_read_words(last)}, {_read_side(crossed[-1])}"
    if view != "signs":
        return kind, _read_words(last)
    side = f", {_read_side(crossed[1])}" if len(crossed) > 1 else ""
    return f"{kind} with issue" if crossed else kind, _read_sign(last) + side


def _read_words(token: str) -> str:
    """Return one or two words as read: ``not+x`` is a word behind a negation, a lone ``not`` the negation itself."""
    pieces = token.split("+")
    read: list[str] = []
    while pieces:
        piece = pieces.pop(0)
        if piece == "not" and pieces and pieces[0] != "not" and not pieces[0].startswith("_"):
            piece = f"{'' if read[-1:] == ['not'] else 'not … '}{pieces.pop(0)}"
        read.append(_read_mark(piece))
    return " ".join(read)


def _read_mark(piece: str) -> str:
    if not (piece.startswith("_") and piece.endswith("_") and len(piece) > 2):
        return piece
    name = piece.strip("_")
    return f"[{_MARKS.get(name, name.replace('_', ' '))}]"


def _read_sign(sign: str) -> str:
    name, equals, value = sign.partition("=")
    if equals:
        return {"side": _read_side(value), "cue": f'cue "{value}"', "cueclass": f"cue of {value}"}.get(name, sign)
    return " before ".join("[target]" if one == "T" else f"{one} words" for one in sign.split(">"))


def _read_side(side: str) -> str:
    return f"speaker: {_SIDES.get(side, side)}"


# Columns of a terminal that everybody has room for: a name, its kind, a number for each label.
WIDTH = 100
_NAME_WIDTH = 46
_KIND_WIDTH = 16
_NUMBER_WIDTH = 9


def format_stance(explanation: StanceExplanation, top: int) -> list[tuple[str, str]]:
    """Return the explanation as lines for a terminal, each with its style: a label, ``head``, ``plain`` or ``dim``.

    At most ``top`` features that speak for the stance are shown, and as many of those against; the others are summed up, so
    that the numbers of a column add up to its last.
    """
    chosen = explanation.stance
    labels = [chosen, *(label for label, _ in explanation.probabilities if label != chosen)]
    chances = dict(explanation.probabilities)
    first = "   ".join(f"{label} {chances[label]:.2f}" for label in labels)
    about = ", ".join(part for part in (explanation.issue and f"on {explanation.issue}", explanation.model) if part)
    lines = [(chosen, first)]
    lines += [("dim", line) for part in (explanation.sentence, about) for line in wrap(_printable(part), WIDTH)]
    lines += [
        ("plain", ""),
        ("dim", " " * (2 + _NAME_WIDTH + _KIND_WIDTH) + "".join(f"{label:>{_NUMBER_WIDTH}}" for label in labels)),
    ]
    for head, sign in ((f"for {chosen}", 1), (f"against {chosen}", -1)):
        chosen_side = [one for one in explanation.features if sign * dict(one.push)[chosen] > 0]
        lines.append(("head", head if chosen_side else f"{head}: nothing"))
        lines += [("plain", _line(one.name, one.kind, one.push, labels)) for one in chosen_side[:top]]
        if rest := chosen_side[top:]:
            summed = tuple((label, sum(dict(one.push)[label] for one in rest)) for label in labels)
            lines.append(("dim", _line(f"{len(rest)} more", "", summed, labels)))
    lines.append(("head", "together"))
    lines.append(("dim", _line("before any word is read", "", explanation.start, labels)))
    lines.append(("plain", _line("score", "", explanation.scores, labels)))
    known = len(explanation.features)
    lines.append(("dim", f"{known} of {known + explanation.n_unknown} features are known to the model; the others move nothing."))
    return lines


def _line(name: str, kind: str, values: Shares, labels: Sequence[str]) -> str:
    shown = _printable(name)
    shown = shown if len(shown) < _NAME_WIDTH else f"{shown[: _NAME_WIDTH - 2]}…"
    by_label = dict(values)
    return f"  {shown:<{_NAME_WIDTH}}{kind:<{_KIND_WIDTH}}" + "".join(f"{by_label[one]:>+{_NUMBER_WIDTH}.2f}" for one in labels)


def _printable(text: str) -> str:
    # A stranger's text must not steer the terminal.
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
