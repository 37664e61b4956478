"""Reads what an annotator has put into the fields of a statement, and makes the row of a statement that had been missed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from stance.errors import InputError
from stance.pipeline import statement_id
from stance.records import CODED_COLUMNS, LIST_COLUMNS, QUOTE_TYPES, STANCES, STATEMENT_COLUMNS, Article, Decision, Span
from stance.review.suggestions import find_code
from stance.targets import target_label
from stance.targets.mentions import Issue
from stance.text import open_page

# What may be typed into a field and into the note.
MAX_CHARS, MAX_NOTE_CHARS = 300, 4000
# The columns that an annotator edits; the target is written anew from the issue and the parties.
EDITED_COLUMNS = tuple(name for name in CODED_COLUMNS if name != "target")
LABELS = {
    "speaker": "Speaker",
    "speaker_role": "Role",
    "speaker_actor": "Speaks for",
    "issue": "Issue",
    "sender": "Sender",
    "recipient": "Recipient",
    "location": "Place",
    "target": "Target",
    "quote_type": "Quotation",
}
_CODE = re.compile(r"[A-Z][A-Z0-9_]+")
_MAY_BE_NONE = ("speaker_role", "speaker_actor")
_PARTIES = {"sender_recipient": ("sender", "recipient"), "location": ("location",), "none": ()}


@dataclass(frozen=True, slots=True)
class Selected:
    """The sentence in which a selection begins, and the words selected in it; ``n_sentences`` counts those it runs over."""

    place: Span
    quote: str
    n_sentences: int


def shown_value(value: Any) -> str:
    """Return the value of a column as it stands in a field; several are joined by ``;``."""
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return "" if value is None or value != value else str(value)


def read_fields(
    form: Mapping[str, str], row: Mapping[str, Any], issues: Iterable[Issue], names: Collection[str]
) -> dict[str, Any]:
    """Return the coded columns in which a form differs from a statement; ``names`` are the issues that may be chosen.

    Raises
    ------
    InputError
        If a field is too long, an actor is unknown, or the speaker is missing.
    """
    typed = {name: _read_field(name, form[name], row, names) for name in EDITED_COLUMNS if name in form}
    changed = {name: value for name, value in typed.items() if not is_same(value, row.get(name))}
    issue = next((one for one in issues if one.name == typed.get("issue", row.get("issue"))), None)
    if issue is not None and "issue" in changed:
        # A ceasefire has no sender: parties that the new issue does not know are those of the old one.
        emptied: dict[str, Any] = {name: [] for name in LIST_COLUMNS[:3] if name not in _PARTIES[issue.parties] and row.get(name)}
        changed = {name: value for name, value in changed.items() if name not in emptied} | emptied
    if issue is not None and changed.keys() & {"issue", *LIST_COLUMNS}:
        parties = [tuple(changed.get(name, row.get(name) or ())) for name in LIST_COLUMNS[:3]]
        label = target_label(issue.label, *parties)
        if label != row.get("target"):
            changed["target"] = label
    return changed


def is_same(one: Any, other: Any) -> bool:
    """Return whether two values of a coded column mean the same: the order of several does not count, nor how nothing is written.

    >>> is_same(["IRN", "RUS"], ["RUS", "IRN"]), is_same(None, ""), is_same("", [])
    (True, True, True)
    """
    pair = [sorted(map(str, value)) if isinstance(value, list | tuple) else shown_value(value) for value in (one, other)]
    return pair[0] == pair[1] or not any(pair)


def _read_field(name: str, typed: str, row: Mapping[str, Any], names: Collection[str]) -> Any:
    value = " ".join(typed.split())
    label = LABELS[name]
    if len(value) > MAX_CHARS:
        msg = f"{label}: {len(value)} characters are too many; {MAX_CHARS} are the most."
        raise InputError(msg)
    if value == shown_value(row.get(name)):
        return row.get(name)
    if name in LIST_COLUMNS:
        return list(dict.fromkeys(_read_code(part, label) for part in re.split("[;,]", value) if part.strip()))
    if name == "speaker_actor" and value:
        return _read_code(value, label)
    if name == "speaker" and not value:
        msg = f"{label}: a statement needs one; write the description if nobody is named (a senior diplomat)."
        raise InputError(msg)
    known = QUOTE_TYPES if name == "quote_type" else names if name == "issue" else ()
    if known and value not in known:
        msg = f"{label}: {value!r} is not one of {', '.join(known)}."
        raise InputError(msg)
    return None if not value and name in _MAY_BE_NONE else value


def _read_code(words: str, label: str) -> str:
    code = find_code(words) or words.strip()
    if not _CODE.fullmatch(code):
        msg = f"{label}: {code!r} is neither a code nor a name in the tables; write a code of your own in capitals."
        raise InputError(msg)
    return code


def read_decision(
    form: Mapping[str, str],
    row: Mapping[str, Any],
    *,
    annotator: str,
    issues: Iterable[Issue],
    names: Collection[str],
    adjudicated: bool = False,
) -> Decision:
    """Return the decision that a form gives on a statement; ``decision`` in it is a stance, ``no_statement`` or ``unsure``.

    Raises
    ------
    InputError
        If it gives none of them, a field cannot be read, or the note is too long.
    """
    given, note = form.get("decision", ""), form.get("note", "").replace("\r\n", "\n").strip()
    if given not in (*STANCES, "no_statement", "unsure"):
        msg = f"A decision is {', '.join(STANCES)}, no_statement or unsure; found {given!r}."
        raise InputError(msg)
    if len(note) > MAX_NOTE_CHARS:
        msg = f"Note: {len(note)} characters are too many; {MAX_NOTE_CHARS} are the most."
        raise InputError(msg)
    stance = given if given in STANCES else None
    fields = read_fields(form, row, issues, names)
    verdict = "statement" if stance else given
    return Decision(str(row["statement_id"]), annotator, verdict, stance, fields, note, adjudicated)


def find_selected(text: str, start: int, end: int) -> Selected:
    """Return the sentence in which a selection begins; the words are the whole sentence's where nothing of it is selected.

    Raises
    ------
    InputError
        If the selection lies outside the text, or the text has no sentences.
    """
    page = open_page(text)
    if not 0 <= start <= end <= len(text) or not page.sentences:
        msg = f"There is no sentence at {start}:{end}; the article has {len(text)} characters."
        raise InputError(msg)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:  # half a word is meant as the whole one
        while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
            end += 1
    first, last = page.sentence_at(start), page.sentence_at(max(start, end - 1))
    place = page.sentences[first].span
    quote = text[max(start, place.start) : min(end, place.end)].strip()
    return Selected(place, quote or text[place.start : place.end], last - first + 1)


def missed_row(article: Article, selected: Selected, coded: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of a statement that had been missed, with the columns as coded and nothing that a model would say."""
    place = selected.place
    row: dict[str, Any] = dict.fromkeys(STATEMENT_COLUMNS)
    row.update({name: [] for name in LIST_COLUMNS})
    row.update(
        article_id=article.id,
        outlet=article.outlet,
        published=article.published,
        url=article.url,
        start=place.start,
        end=place.end,
        sentence=article.text[place.start : place.end],
        quote=selected.quote,
        cue="",
        speaker_mention="",
        **coded,
    )
    row["statement_id"] = statement_id(article.id, place.start, place.end, row["speaker"], row["issue"])
    return row
