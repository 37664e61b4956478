"""Files in the form in which each tool exports them, written by hand from its documentation, not by us."""

from __future__ import annotations

import json
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import InputError
from stance.files.formats import AnnotatedCorpus, assemble, read_corpus, write_corpus
from stance.files.formats.corpus import Report
from stance.files.formats.label_studio import labelling_config
from stance.records import Article

# The medal and the ship are two UTF-16 units each, so that every offset behind them shows in what it counts.
NAMES = (
    "label",
    "entities",
    "spans",
    "meta",
    "annotations",
    "predictions",
    "data",
    "answer",
    "statements",
    "annotator",
    "_timestamp",
)
TEXT = "🏅🚢 The harbour reopened.\nTarin's envoy said the truce must hold. Sela's premier refused to lift the embargo."
FIRST, SECOND = "Tarin's envoy said the truce must hold.", "Sela's premier refused to lift the embargo."


def place(words: str, units: int = 0) -> tuple[int, int]:
    """Where words stand in the text, in code points, or with two units for what is beyond the basic plane."""
    start = TEXT.index(words) + units
    return start, start + len(words)


def seen(corpus: AnnotatedCorpus, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in corpus.rows()]


def write(path: Path, *lines: Any) -> Path:
    path.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines), encoding="utf-8")
    return path


def region(key: str, start: int, end: int, name: str, kind: str, told: list[str], words: str | None = None) -> dict[str, Any]:
    value = {"start": start, "end": end, {"textarea": "text"}.get(kind, kind): told, **({"text": words} if words else {})}
    return {"id": key, "from_name": name, "to_name": "text", "type": kind, "origin": "manual", "value": value}


@pytest.mark.parametrize("units", [0, 2], ids=["code points, as since 2022", "UTF-16 units, as before"])
def test_a_label_studio_export_with_two_annotators_and_a_prediction(tmp_path: Path, units: int) -> None:
    start, end = place(FIRST, units)
    given = {
        "id": 7,
        "data": {"text": TEXT, "article_id": "gulf-1", "outlet": "Harbour Wire"},
        "annotations": [
            {
                "id": 31,
                "completed_by": {"id": 4, "email": "ana@desk.test", "first_name": "", "last_name": ""},
                "was_cancelled": False,
                "ground_truth": False,
                "updated_at": "2026-03-09T22:16:08.746926Z",
                "result": [
                    region("r1", start, end, "stance", "labels", ["support"], FIRST),
                    region("r1", start, end, "issue", "choices", ["ceasefire"]),
                    region("r1", start, end, "speaker", "textarea", ["Tarin's envoy"]),
                    {
                        **region("r1", start, end, "location", "taxonomy", []),
                        "value": {"taxonomy": [["Africa", "SDN"]], "start": start},
                    },
                ],
            },
            {"id": 32, "completed_by": 9, "was_cancelled": True, "result": []},
            {"id": 33, "completed_by": 9, "result": [region("q", start, end, "stance", "labels", ["Unsure"], FIRST)]},
        ],
        "predictions": [
            {"model_version": "baseline-2", "result": [region("p", start, end, "stance", "labels", ["neutral"], FIRST)]}
        ],
    }
    corpus, lost = read_corpus(write(tmp_path / "export.json", [given]))
    assert set(seen(corpus, "sentence", "annotator", "verdict", "stance", "model")) == {
        (FIRST, "9", "unsure", None, None),
        (FIRST, "ana@desk.test", "statement", "support", None),
        (FIRST, None, None, "neutral", "baseline-2"),
    }
    ana = next(row for row in corpus.rows() if row["annotator"] == "ana@desk.test")
    assert (ana["start"], ana["end"]) == place(FIRST)
    assert (ana["issue"], ana["speaker"], ana["location"], ana["outlet"]) == (
        "ceasefire",
        "Tarin's envoy",
        ["SDN"],
        "Harbour Wire",
    )
    assert ana["decided_at"] == "2026-03-09T22:16:08.746926Z"
    assert lost == ["1 skipped annotations left out (task 7)"]


