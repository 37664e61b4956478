"""UIMA CAS as INCEpTION exports and imports it: XMI (or JSON), a file for each document and annotator.

A folder as in an exported project: ``annotation/DOCUMENT/ANNOTATOR.xmi``, ``INITIAL_CAS.xmi`` for what was there before anybody
decided, and the type system in ``TypeSystem.xml``. Offsets count UTF-16 units; dkpro-cassis converts them.
"""

from __future__ import annotations

import io
import json
import re
import warnings
from pathlib import Path, PurePosixPath
from typing import Any

from stance.errors import InputError
from stance.files.formats.corpus import AnnotatedCorpus, Report, Row
from stance.files.formats.gathering import Gathered
from stance.files.formats.places import as_file_name, from_file_name, members_of
from stance.files.formats.statements import DETAIL_COLUMNS, article_details, as_cells, details_of, known_details
from stance.records import Article

INITIAL, CURATOR = "INITIAL_CAS", "CURATION_USER"
SUFFIXES = (".xmi", ".xml", ".json")
_STATEMENT, _ARTICLE = "webanno.custom.Statement", "webanno.custom.Article"
_ARTICLE_FEATURES = ("article_id", "title", "outlet", "published", "url")
_DECISION = ("stance", "verdict")
# What XML 1.0 has no way to write.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _cassis() -> Any:
    try:
        import cassis
    except ImportError as error:
        msg = "UIMA CAS needs the package dkpro-cassis: pip install 'stance[inception]'."
        raise InputError(msg) from error
    return cassis


def read_documents(path: Path, report: Report) -> tuple[list[Article], list[Row]]:
    """Return the articles and rows of a folder, a zip archive or a single XMI or JSON file."""
    members = dict(members_of(path, SUFFIXES))
    if path.is_file() and path.suffix.lower() == ".xmi":
        beside = path.with_name("TypeSystem.xml")
        members |= {PurePosixPath(beside.name): beside.read_bytes()} if beside.is_file() else {}
    found = Gathered(report)
    for name, content in members.items():
        if name.suffix.lower() == ".xml":
            continue
        cas = _load(name, content, members, report)
        if cas is not None:
            _read_document(found, cas, name)
    return list(found.articles.values()), found.rows


def _load(name: PurePosixPath, content: bytes, members: dict[PurePosixPath, bytes], report: Report) -> Any:
    cassis = _cassis()
    system = next((members[folder / "TypeSystem.xml"] for folder in name.parents if folder / "TypeSystem.xml" in members), None)
    if name.suffix.lower() != ".json" and system is None:
        report.add("files left out: there is no TypeSystem.xml beside or above them", str(name))
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of offsets that point nowhere; such rows are reported below
            if name.suffix.lower() == ".json":
                return cassis.load_cas_from_json(io.BytesIO(content))
            typesystem = cassis.load_typesystem(io.BytesIO(system or b""))
            return cassis.load_cas_from_xmi(io.BytesIO(content), typesystem=typesystem, lenient=True, trusted=False)
    except Exception as error:  # cassis raises whatever the XML, JSON or type system runs into
        report.add("files left out: they are no UIMA CAS", f"{name}: {str(error).splitlines()[0] if str(error) else error!r}")
        return None


def _read_document(found: Gathered, cas: Any, name: PurePosixPath) -> None:
    text = cas.sofa_string
    if not isinstance(text, str):
        found.report.add("files left out: they hold no text", str(name))
        return
    names = {one.name for one in cas.typesystem.get_types()}
    described = (
        {} if _ARTICLE not in names else next(({f: one[f] for f in _ARTICLE_FEATURES} for one in cas.select(_ARTICLE)), {})
    )
    # In a folder as INCEpTION makes it the document is the folder, named with the suffix of what was imported.
    inside = len(name.parts) > 1 and PurePosixPath(name.parent.name).suffix
    document = PurePosixPath(name.parent.name).stem if inside else name.stem
    article = found.article(text, described, from_file_name(document))
    told: Row = {"annotator": from_file_name(name.stem)} if inside and name.stem != INITIAL else {}
    if name.stem == CURATOR:
        told["adjudicated"] = True
    for kind in cas.typesystem.get_types():
        if kind.name != _ARTICLE and {feature.name.lower() for feature in kind.all_features} & set(_DECISION):
            for one in cas.select(kind.name):
                values = known_details({feature.name: one.get(feature.name) for feature in kind.all_features})
                _decide(values, decided=bool(told))
                found.add(article, one.begin, one.end, {**values, **told, **_adjudicated(values, told)}, str(name))


