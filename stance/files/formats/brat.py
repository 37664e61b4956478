"""brat standoff: a folder with a text (.txt) and its annotations (.ann) for each article. Offsets count code points.

A statement is a text-bound annotation called after its label; issue and type of quotation are attributes; speaker and cue are
spans of their own with relations; the annotator's note is a note; all else is a note of type ``Stance``, in JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from stance.files.formats.corpus import AnnotatedCorpus, Report, Row
from stance.files.formats.gathering import Gathered
from stance.files.formats.places import as_file_name, from_file_name, members_of
from stance.files.formats.sidecar import NAME, read_sidecar, write_sidecar
from stance.files.formats.statements import SPAN_LABELS, details_of, known_details, label_of, read_label
from stance.records import ISSUES, QUOTE_TYPES, Article

SUFFIXES = (".txt", ".ann", ".csv", ".conf")
_ATTRIBUTES = {"Issue": "issue", "Quote_type": "quote_type"}
# Words of the sentence: the type of their span, the relation to them, and the column that holds them.
_PARTS = (("Speaker", "Said_by", "speaker_mention"), ("Cue", "Told_by", "cue"))
# What ends a line for one reader or another; no span may hold it.
_LINE_ENDS = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_SPAN = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)")
_Span = tuple[int, int]


def read_folder(path: Path, report: Report) -> tuple[list[Article], list[Row]]:
    """Return the articles and rows of a folder or zip archive."""
    members = dict(members_of(path, (".txt", ".ann", ".csv")))
    known = read_sidecar(next((content for name, content in members.items() if name.name == NAME), None))
    found = Gathered(report)
    for name, content in members.items():
        if name.suffix.lower() == ".txt":
            try:
                text = content.decode("utf-8")
            except UnicodeDecodeError:
                report.add("files left out: they are not UTF-8, which brat requires", str(name))
                continue
            article = found.article(text, known.get(name.stem), from_file_name(name.stem))
            annotations = members.get(name.with_suffix(".ann"), b"").decode("utf-8", "replace")
            _read_annotations(found, article, annotations, str(name.with_suffix(".ann")))
        elif name.suffix.lower() == ".ann" and name.with_suffix(".txt") not in members:
            report.add("files left out: their text (.txt) is missing", str(name))
    return list(found.articles.values()), found.rows


def _read_annotations(found: Gathered, article: Article, content: str, name: str) -> None:
    spans: dict[str, tuple[str, list[_Span]]] = {}
    values: dict[str, Row] = {}
    relations: list[tuple[str, str, str]] = []
    for number, line in enumerate(content.split("\n"), start=1):
        key, _, rest = line.rstrip("\r").partition("\t")
        told, _, words = rest.partition("\t")
        names = told.split(" ")
        if match := _SPAN.fullmatch(told) if key.startswith("T") else None:
            spans[key] = (match[1], [(int(a), int(b)) for a, b in (piece.split(" ") for piece in match[2].split(";"))])
        elif key[:1] in ("A", "M") and len(names) >= 2:
            values.setdefault(names[1], {})[names[0]] = names[2] if len(names) > 2 else "true"
        elif key.startswith("#") and len(names) == 2:
            values.setdefault(names[1], {})[f"#{names[0]}"] = words
        elif key.startswith("R") and len(names) == 3:
            relations.append((names[0], names[1].partition(":")[2], names[2].partition(":")[2]))
        elif line.strip():
            found.report.add(
                "lines left out: brat's normalisations, events, equivalences and what is none of them", f"{name} line {number}"
            )
    parts = {kind for kind, _, _ in _PARTS}
    for key, (kind, pieces) in spans.items():
        if kind not in parts:
            beside = {
                r: " ".join(article.text[a:b] for a, b in spans[to][1]) for r, by, to in relations if by == key and to in spans
            }
            _read_span(found, article, kind, pieces, values.get(key, {}), beside, f"{name} {key}")


def _read_span(
    found: Gathered, article: Article, kind: str, pieces: list[_Span], told: Row, words: dict[str, str], where: str
) -> None:
    beside = _read_json(told.get("#Stance", ""))
    annotator = beside.get("annotator")
    # Without our note it was marked in brat, by somebody.
    coded = read_label(kind, decided=annotator is not None or "#Stance" not in told)
    if coded is None:
        found.report.add("spans left out: their type is no stance", f"{where}: {kind}")
        return
    details = known_details(beside)
    for attribute, column in _ATTRIBUTES.items():
        if attribute in told or column in details:
            details[column] = _unchanged(details.get(column), told.get(attribute), _as_name)
    details["note"] = _unchanged(details.get("note"), told.get("#AnnotatorNotes"), _as_line)
    for _, relation, column in _PARTS:
        if relation in words and _as_line(words[relation]) != _as_line(str(details.get(column) or "")):
            details[column] = words[relation]
    start, end = min(piece[0] for piece in pieces), max(piece[1] for piece in pieces)
    exact = beside.get("span")
    if isinstance(exact, list) and len(exact) == 2 and _pieces(article.text, exact[0], exact[1]) == pieces:
        start, end = exact
    found.add(article, start, end, {**details, **coded}, where)


def _read_json(note: str) -> dict[str, Any]:
    try:
        value = json.loads(note) if note else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _unchanged(exact: Any, shown: str | None, show: Any) -> Any:
    """Return the exact value where brat still shows it, otherwise what brat shows."""
    return exact if exact is not None and show(exact) == (shown or "") else shown or None


def _as_line(text: str) -> str:
    return " ".join(text.split())


def _as_name(text: str) -> str:
    return re.sub(r"\s+", "_", text.strip())


def write_folder(corpus: AnnotatedCorpus, folder: Path, report: Report) -> None:
    """Write texts, annotations, the table of articles, and the configuration that brat needs."""
    located = corpus.located(report)
    files = []
    for article in corpus.articles:
        name = as_file_name(article.id)
        files.append((name, article))
        (folder / f"{name}.txt").write_bytes(article.text.encode())
        (folder / f"{name}.ann").write_bytes("".join(f"{line}\n" for line in _lines(article.text, located[article.id])).encode())
    write_sidecar(files, folder)
    issues = sorted({*ISSUES, *(row["issue"] for rows in located.values() for row in rows if row["issue"])})
    (folder / "annotation.conf").write_bytes(_configuration(issues).encode())


def _lines(text: str, rows: list[Row]) -> Iterator[str]:
    n_spans = n_attributes = n_notes = n_relations = 0
    for row in rows:
        n_spans += 1
        key = f"T{n_spans}"
        details = details_of(row)
        yield _text_bound(key, label_of(row).capitalize(), text, row["start"], row["end"])
        for attribute, column in _ATTRIBUTES.items():
            if column in details:
                n_attributes += 1
                yield f"A{n_attributes}\t{attribute} {key} {_as_name(details[column])}"
        for kind, relation, column in _PARTS:
            start = row["sentence"].find(details[column]) if column in details else -1
            if start >= 0:
                n_spans, n_relations = n_spans + 1, n_relations + 1
                start += row["start"]
                yield _text_bound(f"T{n_spans}", kind, text, start, start + len(details[column]))
                yield f"R{n_relations}\t{relation} Arg1:{key} Arg2:T{n_spans}"
        if note := _as_line(details.get("note", "")):
            n_notes += 1
            yield f"#{n_notes}\tAnnotatorNotes {key}\t{note}"
        n_notes += 1
        yield f"#{n_notes}\tStance {key}\t{json.dumps({**details, 'span': [row['start'], row['end']]})}"


def _text_bound(key: str, kind: str, text: str, start: int, end: int) -> str:
    pieces = _pieces(text, start, end)
    places = ";".join(f"{first} {last}" for first, last in pieces)
    words = " ".join(text[first:last] for first, last in pieces)
    return f"{key}\t{kind} {places}\t{_LINE_ENDS.sub(' ', words)}"


def _pieces(text: str, start: int, end: int) -> list[_Span]:
    """Return the pieces of a span between line ends; a span of nothing else is one piece."""
    if not (isinstance(start, int) and isinstance(end, int)):
        return []
    ends = [match.span() for match in _LINE_ENDS.finditer(text, start, end)]
    edges = [start, *(edge for pair in ends for edge in pair), end]
    pieces = [(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True) if first < last]
    return pieces or [(start, end)]


def _configuration(issues: list[str]) -> str:
    kinds = [label.capitalize() for label in SPAN_LABELS]
    relations = [f"{relation}\tArg1:{'|'.join(kinds)}, Arg2:{kind}" for kind, relation, _ in _PARTS]
    # Statements may overlap, and lie on top of each other where a sentence takes up two targets.
    overlaps = ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"]
    values = {"Issue": "|".join(map(_as_name, issues)), "Quote_type": "|".join(QUOTE_TYPES)}
    attributes = [f"{name}\tArg:{'|'.join(kinds)}, Value:{told}" for name, told in values.items()]
    sections = {
        "entities": [*kinds, *(kind for kind, _, _ in _PARTS)],
        "relations": [*relations, *overlaps],
        "events": [],
        "attributes": attributes,
    }
    return "\n".join(line for name, lines in sections.items() for line in (f"[{name}]", *lines, ""))


def holds_annotations(path: Path) -> bool:
    """Return whether a folder has files of brat in it."""
    return path.is_dir() and any(PurePosixPath(file.name).suffix == ".ann" for file in path.rglob("*"))