def test_the_labelling_config_names_what_the_tasks_use(tmp_path: Path) -> None:
    rows = [
        {
            "article_id": "a",
            "sentence": SECOND,
            "stance": "oppose",
            "annotator": "ana",
            "verdict": "statement",
            "issue": "sanctions",
        }
    ]
    write_corpus(assemble([Article("a", TEXT)], rows, Report()), tmp_path / "tasks.json")
    config = ElementTree.fromstring((tmp_path / "tasks.xml").read_text(encoding="utf-8"))
    named = {one.get("name") for one in config.iter() if one.get("name")}
    (task,) = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    used = {(item["from_name"], item["to_name"]) for item in task["annotations"][0]["result"]}
    assert used <= {(name, "text") for name in named}
    assert {"support", "oppose", "neutral"} <= {one.get("value") for one in config.iter("Label")}
    assert config.find("Text").get("value") == "$text"
    assert labelling_config().startswith("<View>")


def test_a_doccano_export_counts_utf_16_units(tmp_path: Path) -> None:
    lines = [
        {"id": 1, "text": TEXT, "label": [[*place(FIRST, 2), "support"], [*place("harbour", 2), "PLACE"]], "Comments": ["long"]},
        {
            "id": 2,
            "text": "Ålen 😊 Peru backed the plan.",
            "entities": [{"id": 5, "label": "neutral", "start_offset": 8, "end_offset": 30}],
            "relations": [{"id": 1, "from_id": 5, "to_id": 5, "type": "x"}],
        },
    ]
    corpus, lost = read_corpus(write(tmp_path / "mona.jsonl", *lines))
    assert seen(corpus, "article_id", "sentence", "annotator", "stance") == [("1", FIRST, "mona", "support")]
    assert lost == [
        "1 comments left out: they belong to no statement (line 1)",
        "1 spans left out: their label is no stance (PLACE)",
        "1 relations left out: they belong to no statement (line 2)",
        "1 rows left out: their offsets lie outside the article (line 2: 8-30)",
    ]


def test_what_prodigy_answers_become_verdicts(tmp_path: Path) -> None:
    def example(label: str, answer: str) -> dict[str, Any]:
        start, end = place(SECOND)
        span = {"start": start, "end": end, "label": label, "token_start": 14, "token_end": 20}
        told = {"_input_hash": -12, "_task_hash": 8, "_session_id": "news-bo", "_annotator_id": "bo", "_timestamp": 1762945260}
        return {"text": TEXT, "spans": [span], "meta": {"article_id": "x"}, "answer": answer, **told}

    path = write(tmp_path / "news.jsonl", example("oppose", "accept"), "{broken", example("oppose", "reject"))
    corpus, lost = read_corpus(path)
    assert seen(corpus, "sentence", "verdict", "stance", "annotator", "decided_at") == [
        (SECOND, "statement", "oppose", "bo", "2025-11-12T11:01:00+00:00")
    ]
    assert lost[0].startswith("1 lines left out: broken JSON: Expecting property name")
    assert lost[1] == "1 spans left out: a rejected stance says only what it is not (line 3: oppose)"
    for label, answer, verdict in (("statement", "reject", "no_statement"), ("oppose", "ignore", "unsure")):
        corpus, _ = read_corpus(write(path, example(label, answer)))
        assert seen(corpus, "verdict", "stance") == [(verdict, None)]


TSV = """#FORMAT=WebAnno TSV 3.3
#T_SP=webanno.custom.Opinion|stance|speaker
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value


#Text=🚢 Tarin's envoy hailed the truce.
1-1	0-2	🚢	_	_	_	_
1-2	3-10	Tarin's	support[1]	Tarin's envoy[1]	*	LOC
1-3	11-16	envoy	support[1]	Tarin's envoy[1]	_	_
1-4	17-23	hailed	support[1]|oppose[2]	Tarin's envoy[1]|*[2]	_	_
1-5	24-27	the	support[1]	Tarin's envoy[1]	_	_
1-6	28-34	truce.	_	_	_	_
1-6.1	28-33	truce	support[1]	Tarin's envoy[1]	_	_

#Text=Sela\\_West left.
2-1	35-44	Sela\\_West	_	_	_	_
2-2	45-50	left.	neutral	*	_	_
"""


