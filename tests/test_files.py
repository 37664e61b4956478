"""What is read, what is left out and said so, and what is written whole or not at all."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.errors import InputError
from stance.files import (
    Skipped,
    check_output,
    find_inputs,
    is_statement_table,
    looks_english,
    read_articles,
    read_columns,
    read_json,
    read_statements,
    read_table,
    write_bytes,
    write_json,
    write_stream,
    write_table,
)
from stance.files.dates import read_date
from stance.records import LIST_COLUMNS, STATEMENT_COLUMNS, Article

ENGLISH = (
    "GENEVA – The foreign minister of Norland said on Tuesday that her country would no longer support the sanctions. "
    "“We have waited long enough,” she told reporters, and called for talks about a ceasefire with the rebels."
)
OTHER_LANGUAGES = {
    "German": "Die Ministerin erklärte am Dienstag in Genf, dass ihr Land die Sanktionen gegen die Regierung nicht mehr "
    "unterstützen werde. Man habe lange genug gewartet, sagte sie, und es sei nun an der Zeit zu verhandeln.",
    "Dutch": "De minister zei dinsdag in Genève dat haar land de sancties tegen de regering niet langer zou steunen. We hebben "
    "lang genoeg gewacht, zei ze, en het is nu tijd om over een wapenstilstand of een gesprek te praten.",
    "French": "La ministre a déclaré mardi à Genève que son pays ne soutiendrait plus les sanctions contre le gouvernement. On a "
    "attendu assez longtemps, a-t-elle dit, et il est temps de négocier un cessez-le-feu.",
    "Spanish": "La ministra dijo el martes en Ginebra que su país no apoyaría más las sanciones contra el gobierno. Hemos "
    "esperado bastante, dijo ella, y has de saber que es hora de negociar un alto el fuego.",
    "Italian": "La ministra ha detto martedì a Ginevra che il suo paese non sosterrà più le sanzioni contro il governo. Abbiamo "
    "aspettato abbastanza, ha detto, ed è ora di negoziare un cessate il fuoco.",
    "Danish": "Ministeren sagde tirsdag i Genève, at hendes land ikke længere ville støtte sanktionerne mod regeringen. Vi har "
    "ventet længe nok, sagde hun, og det er på tide at forhandle om en våbenhvile for alle i by og på land.",
    "Polish": "Minister powiedziała we wtorek w Genewie, że jej kraj nie będzie już popierał sankcji wobec rządu. Czekaliśmy "
    "wystarczająco długo, powiedziała, i nadszedł czas, by negocjować zawieszenie broni, to jest pewne.",
    "Turkish": "Bakan salı günü Cenevre'de yaptığı açıklamada ülkesinin hükümete karşı yaptırımları artık desteklemeyeceğini "
    "söyledi. Yeterince bekledik dedi ve ateşkes için müzakere zamanı geldiğini belirtti. Muhalefet bunu eleştirdi.",
    "Russian": "Министр заявила во вторник в Женеве, что её страна больше не будет поддерживать санкции против правительства. "
    "Мы ждали достаточно долго, сказала она, и пришло время вести переговоры о прекращении огня.",
    "Chinese": "部长星期二在日内瓦表示，该国将不再支持对政府的制裁。她说，我们已经等得够久了，现在是谈判停火的时候了。",
    "Arabic": "قالت الوزيرة يوم الثلاثاء في جنيف إن بلادها لن تدعم بعد الآن العقوبات المفروضة على الحكومة وأضافت لقد انتظرنا "
    "طويلا بما فيه الكفاية وحان الوقت للتفاوض على وقف إطلاق النار.",
}


def read(*paths: Path) -> tuple[list[Article], list[Skipped]]:
    skipped: list[Skipped] = []
    return list(read_articles(paths, on_skip=skipped.append)), skipped


def save(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines(*rows: dict[str, object]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def pipe_in(monkeypatch: pytest.MonkeyPatch, content: str | bytes) -> Path:
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stream))
    return Path("-")


def statements(n_rows: int = 2) -> pd.DataFrame:
    """A table as the pipeline makes it, in the types in which it is read back."""
    table = pd.DataFrame({name: pd.Series([f"{name} {i}" for i in range(n_rows)], dtype="str") for name in STATEMENT_COLUMNS})
    table["start"], table["end"] = range(n_rows), range(1, n_rows + 1)
    table[["start", "end"]] = table[["start", "end"]].astype("int64")
    for name in ("p_support", "p_oppose", "p_neutral"):
        table[name] = pd.Series([1 / 3] * n_rows, dtype="float64")
    for name in LIST_COLUMNS:
        table[name] = pd.Series([["US", "EU"], []][:n_rows], dtype=object)
    return table


# Finding files


def test_folders_are_searched_to_full_depth_and_sorted(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.JSONL", "a/notes.md", ".hidden/x.txt", "a/.y.txt"):
        save(tmp_path, name, "x")
    assert find_inputs([str(tmp_path)]) == [tmp_path / "a/z.JSONL", tmp_path / "b.txt"]


def test_globs_are_sorted_and_a_file_named_twice_comes_once(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.md"):
        save(tmp_path, name, "x")
    assert find_inputs([str(tmp_path / "b.txt"), str(tmp_path / "*")]) == [tmp_path / "b.txt", tmp_path / "a.txt"]


def test_a_name_with_brackets_is_a_name(tmp_path: Path) -> None:
    path = save(tmp_path, "news [1].txt", "x")
    assert find_inputs([str(path)]) == [path]


def test_a_dash_is_standard_input() -> None:
    assert find_inputs(["-"]) == [Path("-")]


@pytest.mark.parametrize(
    ("pattern", "said"), [("no*.txt", "Nothing matches"), ("empty", "holds no article files"), ("*.md", "no art")]
)
def test_a_pattern_without_a_match_is_an_error(tmp_path: Path, pattern: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    save(tmp_path, "notes.md", "x")
    with pytest.raises(InputError, match=said):
        find_inputs([str(tmp_path / pattern)])


# Text files


def test_a_text_file_is_read_whole_and_named_after_its_file(tmp_path: Path) -> None:
    text = ENGLISH.replace(". ", ".\r\n\r\n") + "\r\n\u2028end\r"
    assert read(save(tmp_path, "norland.news.txt", text)) == ([Article("norland.news", text)], [])


@pytest.mark.parametrize("before", ["date 2024-03-05\n", " date 2024-03-05 ", "date 2024-03-05\r\n\r\n", "\tdate  2024-03-05\n"])
def test_a_date_line_becomes_spaces_so_that_offsets_stay(tmp_path: Path, before: str) -> None:
    [article], skipped = read(save(tmp_path, "a.txt", before + ENGLISH))
    assert (article.published, skipped) == ("2024-03-05", [])
    assert len(article.text) == len(before + ENGLISH)
    assert article.text.index(ENGLISH) == len(before)
    assert article.text[: len(before)].strip() == ""
    assert article.text.count("\n") == before.count("\n")


def test_a_date_line_with_an_impossible_date_is_noted(tmp_path: Path) -> None:
    [article], [note] = read(save(tmp_path, "a.txt", "date 2024-02-31\n" + ENGLISH))
    assert article.published is None
    assert note == Skipped(str(tmp_path / "a.txt"), "no such date: 2024-02-31", kept=True)


def test_a_date_further_on_is_text(tmp_path: Path) -> None:
    text = ENGLISH + "\ndate 2024-03-05"
    assert read(save(tmp_path, "a.txt", text))[0] == [Article("a", text)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("suffix", ["txt", "csv", "jsonl"])
def test_unicode_encodings_are_read_without_a_word(tmp_path: Path, encoding: str, suffix: str) -> None:
    contents = {"txt": ENGLISH, "csv": f'id,text\na,"{ENGLISH}"\n', "jsonl": lines({"id": "a", "text": ENGLISH})}
    articles, skipped = read(save(tmp_path, f"a.{suffix}", contents[suffix].encode(encoding)))
    assert (articles, skipped) == ([Article("a", ENGLISH)], [])


@pytest.mark.parametrize("suffix", ["txt", "csv", "jsonl"])
def test_windows_1252_is_read_and_noted_once(tmp_path: Path, suffix: str) -> None:
    rows = lines({"id": "a", "text": ENGLISH}, {"id": "b", "text": ENGLISH})
    contents = {"txt": ENGLISH, "csv": f'id,text\na,"{ENGLISH}"\nb,"{ENGLISH}"\n', "jsonl": rows}
    articles, [note] = read(save(tmp_path, f"a.{suffix}", contents[suffix].encode("cp1252")))
    assert {article.text for article in articles} == {ENGLISH}
    assert (note.reason, note.kept) == ("decoded as cp1252", True)


def test_one_broken_byte_does_not_garble_the_rest_of_a_utf8_file(tmp_path: Path) -> None:
    [article], [note] = read(save(tmp_path, "a.txt", ENGLISH.encode() + b" caf\xe9 closed"))
    assert article.text == ENGLISH + " caf\ufffd closed"
    assert note.kept
    assert "1 bytes are not UTF-8" in note.reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty file"),
        (b"\xef\xbb\xbf", "empty: no letters"),
        (b" \r\n 12.5 %\n", "empty: no letters"),
        (b"date 2024-03-05\n", "empty: no letters"),
        (b"PK\x03\x04\x00\x00 the of and", "NUL bytes"),
        (b"ab\x01cd\x02ef", "control characters"),
        (OTHER_LANGUAGES["Russian"].encode("cp1251"), "neither UTF-8"),
        (OTHER_LANGUAGES["Chinese"].encode("gb18030"), "neither UTF-8"),
        (ENGLISH.encode("cp437", "replace").replace(b"?", b"\x9d"), "neither UTF-8"),
        (ENGLISH.encode("utf-16")[:-1], "damaged utf-16"),
    ],
)
def test_a_file_that_holds_no_readable_text_is_left_out(tmp_path: Path, content: bytes, said: str) -> None:
    articles, [skipped] = read(save(tmp_path, "a.txt", content))
    assert articles == []
    assert skipped.source == str(tmp_path / "a.txt")
    assert said in skipped.reason
    assert not skipped.kept


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    good = save(tmp_path, "a.txt", ENGLISH)
    bad = [tmp_path / "gone.txt", save(tmp_path, "a.pdf", "x"), save(tmp_path, "noend", "x"), save(tmp_path, "a.parquet", "x")]
    (tmp_path / "folder.csv").mkdir()
    articles, skipped = read(*bad, tmp_path / "folder.csv", good)
    assert articles == [Article("a", ENGLISH)]
    reasons = ["cannot be read: No such", "the suffix .pdf", "no suffix", "damaged Parquet", "cannot be read: Is a dir"]
    assert [reason in skip.reason for reason, skip in zip(reasons, skipped, strict=True)] == [True] * 5


def test_files_are_read_one_at_a_time(tmp_path: Path) -> None:
    first, second = save(tmp_path, "a.txt", ENGLISH), save(tmp_path, "b.txt", ENGLISH)
    articles = read_articles([first, second], on_skip=pytest.fail)
    assert next(articles).id == "a"
    save(tmp_path, "b.txt", "New " + ENGLISH)
    assert next(articles).text.startswith("New")


def test_an_error_raised_by_on_skip_passes(tmp_path: Path) -> None:
    def refuse(skipped: Skipped) -> None:
        raise InputError(skipped.reason)

    with pytest.raises(InputError, match="empty file"):
        list(read_articles([save(tmp_path, "a.txt", "")], on_skip=refuse))


# Tables of articles

FULL = {"id": "n1", "text": ENGLISH, "title": "Norland", "published": "2024-03-05", "outlet": "Daily", "url": "http://x.test/1"}


@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson", ".csv", ".parquet"])
def test_every_table_gives_the_same_article(tmp_path: Path, suffix: str) -> None:
    write_table(pd.DataFrame([{**FULL, "other": 1}]), tmp_path / f"a{suffix}")
    assert read(tmp_path / f"a{suffix}") == ([Article(**FULL)], [])


def test_article_id_date_and_capitals_are_understood(tmp_path: Path) -> None:
    path = save(tmp_path, "a.jsonl", lines({"Article_ID": 17, "Text": ENGLISH, "Date": "5 March 2024", "outlet": ""}))
    assert read(path) == ([Article("17", ENGLISH, published="2024-03-05")], [])


def test_dates_and_numbers_stored_as_such_are_understood(tmp_path: Path) -> None:
    day = pd.Timestamp("2024-03-05 23:30")
    pd.DataFrame({"id": [17.0, None], "text": [ENGLISH] * 2, "date": [day, None]}).to_parquet(tmp_path / "a.parquet")
    articles, skipped = read(tmp_path / "a.parquet")
    assert [(article.id, article.published) for article in articles] == [("17", "2024-03-05"), ("a-2", None)]
    assert skipped == []


def test_a_missing_id_is_made_of_the_file_and_the_row(tmp_path: Path) -> None:
    path = save(tmp_path, "news.csv", f'text\n"{ENGLISH}"\n\n"{ENGLISH} Two."\n')
    assert [article.id for article in read(path)[0]] == ["news-1", "news-2"]


HINT = "; is it under another name? --map text=NAME"


@pytest.mark.parametrize(("name", "content"), [("a.csv", "id,body\n1,x\n"), ("a.jsonl", lines({"id": 1, "body": "x"}) * 5)])
def test_a_file_without_text_is_left_out_once_with_its_columns(tmp_path: Path, name: str, content: str) -> None:
    assert read(save(tmp_path, name, content)) == (
        [],
        [Skipped(str(tmp_path / name), f"no column 'text'; it has 'id', 'body'{HINT}")],
    )


def test_a_file_of_many_rows_without_text_is_left_after_a_thousand(tmp_path: Path) -> None:
    path = save(tmp_path, "a.jsonl", lines({"id": 1}) * 2000)
    assert read(path) == ([], [Skipped(str(path), f"no column 'text'; it has 'id'{HINT}")])


def test_a_broken_json_line_costs_only_itself(tmp_path: Path) -> None:
    deep = "[" * 200_000
    content = (
        lines({"id": "a", "body": 1}, {"id": "a", "text": ENGLISH}) + '{"id": "b", "text": \n\n"x"\n' + deep + "\n" + lines(FULL)
    )
    articles, skipped = read(save(tmp_path, "a.jsonl", content))
    assert [article.id for article in articles] == ["a", "n1"]
    assert [skip.source.rpartition(":")[2] for skip in skipped] == ["1", "3", "5", "6"]
    assert skipped[1].reason == "broken JSON: Expecting value at character 22"
    assert skipped[2].reason == "not a JSON object but str"


def test_a_json_array_is_named_for_what_it_is(tmp_path: Path) -> None:
    articles, [skipped] = read(save(tmp_path, "a.jsonl", json.dumps([FULL, FULL], indent=1)))
    assert articles == []
    assert "JSON array, not JSON Lines" in skipped.reason


@pytest.mark.parametrize(("text", "said"), [(5, "int"), (None, "missing"), ("", "empty"), (["x"], "list"), ("12", "no letters")])
def test_a_row_whose_text_is_no_text_is_left_out(tmp_path: Path, text: object, said: str) -> None:
    articles, [skipped] = read(save(tmp_path, "a.jsonl", lines({"id": 1, "text": text}, FULL)))
    assert [article.id for article in articles] == ["n1"]
    assert skipped.source.endswith("a.jsonl:1")
    assert said in skipped.reason


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
def test_a_line_of_twenty_megabytes_is_read(tmp_path: Path, name: str) -> None:
    text = (ENGLISH + " ") * (20_000_000 // len(ENGLISH))
    contents = {"a.txt": text, "a.jsonl": lines({"id": "a", "text": text}), "a.csv": f'id,text\na,"{text}"\n'}
    articles, skipped = read(save(tmp_path, name, contents[name]))
    assert articles == [Article("a", text)]
    assert skipped == []


def test_line_ends_inside_a_cell_stay(tmp_path: Path) -> None:
    text = ENGLISH + "\r\nTwo\n\nthree\rfour\u2028five"
    assert read(save(tmp_path, "a.csv", f'id,text\r\na,"{text}"\r\n'))[0] == [Article("a", text)]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_semicolons_and_tabs_divide_cells_too(tmp_path: Path, delimiter: str) -> None:
    assert read(save(tmp_path, "a.csv", f'id{delimiter}text\na{delimiter}"{ENGLISH}"\n')) == ([Article("a", ENGLISH)], [])


def test_a_csv_row_with_stray_commas_costs_only_itself(tmp_path: Path) -> None:
    articles, [skipped] = read(save(tmp_path, "a.csv", f'id,text\na,We, they said, won\nb,"{ENGLISH}",,\n'))
    assert [article.id for article in articles] == ["b"]
    assert "4 cells where the header has 2 (line 2)" in skipped.reason


def test_a_quotation_mark_that_is_never_closed_is_reported(tmp_path: Path) -> None:
    articles, [skipped] = read(save(tmp_path, "a.csv", f'id,text\na,"{ENGLISH}"\nb,"Never closed\nc,"{ENGLISH}"\n'))
    assert [article.id for article in articles] == ["a"]
    assert skipped.source.endswith("a.csv:2")
    assert "line 3" in skipped.reason


@pytest.mark.parametrize(("name", "content"), [("a.csv", "id,text\n"), ("a.jsonl", "\n"), ("b.jsonl", "")])
def test_a_table_without_rows_is_reported(tmp_path: Path, name: str, content: str) -> None:
    assert read(save(tmp_path, name, content)) == ([], [Skipped(str(tmp_path / name), "no rows in it")])


def test_the_same_article_twice_is_read_once(tmp_path: Path) -> None:
    path = save(tmp_path, "a.jsonl", lines(FULL, FULL))
    assert read(path) == ([Article(**FULL)], [Skipped(f"{path}:2", f"the same id and text as {path}:1")])


def test_another_text_under_the_same_id_gets_an_id_of_its_own(tmp_path: Path) -> None:
    rows = [{"id": name, "text": f"{ENGLISH} {i}"} for i, name in enumerate(["a", "a#2", "a", "a"])]
    articles, notes = read(save(tmp_path, "a.jsonl", lines(*rows, rows[3])))
    assert [article.id for article in articles] == ["a", "a#2", "a#3", "a#4"]
    assert [note.kept for note in notes] == [True, True, False]
    assert "this one is called a#3" in notes[0].reason


def test_characters_that_no_file_can_hold_are_replaced_one_for_one(tmp_path: Path) -> None:
    row = json.dumps({"id": "a", "text": "\ud83d\x00 \U0001f600 " + ENGLISH})
    [article], [note] = read(save(tmp_path, "a.jsonl", row))
    assert article.text == "\ufffd\ufffd \U0001f600 " + ENGLISH
    assert note.kept


def test_a_date_that_cannot_be_read_is_noted(tmp_path: Path) -> None:
    [article], [note] = read(save(tmp_path, "a.jsonl", lines({**FULL, "published": "last week"})))
    assert article.published is None
    assert note.kept
    assert "'last week' cannot be read" in note.reason


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2024-03-05", "2024-03-05"),
        ("2024-03-05T23:30:00-05:00", "2024-03-05"),
        ("2024-03-05 23:30:00.123456789 UTC", "2024-03-05"),
        ("2024/3/5", "2024-03-05"),
        ("20240305", "2024-03-05"),
        (20240305, "2024-03-05"),
        ("March 5, 2024", "2024-03-05"),
        ("Tue, 5 Mar 2024 10:00 EST", "2024-03-05"),
        ("13/03/2024", "2024-03-13"),
        ("05/05/2024", "2024-05-05"),
        ("05/03/2024", None),
        ("2024-13-01", None),
        ("March 2024", None),
        ("2024", None),
        ("today", None),
        ("12:30", None),
        ("5 March", None),
        (1709600000, None),
        (pd.NaT, None),
        (pd.Timestamp("2024-03-05 10:00"), "2024-03-05"),
        (["2024-03-05"], None),
        ("9" * 5000 + " 2024", None),
    ],
)
def test_dates_are_read_only_where_they_are_certain(written: object, date: str | None) -> None:
    assert read_date(written) == date


# Language


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_other_languages_are_not_english(language: str) -> None:
    assert not looks_english(OTHER_LANGUAGES[language])


@pytest.mark.parametrize("text", [ENGLISH, ENGLISH.upper(), "Waffenstillstand jetzt, sagt Lund.", ""])
def test_english_and_very_short_texts_are_english(text: str) -> None:
    assert looks_english(text)


def test_an_article_in_another_language_is_left_out(tmp_path: Path) -> None:
    articles, [skipped] = read(save(tmp_path, "a.txt", OTHER_LANGUAGES["German"]))
    assert articles == []
    assert skipped.reason.startswith("not English (0.0% ")


# Standard input


@pytest.mark.parametrize(
    ("content", "article_id"),
    [
        (" \n" + lines({"text": ENGLISH}), "stdin-2"),
        (f'id,text\na,"{ENGLISH}"\n', "a"),
        (f'"text"\n"{ENGLISH}"\n', "stdin-1"),
        (ENGLISH, "stdin"),
        (ENGLISH.encode("utf-16"), "stdin"),
    ],
)
def test_standard_input_is_known_by_its_beginning(monkeypatch: pytest.MonkeyPatch, content: str | bytes, article_id: str) -> None:
    assert read(pipe_in(monkeypatch, content)) == ([Article(article_id, ENGLISH)], [])


def test_standard_input_can_be_looked_at_and_then_read(monkeypatch: pytest.MonkeyPatch) -> None:
    path = pipe_in(monkeypatch, "sentence,issue\nThey agree.,ceasefire\n")
    assert is_statement_table(read_columns(path))
    assert read_table(path).to_dict("records") == [{"sentence": "They agree.", "issue": "ceasefire"}]


def test_a_pipe_can_be_looked_at_and_then_read() -> None:
    reading, writing = os.pipe()
    os.write(writing, lines(FULL).encode())
    os.close(writing)
    [path] = find_inputs([f"/dev/fd/{reading}"])
    assert read_columns(path)[:2] == ("id", "text")
    assert read(path) == ([Article(**FULL)], [])
    os.close(reading)


def test_problems_on_standard_input_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(pipe_in(monkeypatch, "")) == ([], [Skipped("stdin", "empty file")])


# Tables of statements


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["sentence"], True),
        (["text", "issue"], True),
        (["text", "target"], True),
        (["text", "stance"], True),
        (["id", "text", "published"], False),
        (["issue", "stance"], False),
        ([], False),
    ],
)
def test_a_statement_table_is_known_by_its_columns(columns: list[str], expected: bool) -> None:
    assert is_statement_table(columns) is expected


def test_csv_cells_are_read_as_they_stand(tmp_path: Path) -> None:
    table = read_table(save(tmp_path, "a.csv", 'sentence,x,y\n"NA",007,\n" null ",1.50,nan\n'))
    assert table.to_dict("list") == {"sentence": ["NA", " null "], "x": ["007", "1.50"], "y": ["", "nan"]}


def test_json_values_keep_their_kind_and_order(tmp_path: Path) -> None:
    table = read_table(save(tmp_path, "a.jsonl", lines({"text": "b", "n": 1}, {"text": "a", "m": ["x"]})))
    assert table.to_dict("records") == [{"text": "b", "n": 1, "m": None}, {"text": "a", "n": None, "m": ["x"]}]


def test_parquet_columns_keep_their_kind(tmp_path: Path) -> None:
    pd.DataFrame({"text": ["a", "b"], "n": [1, 2], "m": [["x"], []]}).to_parquet(tmp_path / "a.parquet")
    assert read_table(tmp_path / "a.parquet").to_dict("list") == {"text": ["a", "b"], "n": [1, 2], "m": [["x"], []]}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.csv", None, "There is no file"),
        ("a.txt", ENGLISH, "plain text, not a table"),
        ("a.xlsx", "x", "the suffix .xlsx is not one stance reads; known are .txt, .jsonl"),
        ("a.csv", "", "empty file"),
        ("b.csv", "a,b\n1,2,3\n", "row 1: 3 cells where the header has 2"),
        ("c.csv", "a,b,a\n", "more than one column is called 'a'"),
        ("a.jsonl", '{"a": 1}\n{"a"\n', "row 2: broken JSON: Expecting ':' delimiter at character"),
        ("b.jsonl", "", "neither rows nor columns"),
        ("a.parquet", "PAR1", "damaged Parquet file"),
    ],
)
def test_a_table_that_cannot_be_read_is_an_error_that_says_why(tmp_path: Path, name: str, content: str | None, said: str) -> None:
    path = tmp_path / name if content is None else save(tmp_path, name, content)
    with pytest.raises(InputError) as caught:
        read_table(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_columns_are_named_without_reading_the_table(tmp_path: Path, suffix: str) -> None:
    write_table(statements(), tmp_path / f"a.{suffix}")
    assert read_columns(tmp_path / f"a.{suffix}") == STATEMENT_COLUMNS


def test_plain_text_has_no_columns(tmp_path: Path) -> None:
    assert read_columns(save(tmp_path, "a.txt", ENGLISH)) == ()


# Writing


SUFFIXES = ("csv", "jsonl", "ndjson", "parquet")
# Everything but half surrogate pairs and control characters, which no input can bring; and what formats trip over.
CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\r\t,;\"'“”\u2028\x85\ufeff"), max_size=20)
NOT_EMPTY = CELLS.filter(bool)
VALUES = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=";"), min_size=1, max_size=5)


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    n_rows = draw(st.integers(0, 4))
    offsets = st.integers(0, 10**9)
    shares = st.floats(0, 1)
    missing = st.none() | NOT_EMPTY
    kinds = dict.fromkeys(STATEMENT_COLUMNS, CELLS)
    kinds |= dict.fromkeys(("outlet", "published", "url", "speaker_role", "speaker_actor"), missing)
    kinds |= {"start": offsets, "end": offsets, "p_support": shares, "p_oppose": shares, "p_neutral": shares}
    kinds |= dict.fromkeys(LIST_COLUMNS, st.lists(VALUES, max_size=3))
    types = {**dict.fromkeys(STATEMENT_COLUMNS, "str"), **dict.fromkeys(LIST_COLUMNS, "object"), "start": "int64", "end": "int64"}
    types |= dict.fromkeys(("p_support", "p_oppose", "p_neutral"), "float64")
    rows = {name: draw(st.lists(kinds[name], min_size=n_rows, max_size=n_rows)) for name in STATEMENT_COLUMNS}
    return pd.DataFrame({name: pd.Series(cells, dtype=types[name]) for name, cells in rows.items()})


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(table=tables())
def test_reading_back_a_written_table_gives_the_same_table(tmp_path: Path, suffix: str, table: pd.DataFrame) -> None:
    path = tmp_path / f"a.{suffix}"
    before = table.copy(deep=True)
    write_table(table, path, force=True)
    pd.testing.assert_frame_equal(read_statements(path), table)
    pd.testing.assert_frame_equal(table, before)


def test_lists_are_joined_in_csv_and_arrays_elsewhere(tmp_path: Path) -> None:
    for suffix in ("csv", "jsonl", "parquet"):
        write_table(statements(), tmp_path / f"a.{suffix}")
    assert list(read_table(tmp_path / "a.csv")["sender"]) == ["US;EU", ""]
    assert list(read_table(tmp_path / "a.jsonl")["sender"]) == [["US", "EU"], []]
    assert list(read_table(tmp_path / "a.parquet")["sender"]) == [["US", "EU"], []]


def test_joined_lists_of_a_ready_table_become_arrays(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"text": ["a"], "sender": ["US;EU"]}), tmp_path / "a.jsonl")
    assert json.loads((tmp_path / "a.jsonl").read_bytes())["sender"] == ["US", "EU"]


def test_missing_values_are_empty_in_csv_and_null_in_json(tmp_path: Path) -> None:
    table = pd.DataFrame({"a": [None, "é"], "b": [float("nan"), 1.5], "c": [pd.NaT, pd.Timestamp("2024-03-05")], "d": [pd.NA, 1]})
    write_table(table, tmp_path / "a.csv")
    write_table(table, tmp_path / "a.jsonl")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "a,b,c,d\n,,,\né,1.5,2024-03-05T00:00:00,1\n"
    first, second = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(first) == {"a": None, "b": None, "c": None, "d": None}
    assert second == '{"a": "é", "b": 1.5, "c": "2024-03-05T00:00:00", "d": 1}'


def test_a_format_wins_over_the_suffix(tmp_path: Path) -> None:
    write_table(statements(), tmp_path / "a.dat", format="csv")
    assert (tmp_path / "a.dat").read_text(encoding="utf-8").startswith("statement_id,article_id")
    with pytest.raises(InputError, match="no format 'xlsx'; stance writes csv"):
        write_table(statements(), tmp_path / "b.csv", format="xlsx")


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_a_stream_gets_the_bytes_of_the_file_and_stays_open(tmp_path: Path, suffix: str) -> None:
    stream = io.BytesIO()
    write_stream(statements(), stream, suffix)
    write_table(statements(), tmp_path / f"a.{suffix}")
    assert stream.getvalue() == (tmp_path / f"a.{suffix}").read_bytes()


def test_parts_of_an_archive_have_one_parquet_schema(tmp_path: Path) -> None:
    from pyarrow import parquet

    write_table(statements(2), tmp_path / "a.parquet")
    write_table(statements(0).assign(outlet=None, sender=None), tmp_path / "b.parquet")
    assert parquet.read_schema(tmp_path / "a.parquet") == parquet.read_schema(tmp_path / "b.parquet")


def test_values_that_a_format_cannot_hold_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'sender' is empty or holds a semicolon"):
        write_table(pd.DataFrame({"sender": [["US;EU"]]}), tmp_path / "a.csv")
    with pytest.raises(InputError, match="'x' mixes kinds of values"):
        write_table(pd.DataFrame({"x": [1, "a"]}), tmp_path / "a.parquet")
    assert list(tmp_path.iterdir()) == []


def test_numbers_that_are_none_are_refused_on_reading(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the column 'start' holds 'abc'"):
        read_statements(save(tmp_path, "a.csv", "sentence,start\nx,abc\n"))


@pytest.mark.parametrize("write", [check_output, lambda path: write_table(statements(), path)])
def test_an_existing_file_is_replaced_only_by_force(tmp_path: Path, write: object) -> None:
    path = save(tmp_path, "a.csv", "precious")
    with pytest.raises(InputError, match=r"a\.csv exists; pass --force to replace it"):
        write(path)  # type: ignore[operator]
    assert path.read_text(encoding="utf-8") == "precious"
    check_output(path, True)
    write_table(statements(), path, force=True)
    assert path.read_text(encoding="utf-8") != "precious"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no/such/a.csv", "no/such does not exist ({} does); create it first"),
        ("file.csv/a.csv", "{}/file.csv is a file"),
        ("a.xlsx", "a.xlsx has the suffix .xlsx; stance writes .csv, .jsonl, .ndjson, .parquet"),
        ("a", "a has no suffix"),
        ("folder.csv", "is a folder"),
        ("pipe.csv", "is not a regular file"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_up_front(tmp_path: Path, name: str, said: str) -> None:
    save(tmp_path, "file.csv", "x")
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InputError) as caught:
        check_output(tmp_path / name, True)
    assert said.format(tmp_path) in str(caught.value)
    with pytest.raises(InputError):
        write_table(statements(), tmp_path / name, force=True)


def test_any_suffix_will_do_where_none_are_asked_for(tmp_path: Path) -> None:
    check_output(tmp_path / "report.html", suffixes=())


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, OSError])
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_an_interrupted_write_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], suffix: str
) -> None:
    path = save(tmp_path, f"a.{suffix}", "precious")

    def interrupt(*_: object) -> None:
        assert len(list(tmp_path.iterdir())) == 2  # the temporary file stands in the same folder
        raise error

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(InputError if error is OSError else error):
        write_table(statements(), path, force=True)
    assert [child.name for child in tmp_path.iterdir()] == [path.name]
    assert path.read_text(encoding="utf-8") == "precious"


def test_a_written_file_may_be_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    plain = save(tmp_path, "plain", "x")
    write_json(path, 1)
    assert path.stat().st_mode == plain.stat().st_mode
    path.chmod(0o640)
    write_json(path, 2)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_goes_on_pointing_at_the_replaced_file(tmp_path: Path) -> None:
    path = save(tmp_path, "real/a.bin", "old")
    (tmp_path / "link.bin").symlink_to(path)
    write_bytes(tmp_path / "link.bin", b"new")
    assert (tmp_path / "link.bin").is_symlink()
    assert path.read_bytes() == b"new"


def test_bytes_need_a_folder_that_exists(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        write_bytes(tmp_path / "no/model.bin", b"x")


def test_json_comes_back_as_written(tmp_path: Path) -> None:
    import numpy as np

    write_json(tmp_path / "a.json", {"é": [np.float64(0.5), np.int64(3), float("nan"), np.array([True])], "none": None})
    assert read_json(tmp_path / "a.json") == {"é": [0.5, 3, None, [True]], "none": None}
    assert "é" in (tmp_path / "a.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read: No such file"), ("{", "is not JSON"), (b"\xff\xfe\xff", "is not")]
)
def test_json_that_cannot_be_read_is_an_error(tmp_path: Path, content: str | bytes | None, said: str) -> None:
    path = tmp_path / "a.json" if content is None else save(tmp_path, "a.json", content)
    with pytest.raises(InputError, match=said):
        read_json(path)


def test_importing_the_module_brings_in_neither_pandas_nor_pyarrow() -> None:
    code = "import sys, stance.files; sys.exit(bool({'pandas', 'pyarrow', 'numpy', 'dateutil'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
