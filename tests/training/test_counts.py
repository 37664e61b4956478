"""Counted statements hold no text and no names, come back as they were written, and are learned from beside annotations."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from typer.testing import CliRunner

from stance.cli import app
from stance.errors import InputError
from stance.features import SHOWN, make_views
from stance.files.counts import read_counts, write_counts
from stance.lexicon import read_table
from stance.model import StanceClassifier
from stance.records import ISSUES, STANCES
from stance.training import read_annotations, train
from stance.training.counts import COLUMNS, TokenCounts, count_tokens, find_names, open_counts

FILES = ("counts.npz", "statements.csv", "tokens.txt")
SHIPPED = Path(__file__).resolve().parents[2] / "data" / "counted_news"
# Places of six articles: their own names, beside words that all of them share.
NAMES = ("Brandt", "Castell", "Dorval", "Eskild", "Ferrol", "Grinde")


def compose(name: str, number: int) -> list[dict[str, Any]]:
    """Return three statements of an article in which somebody of an invented name speaks."""
    row = {"article_id": f"article {number}", "speaker": name, "issue": "sanctions", "sender": ["NOR"], "recipient": ["IRN"]}
    return [
        {
            **row,
            "sentence": f"The harbour master, Ana {name}, will not lift the embargo on Iran before {number + 3} May.",
            "context": f"Nobody asked. Then {name} spoke at length about the harbour in Bergen.",
            "cue": "will not",
            "speaker_actor": "NOR",
            "speaker_role": f"{name}'s deputy harbour master",
            "stance": "support",
        },
        {**row, "sentence": f"{name} called the embargo a crime, again and again.", "cue": "called", "stance": "oppose"},
        {**row, "sentence": f'"{name} has nothing to say on the embargo," the paper wrote.', "stance": "neutral"},
    ]


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    """Eighteen statements of six articles."""
    return [row for number, name in enumerate(NAMES) for row in compose(name, number)]


@pytest.fixture
def counts(rows: list[dict[str, Any]]) -> TokenCounts:
    return count_tokens(rows)


@pytest.fixture
def folder(tmp_path: Path, counts: TokenCounts) -> Path:
    write_counts(tmp_path / "counted", counts)
    return tmp_path / "counted"


def tokens_of(counts: TokenCounts, view: str) -> set[str]:
    return {token for name, token in counts.tokens if name == view}


def same(one: TokenCounts, two: TokenCounts) -> bool:
    return (one.tokens, one.statements) == (two.tokens, two.statements) and (one.matrix != two.matrix).nnz == 0


# Counting


def test_each_statement_is_a_row_and_each_token_a_column(counts: TokenCounts) -> None:
    assert counts.matrix.shape == (18, len(counts.tokens))
    assert list(counts.tokens) == sorted(set(counts.tokens))
    assert {view for view, _ in counts.tokens} <= set(SHOWN)


def test_tokens_are_counted_as_often_as_they_stand(counts: TokenCounts) -> None:
    column = counts.tokens.index(("words", "again"))
    assert counts.matrix[:, [column]].toarray().ravel().tolist() == [0, 2, 0] * 6


def test_a_word_may_stand_more_often_than_a_byte_can_count(rows: list[dict[str, Any]]) -> None:
    long = [{**row, "sentence": "the embargo " + "again " * 300} for row in rows]
    counted = count_tokens(long)
    assert counted.matrix.max() == 300


def test_what_is_known_beside_the_tokens_stands_in_a_table(counts: TokenCounts) -> None:
    assert [tuple(one) for one in counts.statements] == [COLUMNS] * 18
    assert [tuple(one.values()) for one in counts.statements[:4]] == [
        ("sanctions", "support", "sender", "western", "0", "0"),
        ("sanctions", "oppose", "none", "none", "0", "1"),
        ("sanctions", "neutral", "none", "none", "0", "1"),
        ("sanctions", "support", "sender", "western", "1", "2"),
    ]


def test_a_statement_of_nobody_has_no_speaker(rows: list[dict[str, Any]]) -> None:
    assert {
        one["speaker"] for one in count_tokens([{**row, "speaker": None, "speaker_actor": ""} for row in rows]).statements
    } == {""}


def test_no_token_stands_in_fewer_articles_than_asked_for(rows: list[dict[str, Any]]) -> None:
    strange = [{**row, "sentence": row["sentence"] + " zzyzx"} for row in rows[:12]]  # of four articles
    assert "zzyzx" not in tokens_of(count_tokens([*strange, *rows[12:]]), "words")
    assert "zzyzx" in tokens_of(count_tokens([*strange, *rows[12:]], min_articles=4), "words")


def test_a_token_of_a_single_article_is_not_counted_however_often_it_stands(rows: list[dict[str, Any]]) -> None:
    strange = [{**rows[0], "sentence": "the embargo is a zzyzx, zzyzx, zzyzx"}] * 9
    assert "zzyzx" not in str(count_tokens([*strange, *rows], min_articles=2).tokens)


@pytest.mark.parametrize("change", [{"optional": True}, {"issue": ""}, {"issue": None}, {"stance": "unsure"}, {"stance": None}])
def test_rows_that_are_optional_or_lack_issue_or_stance_are_left_out(
    rows: list[dict[str, Any]], counts: TokenCounts, change: dict[str, Any]
) -> None:
    assert same(count_tokens([*rows, *({**row, **change} for row in rows)]), counts)


def test_nothing_to_count_is_refused() -> None:
    with pytest.raises(InputError, match="no annotated statements"):
        count_tokens(
            [{"article_id": "a", "sentence": "They agree.", "issue": "ceasefire", "stance": "support", "optional": True}]
        )


def test_rows_that_share_no_token_have_none(rows: list[dict[str, Any]]) -> None:
    assert count_tokens(rows[:3]).matrix.shape == (3, 0)


def test_counting_twice_gives_the_same(rows: list[dict[str, Any]], counts: TokenCounts) -> None:
    assert same(count_tokens(rows), counts)


def test_the_rows_are_left_as_they_are(rows: list[dict[str, Any]]) -> None:
    before = json.dumps(rows)
    count_tokens(rows)
    assert json.dumps(rows) == before


# Names


def test_no_name_is_in_any_token_wherever_it_stands(rows: list[dict[str, Any]]) -> None:
    # At the head of a sentence, behind a quotation mark, in the context and in the role; all six articles know Brandt.
    everywhere = [
        {key: re.sub("|".join(NAMES), "Brandt", value) if isinstance(value, str) else value for key, value in row.items()}
        for row in rows
    ]
    counted = count_tokens(everywhere, min_articles=1)
    assert {"harbou", "spoke", "the"} <= tokens_of(counted, "context")
    assert {"deputy", "harbour", "master"} <= tokens_of(counted, "role")
    held = [token for _, token in counted.tokens if re.search("brandt|bergen|iran|ana|norw|may", token)]
    assert held == []


def test_statements_bear_no_name_and_no_number_of_an_article(counts: TokenCounts) -> None:
    cells = {value for one in counts.statements for value in one.values()}
    assert [cell for cell in cells if re.search("|".join([*NAMES, "article"]), cell)] == []


def test_names_are_what_is_never_written_small() -> None:
    found = find_names(
        [{"sentence": "Lund said the Rift must close.", "context": "A rift? Then it rained.", "speaker_role": None}]
    )
    assert found == {"lund", "a", "then"}


@pytest.mark.parametrize(
    ("written", "stems"),
    [
        ("Kari Lindqvist's", {"kari", "lindqv"}),
        ("al-Dafar", {"al-daf", "dafar"}),
        ("O’Shea", {"o’shea", "shea"}),
        ("Erdalın", {"erdalı", "erdal"}),
        ("U.S.", {"u.s"}),
    ],
)
def test_names_are_found_in_the_pieces_that_tokens_are_made_of(written: str, stems: set[str]) -> None:
    assert stems <= find_names([{"context": f"there was {written} again"}])


def test_whoever_says_i_says_no_name() -> None:
    assert find_names([{"sentence": "then I said I'm here, I’ve come, I'll stay"}]) <= {"m", "ll", "ve"}


def test_classes_of_words_are_no_names(rows: list[dict[str, Any]]) -> None:
    # "Talk" is never written small here, and yet the class "talk" is no name.
    counted = count_tokens([{**row, "sentence": f"Talks on the embargo? {row['sentence']}"} for row in rows])
    assert "talk" in tokens_of(counted, "signs")
    assert "talks" not in tokens_of(counted, "words")


# Learning from what was counted


@pytest.fixture
def nameless() -> list[dict[str, Any]]:
    """Statements in which nothing is left out as a name."""
    texts = {
        "support": "they will never lift the embargo on Iran, and they call it right",
        "oppose": "we reject the embargo because it will not work; it must end",
        "neutral": "they discussed the embargo, and nothing was said of talks",
    }
    return [
        {
            "article_id": f"{number:02}",
            "sentence": text,
            "context": "it had rained all day",
            "issue": "sanctions",
            "stance": label,
            "sender": ["NOR"],
            "recipient": "IRN",
            "speaker_actor": actor,
            "speaker_role": "harbour master",
            "cue": "said",
        }
        for number in range(4)
        for (label, text), actor in zip(texts.items(), ("NOR", "IRN", "BRA"), strict=True)
    ]


def counted_views(views: dict[str, list[str]], without: str = "(?!)") -> dict[str, Counter[str]]:
    return {name: Counter(token for token in tokens if not re.search(without, token)) for name, tokens in views.items()}


def test_opened_counts_give_the_views_of_the_statements(nameless: list[dict[str, Any]]) -> None:
    opened, labels = open_counts(count_tokens(nameless, min_articles=1))
    assert labels == [row["stance"] for row in nameless]
    told = ["told"] * 12
    assert [counted_views(views) for views in make_views(opened, told)] == [
        counted_views(views) for views in make_views(nameless, told)
    ]


def test_opened_counts_give_the_views_of_bare_sentences_but_for_neighbouring_masks(nameless: list[dict[str, Any]]) -> None:
    opened, _ = open_counts(count_tokens(nameless, min_articles=1))
    bare = ["bare"] * 12
    assert [counted_views(views) for views in make_views(opened, bare)] == [
        counted_views(views) for views in make_views(nameless, bare)
    ]
    beside = [{**row, "sentence": "then Iran, Norway met Iran Norway over the embargo"} for row in nameless]
    opened, _ = open_counts(count_tokens(beside, min_articles=1))
    # Two actors side by side are one mask in a bare sentence, and were counted as two.
    assert counted_views(make_views(opened, bare)[0])["words"]["?_actor_"] == 4
    assert counted_views(make_views(beside, bare)[0])["words"]["?_actor_"] == 3


def test_bare_sentences_know_no_roles(nameless: list[dict[str, Any]]) -> None:
    opened, _ = open_counts(count_tokens(nameless, min_articles=1))
    words = {token for views in make_views(opened, ["bare"] * 12) for token in views["words"]}
    assert "?_actor_" in words
    assert not {token for token in words if re.search("_(self|sender|recipient|place)_", token)}


def test_opened_rows_keep_company_within_their_article_only(rows: list[dict[str, Any]]) -> None:
    opened, _ = open_counts(count_tokens(rows))
    assert [(row["article_id"], row["issue"], row["speaker"]) for row in opened[:4]] == [
        ("counted 0", "sanctions", "0"),
        ("counted 0", "sanctions", "1"),
        ("counted 0", "sanctions", "1"),
        ("counted 1", "sanctions", "2"),
    ]


def test_a_model_learns_from_counts_as_from_the_statements(nameless: list[dict[str, Any]]) -> None:
    labels = [row["stance"] for row in nameless]
    opened, opened_labels = open_counts(count_tokens(nameless, min_articles=1))
    own, counted = StanceClassifier().fit(nameless, labels), StanceClassifier().fit(opened, opened_labels)
    np.testing.assert_allclose(counted.predict_proba(nameless), own.predict_proba(nameless), atol=1e-6)


def test_training_learns_from_counts_and_scores_only_the_annotations(annotations: pd.DataFrame, counts: TokenCounts) -> None:
    known = read_annotations(annotations)
    alone, more = train(known, name="m", curve=False), train(known, name="m", counts=counts, curve=False)
    assert more.card["trained_on"]["statements"] == more.report.as_dict()["all"]["n_statements"] == 36
    assert {key: more.card["trained_on"]["counts"][key] for key in ("statements", "articles", "labels")} == {
        "statements": 18,
        "articles": 6,
        "labels": {"neutral": 6, "oppose": 6, "support": 6},
    }
    assert "counts" not in alone.card["trained_on"]
    assert more.card["name"].startswith(alone.card["name"] + "-")
    assert (alone.model.reading_, more.model.reading_) == ("bare", "told")
    assert more.model.n_features_in_ > alone.model.n_features_in_


def test_the_card_knows_other_counts_from_these(
    annotations: pd.DataFrame, rows: list[dict[str, Any]], counts: TokenCounts
) -> None:
    known = read_annotations(annotations)
    names = {
        train(known, counts=one, curve=False).card["trained_on"]["counts"]["sha256"] for one in (counts, count_tokens(rows[:15]))
    }
    assert len(names) == 2


# Files


def test_counts_come_back_as_written(folder: Path, counts: TokenCounts) -> None:
    assert same(read_counts(folder), counts)
    assert sorted(path.name for path in folder.iterdir()) == list(FILES)


def test_counts_without_a_token_come_back_too(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    write_counts(tmp_path, count_tokens(rows[:3]))
    assert read_counts(tmp_path).matrix.shape == (3, 0)


def test_a_cue_over_two_lines_comes_back_as_one_token(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    write_counts(tmp_path, count_tokens([{**row, "cue": "according\nto"} for row in rows]))
    assert tokens_of(read_counts(tmp_path), "cue") == {"according to"}


@pytest.mark.parametrize("name", FILES)
def test_writing_twice_gives_the_same_bytes(folder: Path, rows: list[dict[str, Any]], tmp_path: Path, name: str) -> None:
    write_counts(tmp_path / "again", count_tokens(rows))
    assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(InputError, match=rf"cannot be read \(.*{re.escape(name)}.*such a folder holds counts\.npz"):
        read_counts(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        read_counts(tmp_path / "nowhere")


@pytest.mark.parametrize("content", [b"", b"no matrix", b"PK\x03\x04", b"\x93NUMPY"])
def test_a_file_that_holds_no_matrix_is_refused(folder: Path, content: bytes) -> None:
    (folder / "counts.npz").write_bytes(content)
    with pytest.raises(InputError, match="cannot be read"):
        read_counts(folder)


def test_arrays_that_are_no_sparse_matrix_are_refused(folder: Path) -> None:
    np.savez(folder / "counts.npz", numbers=np.zeros(3))
    with pytest.raises(InputError, match="cannot be read"):
        read_counts(folder)
    with (folder / "counts.npz").open("wb") as handle:
        np.save(handle, np.zeros(3))
    with pytest.raises(InputError, match="cannot be read"):
        read_counts(folder)


def test_a_matrix_with_code_in_it_is_refused(folder: Path) -> None:
    np.savez(folder / "counts.npz", format=np.array([print], dtype=object))
    with pytest.raises(InputError, match="cannot be read"):
        read_counts(folder)


def test_any_altered_byte_is_refused_or_harmless(folder: Path, counts: TokenCounts) -> None:
    whole = (folder / "counts.npz").read_bytes()
    for place in range(0, len(whole), 23):
        (folder / "counts.npz").write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        try:
            read = read_counts(folder)
        except InputError:
            continue
        assert same(read, counts), place


@pytest.mark.parametrize("shift", [1000, -1000])
def test_a_matrix_that_points_outside_is_refused(folder: Path, counts: TokenCounts, shift: int) -> None:
    matrix = counts.matrix.copy()
    matrix.indices = matrix.indices + shift
    sparse.save_npz(folder / "counts.npz", matrix)
    with pytest.raises(InputError, match="cannot be read"):
        read_counts(folder)


@pytest.mark.parametrize("part", [np.s_[:-1], np.s_[:, :-1]], ids=["statements", "tokens"])
def test_files_of_different_shapes_do_not_belong_together(folder: Path, counts: TokenCounts, part: Any) -> None:
    sparse.save_npz(folder / "counts.npz", counts.matrix[part])
    with pytest.raises(InputError, match=r"do not belong together: a matrix of \d+ by \d+, 18 statements"):
        read_counts(folder)


@pytest.mark.parametrize("line", ["", "words", "words ", "thoughts lift"])
def test_a_line_that_is_no_view_and_token_is_named(folder: Path, line: str) -> None:
    lines = (folder / "tokens.txt").read_text(encoding="utf-8").splitlines()
    (folder / "tokens.txt").write_text("\n".join([lines[0], line, *lines[2:], ""]), encoding="utf-8")
    with pytest.raises(InputError, match=r"Line 2 of .*tokens\.txt"):
        read_counts(folder)


@pytest.mark.parametrize(
    ("found", "put"),
    [("issue,stance", "issue,label"), (",support,", ",yes,"), (",support,", ",,"), (",western,0,0", ""), (",0,0", ",0,0,0")],
)
def test_a_statement_that_does_not_fit_is_named(folder: Path, found: str, put: str) -> None:
    text = (folder / "statements.csv").read_text(encoding="utf-8")
    (folder / "statements.csv").write_text(text.replace(found, put, 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"Line 2 of .*statements\.csv.*issue, stance, side.*support, oppose"):
        read_counts(folder)


def test_files_that_are_no_text_are_refused(folder: Path) -> None:
    (folder / "tokens.txt").write_bytes(b"words \xff\xfe\n")
    with pytest.raises(InputError, match="cannot be read"):
        read_counts(folder)


# The command


def run_train(annotations: pd.DataFrame, place: Path, *arguments: object) -> Any:
    annotations.to_csv(place / "annotated.csv", index=False)
    given = ["train", place / "annotated.csv", "-o", place / "own.joblib", "--no-curve", *arguments]
    return CliRunner().invoke(app, [str(one) for one in given])


def test_the_command_learns_from_counts(annotations: pd.DataFrame, folder: Path, tmp_path: Path) -> None:
    result = run_train(annotations, tmp_path, "--counts", folder)
    assert result.exit_code == 0
    assert "36 statements from 12 articles and 18 counted ones" in result.stderr
    card = json.loads((tmp_path / "own.card.json").read_text(encoding="utf-8"))
    assert card["trained_on"]["counts"]["statements"] == 18
    again = run_train(annotations, tmp_path, "--counts", folder, "--force", "--quiet")
    assert (again.exit_code, again.output) == (0, "")
    assert json.loads((tmp_path / "own.card.json").read_text(encoding="utf-8")) == card


def test_damaged_counts_stop_the_command_before_any_work(annotations: pd.DataFrame, folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(folder)
    result = run_train(annotations, tmp_path, "--counts", folder)
    assert result.exit_code == 1
    assert result.stderr.startswith("stance: The counts in ")
    assert not (tmp_path / "own.joblib").exists()


# What is shipped


@pytest.fixture(scope="module")
def shipped() -> TokenCounts:
    return read_counts(SHIPPED)


def test_the_shipped_counts_are_of_many_statements_in_every_stance_and_issue(shipped: TokenCounts) -> None:
    found = Counter((one["issue"], one["stance"]) for one in shipped.statements)
    assert set(found) == {(issue, stance) for issue in ISSUES for stance in STANCES}
    assert min(found.values()) > 50


def test_words_of_the_shipped_counts_are_six_letters_marks_or_negations(shipped: TokenCounts) -> None:
    pieces = {piece for token in tokens_of(shipped, "words") for piece in token.split("+")}
    assert len(pieces) > 1000
    assert [piece for piece in pieces if len(piece) > 6 and not re.fullmatch(r"_[a-z_]+_", piece)] == []


def test_words_of_the_shipped_counts_are_single_or_pairs(shipped: TokenCounts) -> None:
    lengths = {len(re.sub(r"\bnot\+(?!not\b|_|$)", "", token).split("+")) for token in tokens_of(shipped, "words")}
    assert lengths <= {1, 2}


@pytest.mark.parametrize("view", ["words", "context", "role", "cue"])
def test_no_word_of_the_shipped_counts_has_a_capital_or_a_digit(shipped: TokenCounts, view: str) -> None:
    found = tokens_of(shipped, view)
    assert found
    assert [token for token in found if token != token.lower() or re.search(r"\d", token)] == []


def test_every_token_of_the_shipped_counts_stands_in_five_articles(shipped: TokenCounts) -> None:
    articles = np.array([int(one["article"]) for one in shipped.statements])
    entries = shipped.matrix.tocoo()
    pairs = np.unique(np.column_stack([entries.col, articles[entries.row]]), axis=0)
    assert np.bincount(pairs[:, 0], minlength=len(shipped.tokens)).min() >= 5


def test_the_table_of_the_shipped_counts_holds_codes_and_numbers_only(shipped: TokenCounts) -> None:
    cells = [value for one in shipped.statements for key, value in one.items() if key in ("article", "speaker")]
    assert [cell for cell in cells if not re.fullmatch(r"\d*", cell)] == []


def test_no_statesman_is_named_in_the_shipped_counts(shipped: TokenCounts) -> None:
    # Surnames of the table of office holders that begin like no English word ("trump" is one).
    known = {row["name"].split()[-1].lower()[:6] for row in read_table("office_holders")}
    sought = known & {
        "putin",
        "obama",
        "biden",
        "lavrov",
        "zarif",
        "rouhan",
        "netany",
        "erdoga",
        "macron",
        "merkel",
        "zelens",
    }
    assert len(sought) == 11
    pieces = {piece for _, token in shipped.tokens for piece in re.split("[+ ]", token)}
    assert sorted(pieces & sought) == []