def test_a_webanno_export_with_stacked_and_partial_tokens(tmp_path: Path) -> None:
    place = tmp_path / "export" / "annotation" / "wire 3.txt"
    place.mkdir(parents=True)
    (place / "cleo.tsv").write_text(TSV, encoding="utf-8")
    corpus, lost = read_corpus(tmp_path / "export")
    assert corpus.texts == {"wire 3.txt": "🚢 Tarin's envoy hailed the truce.\nSela_West left."}
    assert seen(corpus, "sentence", "stance", "speaker", "annotator") == [
        ("Tarin's envoy hailed the truce", "support", "Tarin's envoy", "cleo"),
        ("hailed", "oppose", None, "cleo"),
        ("left.", "neutral", None, "cleo"),
    ]
    assert lost == ["1 annotations left out: they have neither stance nor verdict (annotation/wire 3.txt/cleo.tsv: 3-10)"]


TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><types><typeDescription>
<name>webanno.custom.Opinion</name><description/><supertypeName>uima.tcas.Annotation</supertypeName><features>
<featureDescription><name>stance</name><description/><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
<featureDescription><name>note</name><description/><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
</features></typeDescription></types></typeSystemDescription>
"""
XMI = """<?xml version="1.0" encoding="UTF-8"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///webanno/custom.ecore"
 xmlns:tcas="http:///uima/tcas.ecore" xmi:version="2.0"><cas:NULL xmi:id="0"/>
