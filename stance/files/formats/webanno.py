"""WebAnno TSV 3.3 as INCEpTION exports and imports it: a token a line, a file for each document and annotator.

Offsets count UTF-16 units. Annotations can begin and end only at tokens and parts of tokens; so space where one does is a token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from stance.files.formats.corpus import AnnotatedCorpus, Report, Row
from stance.files.formats.gathering import Gathered
from stance.files.formats.offsets import Utf16Offsets
from stance.files.formats.places import as_file_name, from_file_name, members_of
from stance.files.formats.sidecar import NAME, read_sidecar, write_sidecar
from stance.files.formats.statements import DETAIL_COLUMNS, as_cells, details_of, known_details
from stance.files.formats.uima import CURATOR, INITIAL
from stance.records import Article

_LAYER = "webanno.custom.Statement"
_FEATURES = ("stance", "verdict", *(name for name in DETAIL_COLUMNS if name != "annotator"))
_EMPTY, _NONE = "*", "_"
_ESCAPED = re.compile(r"\\|\[|\]|\||_|->|;|\t|\n|\r|\*")
_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_UNESCAPE = re.compile(r"\\(->|.)", re.DOTALL)
_UNESCAPES = {"t": "\t", "n": "\n", "r": "\r"}
_STACK = re.compile(r"(?:\\.|[^|\\])+", re.DOTALL)
_IDENTIFIED = re.compile(r"((?:\\.|[^\\\[])*)\[(\d+)\]", re.DOTALL)
_UNIT = re.compile(r"(\d+)-(\d+)(?:\.(\d+))?\t(\d+)-(\d+)\t([^\t]*)\t?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A token or a part of one, in UTF-16 units, and its cells."""

    start: int
    end: int
    text: str
    cells: tuple[str, ...]
    part: bool


def read_documents(path: Path, report: Report) -> tuple[list[Article], list[Row]]:
    """Return the articles and rows of a folder, a zip archive or a single TSV file."""
    members = dict(members_of(path, (".tsv", ".csv")))
    known = read_sidecar(next((content for name, content in members.items() if name.name == NAME), None))
    found = Gathered(report)
    for name, content in members.items():
        if name.name == NAME:
            continue
        text = content.decode("utf-8-sig", "replace")
        if not text.startswith("#FORMAT=WebAnno TSV 3"):
            report.add("files left out: they do not begin with #FORMAT=WebAnno TSV 3", str(name))
            continue
        _read_document(found, text, name, known, single=path.is_file() and len(members) == 1)
    return list(found.articles.values()), found.rows


def _read_document(found: Gathered, content: str, name: PurePosixPath, known: dict[str, dict[str, str]], *, single: bool) -> None:
    lines = content.split("\n")
    layers = _read_header(lines)
    text, units = _read_body(lines, found.report, str(name))
    inside = not single and len(name.parts) > 1
    document = name.parent.name if inside else name.name
    article = found.article(text, known.get(document), from_file_name(document.removesuffix(".tsv")))
    told: Row = {"annotator": from_file_name(name.stem)} if inside and name.stem != INITIAL else {}
    if name.stem == CURATOR:
        told["adjudicated"] = True
    offsets = Utf16Offsets(text)
    for start, end, values in _read_spans(layers, units):
        values = known_details(values)
        if not ({"stance", "verdict"} & set(values)):
            found.report.add("annotations left out: they have neither stance nor verdict", f"{name}: {start}-{end}")
            continue
        if told and values.get("stance") and not values.get("verdict"):
            values["verdict"] = "statement"
        found.add(article, offsets.points(start), offsets.points(end), {**told, **values}, f"{name}: {start}-{end}")


