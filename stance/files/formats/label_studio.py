"""Label Studio: tasks as JSON with annotations and predictions, and the labelling config that they need.

Its offsets count code points since version 1.5 (2022) and UTF-16 units before; a region's ``text`` tells which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from stance.errors import InputError
from stance.files.annotations import PREDICTION_COLUMNS
from stance.files.formats.corpus import AnnotatedCorpus, Report, Row
from stance.files.formats.gathering import Gathered, as_number, read_json_file
from stance.files.formats.offsets import Utf16Offsets
from stance.files.formats.statements import (
    SPAN_LABELS,
    article_details,
    details_of,
    known_details,
    label_of,
    read_label,
)
from stance.files.outputs import write_bytes, write_json
from stance.records import CODED_COLUMNS, ISSUES, LIST_COLUMNS, QUOTE_TYPES, Article

CONFIG_SUFFIX = ".xml"
_CHOICES = {"issue": ISSUES, "quote_type": QUOTE_TYPES}
_WRITTEN = tuple(name for name in (*CODED_COLUMNS, "note") if name not in _CHOICES)
# What Label Studio keeps of a whole annotation or prediction.
_NATIVE = ("annotator", "adjudicated", "model")
_COLORS = dict(zip(SPAN_LABELS, ("#0072B2", "#D55E00", "#999999", "#000000", "#CC79A7", "#F0E442"), strict=True))
_SPAN, _TEXT = "stance", "text"


def read_tasks(path: Path, report: Report) -> tuple[list[Article], list[Row]]:
    """Return the articles and rows of an export (JSON, not JSON-MIN) or of an import file."""
    tasks = read_json_file(path)
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        msg = f"{path} is not a Label Studio export: it holds no list of tasks. Export as JSON, not as JSON-MIN or CSV."
        raise InputError(msg)
    found = Gathered(report)
    for number, task in enumerate(tasks, start=1):
        data = task.get("data") if isinstance(task.get("data"), dict) else {}
        if not isinstance(data.get(_TEXT), str):
            report.add("tasks left out: they have no 'data' with a 'text'", f"task {task.get('id', number)}")
            continue
        article = found.article(data[_TEXT], data, str(task.get("id", number)))
        for one in _dicts(task.get("annotations") or task.get("completions")):
            if one.get("was_cancelled"):
                report.add("skipped annotations left out", f"task {task.get('id', number)}")
                continue
            told = {"annotator": _annotator(one, data), "adjudicated": bool(one.get("ground_truth"))}
            told["decided_at"] = one.get("updated_at") or one.get("created_at")
            _read_regions(found, article, one.get("result"), told)
        for one in _dicts(task.get("predictions")):
            _read_regions(found, article, one.get("result"), {"model": one.get("model_version") or None})
    return list(found.articles.values()), found.rows


def _dicts(values: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; some exports have their numbers alone."""
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def _annotator(annotation: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    by = annotation.get("completed_by")
    if isinstance(by, dict):
        by = by.get("email") or by.get("id")
    names = data.get("annotators")
    return str((names.get(str(by)) if isinstance(names, dict) else None) or by or "")


def _read_regions(found: Gathered, article: Article, result: Any, told: Mapping[str, Any]) -> None:
    regions: dict[Any, list[dict[str, Any]]] = {}
    for item in result if isinstance(result, list) else []:
        value = item.get("value") if isinstance(item, dict) else None
        if isinstance(value, dict) and "start" in value:
            regions.setdefault(item.get("id") or (value["start"], value.get("end")), []).append(item)
        else:
            found.report.add("results left out: they belong to no words of the text", str(item)[:40])
    for name, items in regions.items():
        values = _read_region(items)
        label = values.pop(_SPAN, None)
        coded = read_label(str(label), decided="annotator" in told)
        if coded is None:
            found.report.add("regions left out: their label is no stance", str(label))
            continue
        # What is told of a whole annotation counts where its regions say nothing themselves.
        start, end = _place(article.text, items[0]["value"])
        # Annotators begin with what was predicted, and copy what it says of the model.
        copied = PREDICTION_COLUMNS if "annotator" in told else ()
        known = {key: value for key, value in {**told, **values}.items() if value is not None and key not in copied}
        found.add(article, start, end, {**known, **coded}, f"region {name} of article {article.id}")


def _read_region(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the items of a region say, by column; ``stance`` is its label."""
    values: dict[str, Any] = {}
    for item in items:
        meta = item.get("meta")
        if isinstance(meta, dict):
            if isinstance(meta.get("stance"), dict):
                values = {**known_details(meta["stance"]), **values}
            if meta.get("text"):
                values.setdefault("note", " ".join(meta["text"]) if isinstance(meta["text"], list) else str(meta["text"]))
    for item in items:
        kind, value = str(item.get("type", "")), item["value"]
        told = value.get(kind) if kind != "textarea" else value.get("text")
        told = told if isinstance(told, list) else [told] if told is not None else []
        if kind.endswith("labels"):
            values[_SPAN] = told[0] if told else None
        elif kind == "taxonomy":
            # A path from the broadest to the narrowest; the narrowest is meant.
            values[str(item.get("from_name"))] = [path[-1] for path in told if path]
        elif kind in ("choices", "textarea"):
            values[str(item.get("from_name"))] = told
    return known_details({name: told if name in LIST_COLUMNS else _as_line(told) for name, told in values.items()})


def _as_line(told: Any) -> Any:
    return "\n".join(map(str, told)) if isinstance(told, list) else told


def _place(text: str, value: Mapping[str, Any]) -> tuple[int | None, int | None]:
    start, end = as_number(value["start"]), as_number(value.get("end"))
    if start is None or end is None or not isinstance(value.get("text"), str) or text[start:end] == value["text"]:
        return start, end
    offsets = Utf16Offsets(text)
    first, last = offsets.points(start), offsets.points(end)
    if first is not None and last is not None and text[first:last] == value["text"]:
        return first, last
    return start, end


def write_tasks(corpus: AnnotatedCorpus, path: Path, report: Report) -> None:
    """Write tasks to import, and the labelling config beside them."""
    located = corpus.located(report)
    tasks = [_task(article, located[article.id]) for article in corpus.articles]
    write_bytes(path.with_suffix(CONFIG_SUFFIX), labelling_config().encode())
    write_json(path, tasks)


def _task(article: Article, rows: list[Row]) -> dict[str, Any]:
    decided: dict[tuple[str, bool], list[Row]] = {}
    predicted: dict[str, list[Row]] = {}
    for row in rows:
        if row["verdict"] is None:
            predicted.setdefault(row["model"] or "", []).append(row)
        else:
            decided.setdefault((row["annotator"], row["adjudicated"]), []).append(row)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(name for name, _ in decided), start=1)}
    annotations = [
        {
            "completed_by": {"email": name} if "@" in name else numbers[name],
            "ground_truth": adjudicated,
            "was_cancelled": False,
            "result": [item for row in some for item in _region(row)],
        }
        for (name, adjudicated), some in decided.items()
    ]
    predictions = [
        {"model_version": model, "result": [item for row in some for item in _region(row)]} for model, some in predicted.items()
    ]
    named = {"annotators": {str(number): name for name, number in numbers.items()}} if numbers else {}
    data = {_TEXT: article.text, **article_details(article), **named}
    return {"data": data, "annotations": annotations, "predictions": predictions}


def _region(row: Row) -> Iterator[dict[str, Any]]:
    place = {"start": row["start"], "end": row["end"], "text": row["sentence"]}
    common = {"id": row["statement_id"], "to_name": _TEXT}
    rest = {name: value for name, value in details_of(row).items() if name not in (*_CHOICES, *_WRITTEN, *_NATIVE)}
    value = {**place, "labels": [label_of(row)]}
    yield {**common, "from_name": _SPAN, "type": "labels", "value": value, "meta": {"stance": rest}}
    for name, told in details_of(row).items():
        several = told if isinstance(told, list) else [told]
        if name in _CHOICES:
            yield {**common, "from_name": name, "type": "choices", "value": {**place, "choices": several}}
        elif name in _WRITTEN:
            yield {**common, "from_name": name, "type": "textarea", "value": {**place, "text": several}}


def labelling_config() -> str:
    """Return the labelling config (XML) whose names the tasks use."""
    view = ElementTree.Element("View")
    labels = ElementTree.SubElement(view, "Labels", name=_SPAN, toName=_TEXT)
    for label in SPAN_LABELS:
        ElementTree.SubElement(labels, "Label", value=label, background=_COLORS[label])
    # Without this Label Studio shows runs of spaces as one, and counts differently from what it shows.
    style = ElementTree.SubElement(view, "Style")
    style.text = ".htx-text{ white-space: pre-wrap; }"
    ElementTree.SubElement(view, "Text", name=_TEXT, value=f"${_TEXT}")
    for name, choices in _CHOICES.items():
        ElementTree.SubElement(view, "Header", value=name)
        control = ElementTree.SubElement(view, "Choices", name=name, toName=_TEXT, perRegion="true", choice="single-radio")
        for choice in choices:
            ElementTree.SubElement(control, "Choice", value=choice)
    for name in _WRITTEN:
        once = {} if name in LIST_COLUMNS else {"maxSubmissions": "1"}
        ElementTree.SubElement(view, "Header", value=name)
        ElementTree.SubElement(view, "TextArea", {"name": name, "toName": _TEXT, "perRegion": "true", "editable": "true", **once})
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"