<tcas:DocumentAnnotation xmi:id="2" sofa="1" begin="0" end="29" language="x-unspecified"/>
<custom:Opinion xmi:id="3" sofa="1" begin="3" end="29" stance="Oppose" note="page 2"/>
<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="🏅 The guild shuns the parley."/>
<cas:View sofa="1" members="2 3"/></xmi:XMI>
"""


def test_an_inception_project_as_zip_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "project.zip", "w") as archive:
        archive.writestr("annotation/guild.txt/dora.xmi", XMI)
        archive.writestr("annotation/guild.txt/TypeSystem.xml", TYPES)
        archive.writestr("curation/guild.txt/CURATION_USER.xmi", XMI)
        archive.writestr("curation/guild.txt/TypeSystem.xml", TYPES)
        archive.writestr("annotation/other.txt/dora.xmi", XMI)
    corpus, lost = read_corpus(tmp_path / "project.zip")
    assert seen(corpus, "sentence", "stance", "annotator", "adjudicated", "note") == [
        ("The guild shuns the parley", "oppose", "CURATION_USER", True, "page 2"),
        ("The guild shuns the parley", "oppose", "dora", False, "page 2"),
    ]
    assert lost == ["1 files left out: there is no TypeSystem.xml beside or above them (annotation/other.txt/dora.xmi)"]


def test_characters_that_xml_cannot_hold_are_counted(tmp_path: Path) -> None:
    rows = [{"article_id": "a", "start": 0, "end": 4, "stance": "neutral", "note": "a\x0bb"}]
    corpus = assemble([Article("a", "A\x0cb.")], rows, Report())
    (said,) = write_corpus(corpus, tmp_path / "out", format="uima")
    assert said == "2 texts with control characters, which XML cannot hold: each is replaced by \ufffd (article a, statement " + (
        f"{corpus.rows()[0]['statement_id']})"
    )
    assert read_corpus(tmp_path / "out")[0].texts == {"a": "A\ufffdb."}


def test_statements_of_discourse_network_analyzer(tmp_path: Path) -> None:
    start, stop = place(FIRST, 2)
    names = '"id","title","text","coder","author","source","section","notes","type","date"'
    documents = f'{names}\n4,"Port","{TEXT}",1,"","Mail","","","","2024-05-01"\n'
    header = "ID,statement_type_id,document_id,start,stop,coder_id,person,organization,concept,agreement\n"
    rows = f"1,1,4,{start},{stop},2,The envoy,TARIN,truce in Tarin,1\n2,1,9,0,5,2,A,B,C,0\n3,1,4,{start},900,2,A,B,C,0\n"
    folder = tmp_path / "dna"
    folder.mkdir()
    (folder / "documents.csv").write_text(documents, encoding="utf-8")
    (folder / "statements.csv").write_text(header + rows, encoding="utf-8")
    corpus, lost = read_corpus(folder)
    assert seen(corpus, "article_id", "sentence", "speaker", "speaker_actor", "target", "stance", "annotator", "outlet") == [
        ("4", FIRST, "The envoy", "TARIN", "truce in Tarin", "support", "2", "Mail")
    ]
    assert lost == [
        "1 rows left out: their document is not given (statements.csv row 2: document 9)",
        f"1 rows left out: their offsets lie outside the article (statements.csv row 3: {start}-900)",
    ]
    alone, _ = read_corpus(folder / "statements.csv", articles=[Article("4", TEXT)])
    assert seen(alone, "sentence", "stance") == [(FIRST, "support")]


def test_agreement_changed_in_dna_changes_the_stance(tmp_path: Path) -> None:
    rows = [
        {
            "article_id": "a",
            "sentence": SECOND,
            "stance": "oppose",
            "annotator": "ana",
            "verdict": "statement",
            "target": "embargo",
        }
    ]
    write_corpus(assemble([Article("a", TEXT)], rows, Report()), tmp_path / "dna", format="dna")
    table = tmp_path / "dna" / "statements.csv"
    changed = table.read_text(encoding="utf-8").replace('"embargo","0"', '"embargo of Sela","1"')
    table.write_text(changed, encoding="utf-8")
    corpus, _ = read_corpus(tmp_path / "dna")
    assert seen(corpus, "stance", "target", "annotator") == [("support", "embargo of Sela", "ana")]


def test_a_brat_folder_with_pieces_attributes_notes_and_relations(tmp_path: Path) -> None:
    text = "🏅 Tarin's envoy said\nthe truce holds.\n"
    (tmp_path / "doc.txt").write_text(text, encoding="utf-8")
    lines = (
        "T1\tNeutral 2 20;21 37\tTarin's envoy said the truce holds.",
        "T2\tSpeaker 2 15\tTarin's envoy",
        "R1\tSaid_by Arg1:T1 Arg2:T2",
        "A1\tIssue T1 ceasefire",
        "#1\tAnnotatorNotes T1\tread twice",
        "T3\tCity 2 7\tTarin",
        "E1\tAttack:T3",
    )
    write(tmp_path / "doc.ann", *lines)
    write(tmp_path / "lost.ann", "T1\tNeutral 0 1\tx")
    corpus, lost = read_corpus(tmp_path, annotator="eve")
    assert seen(corpus, "sentence", "stance", "speaker_mention", "issue", "note") == [
        ("Tarin's envoy said\nthe truce holds.", "neutral", "Tarin's envoy", "ceasefire", "read twice")
    ]
    assert len(lost) == 3
    assert "doc.ann T3: City" in lost[1]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", '[{"data": {\n"text": }]', "is broken JSON: Expecting value in line 2, column 9"),
        ("a.json", '{"a": 1}', "it holds no list of tasks"),
        ("a.docx", "x", "is of no format known here; say which with --from: table, sqlite, label-studio"),
        ("none", None, "There is no file"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_corpus(tmp_path / name)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 99) | st.sampled_from(["", "x", "support", "labels", "Neutral"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "text", "start", "type", "value", "labels"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(
    values=st.dictionaries(st.sampled_from([*"ab", *NAMES]), _ANYTHING),
    name=st.sampled_from(["doccano", "prodigy", "label-studio"]),
)
def test_a_file_full_of_nonsense_is_read_or_refused(values: dict[str, Any], name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        line = {"text": TEXT, "data": {"text": TEXT}, **values}
        path = write(Path(folder) / "odd", json.dumps([line] if name == "label-studio" else line))
        with suppress(InputError):
            read_corpus(path.rename(path.with_suffix(".json" if name == "label-studio" else ".jsonl")), format=name)