def _read_header(lines: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the layers and their features, in the order of the columns."""
    declared = [line.partition("=") for line in lines[1:] if line.startswith(("#T_SP=", "#T_CH=", "#T_RL="))]
    layers = []
    for kind, _, rest in declared:
        layer, *features = rest.rstrip("\r").split("|")
        # A layer without features has one column; relations have one more, for where they come from.
        layers.append((layer if kind == "#T_SP" else "", tuple(features) or ("",)))
    return layers


def _read_body(lines: list[str], report: Report, name: str) -> tuple[str, list[_Unit]]:
    """Return the text and its units; what stands between sentences is read as INCEpTION does: a line end, then spaces."""
    text = ""
    length = 0
    pending: list[str] | None = None
    units: list[_Unit] = []
    for number, line in enumerate(lines, start=1):
        if line.startswith("#Text="):
            pending = [*(pending or []), _unescape(line[6:])]
        elif match := _UNIT.fullmatch(line):
            _, _, part, start, end, words, cells = match.groups()
            if pending is not None:
                gap = max(0, int(start) - length)
                text += "\n"[:gap] + " " * (gap - 1) + "\n".join(pending)
                length += gap + _units("\n".join(pending))
                pending = None
            split = cells.removesuffix("\t").split("\t") if cells else []
            units.append(_Unit(int(start), int(end), _unescape(words), tuple(split), part is not None))
        elif line.strip() and not line.startswith("#"):
            report.add("lines left out: they are no tokens", f"{name} line {number}")
    return text, units


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _read_spans(layers: list[tuple[str, tuple[str, ...]]], units: list[_Unit]) -> Iterator[tuple[int, int, Row]]:
    """Yield start, end (in UTF-16 units) and features of every span."""
    column = 0
    for layer, features in layers:
        spans: dict[object, tuple[int, int, Row]] = {}
        for position, unit in enumerate(units):
            cells = unit.cells[column : column + len(features)]
            if not layer or not cells or all(cell == _NONE for cell in cells):
                continue
            stacks = [_STACK.findall(cell) for cell in cells]
            for place, first in enumerate(stacks[0]):
                identity = _IDENTIFIED.fullmatch(first)
                key: object = int(identity[2]) if identity else (position, place)
                values = {
                    feature: _value(stack[place]) for feature, stack in zip(features, stacks, strict=False) if place < len(stack)
                }
                start, end, _ = spans.get(key, (unit.start, unit.end, None))
                spans[key] = (min(start, unit.start), max(end, unit.end), values)
        yield from spans.values()
        column += len(features)


def _value(cell: str) -> str | None:
    identified = _IDENTIFIED.fullmatch(cell)
    value = identified[1] if identified else cell
    return None if value in (_EMPTY, _NONE) else _unescape(value)


def _unescape(text: str) -> str:
    return _UNESCAPE.sub(lambda match: _UNESCAPES.get(match[1], match[1]), text)


def _escape_text(text: str) -> str:
    # Of the article no more than must be: readers differ in what else they take for escaped.
    return re.sub(r"[\\\t\n\r]", lambda match: _ESCAPES.get(match[0], f"\\{match[0]}"), text)


def _escape(text: str) -> str:
    return _ESCAPED.sub(lambda match: _ESCAPES.get(match[0], f"\\{match[0]}"), text)


def write_documents(corpus: AnnotatedCorpus, folder: Path, report: Report) -> None:
    """Write a file for each article and annotator, and the table of articles."""
    located = corpus.located(report)
    files = []
    for article in corpus.articles:
        document = f"{as_file_name(article.id)}.tsv"
        files.append((document, article))
        place = folder / "annotation" / document
        place.mkdir(parents=True)
        by_annotator: dict[str | None, list[Row]] = {None: []}
        for row in located[article.id]:
            by_annotator.setdefault(row["annotator"], []).append(row)
        for annotator, rows in by_annotator.items():
            name = INITIAL if annotator is None else as_file_name(annotator)
            (place / f"{name}.tsv").write_bytes("".join(f"{line}\n" for line in _lines(article.text, rows)).encode())
    write_sidecar(files, folder)


def _lines(text: str, rows: list[Row]) -> Iterator[str]:
    yield from ("#FORMAT=WebAnno TSV 3.3", f"#T_SP={_LAYER}|{'|'.join(_FEATURES)}", "")
    features = [
        {**{name: row[name] for name in ("stance", "verdict") if row[name]}, **as_cells(details_of({**row, "annotator": None}))}
        for row in rows
    ]
    spans = [(row["start"], row["end"]) for row in rows]
    offsets = Utf16Offsets(text)
    for number, (begin, stop, tokens) in enumerate(_sentences(text, spans), start=1):
        yield ""
        yield from (f"#Text={_escape_text(line)}" for line in text[begin:stop].split("\n"))
        for position, token in enumerate(tokens, start=1):
            for part, (start, end) in enumerate(_parts(token, spans)):
                here = [index for index, span in enumerate(spans) if _overlap(span, token) == (start, end)]
                cells = ["|".join(_cell(features[i].get(name), i + 1) for i in here) or _NONE for name in _FEATURES]
                unit = f"{number}-{position}" + (f".{part}" if part else "")
                place = f"{offsets.units(start)}-{offsets.units(end)}"
                yield "\t".join([unit, place, _escape_text(text[start:end]), *cells, ""])


def _cell(value: str | None, identity: int) -> str:
    return f"{_EMPTY if value is None else _escape(value)}[{identity}]"


def _overlap(span: tuple[int, int], token: tuple[int, int]) -> tuple[int, int] | None:
    start, end = max(span[0], token[0]), min(span[1], token[1])
    return (start, end) if start < end else None


def _parts(token: tuple[int, int], spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the token, then those of its parts that a span covers without covering all of it."""
    found = {_overlap(span, token) for span in spans} - {None, token}
    return [token, *sorted(part for part in found if part is not None)]


def _sentences(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Yield the lines of a text with their tokens; together they are the whole text, for what is between them is not told."""
    tokens = list(_tokens(text, spans))
    current: list[tuple[int, int]] = []
    begin = 0
    for token in tokens:
        if current and "\n" in text[current[-1][1] : token[0]]:
            yield begin, token[0], current
            begin, current = token[0], []
        current.append(token)
    yield begin, len(text), current


def _tokens(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield words, and the space in which a span begins or ends or with which the text begins."""
    edges = {edge for start, end in spans for edge in (start, end - 1)} | {0}
    for match in re.finditer(r"\S+|\s+", text):
        if not match[0].isspace() or any(match.start() <= edge < match.end() for edge in edges):
            yield match.span()