def _adjudicated(values: Row, told: Row) -> Row:
    return {"adjudicated": values["adjudicated"]} if values.get("adjudicated") and "adjudicated" not in told else {}


def _decide(values: Row, *, decided: bool) -> None:
    for name in _DECISION:
        values[name] = str(values.get(name) or "").strip().lower() or None
    if decided and values["verdict"] is None and values["stance"] is not None:
        values["verdict"] = "statement"


def write_documents(corpus: AnnotatedCorpus, folder: Path, report: Report) -> None:
    """Write a file for each article and annotator, and the type system they need."""
    located = corpus.located(report)
    system = _type_system()
    (folder / "TypeSystem.xml").write_bytes(system.to_xml().encode())
    for article in corpus.articles:
        rows = located[article.id]
        place = folder / "annotation" / f"{as_file_name(article.id)}.xmi"
        place.mkdir(parents=True)
        by_annotator: dict[str | None, list[Row]] = {None: []}
        for row in rows:
            by_annotator.setdefault(row["annotator"], []).append(row)
        for annotator, some in by_annotator.items():
            name = INITIAL if annotator is None else as_file_name(annotator)
            cas = _fill(system, article, some, report)
            (place / f"{name}.xmi").write_bytes(cas.to_xmi().encode())


def _type_system() -> Any:
    cassis = _cassis()
    system = cassis.TypeSystem()
    statement = system.create_type(_STATEMENT, supertypeName="uima.tcas.Annotation")
    for name in (*_DECISION, *(name for name in DETAIL_COLUMNS if name != "annotator")):
        system.create_feature(statement, name, "uima.cas.String")
    article = system.create_type(_ARTICLE, supertypeName="uima.tcas.Annotation")
    for name in _ARTICLE_FEATURES:
        system.create_feature(article, name, "uima.cas.String")
    return system


def _fill(system: Any, article: Article, rows: list[Row], report: Report) -> Any:
    cas = _cassis().Cas(typesystem=system)
    cas.sofa_string = _writable(article.text, f"article {article.id}", report)
    cas.sofa_mime = "text/plain"
    described = {name: _writable(value, f"article {article.id}", report) for name, value in article_details(article).items()}
    cas.add(system.get_type(_ARTICLE)(begin=0, end=len(article.text), **described))
    for row in rows:
        told = {**{name: row[name] for name in _DECISION if row[name]}, **as_cells(details_of({**row, "annotator": None}))}
        values = {name: _writable(value, f"statement {row['statement_id']}", report) for name, value in told.items()}
        cas.add(system.get_type(_STATEMENT)(begin=row["start"], end=row["end"], **values))
    return cas


def _writable(text: str, where: str, report: Report) -> str:
    if _NOT_XML.search(text):
        report.add("texts with control characters, which XML cannot hold: each is replaced by \ufffd", where)
    return _NOT_XML.sub("\ufffd", text)


def is_cas(value: Any) -> bool:
    """Return whether a JSON value is a UIMA CAS."""
    return isinstance(value, dict) and ("%FEATURE_STRUCTURES" in value or "%VIEWS" in value)


def is_cas_file(path: Path) -> bool:
    """Return whether a JSON file holds a UIMA CAS."""
    try:
        return is_cas(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return False
