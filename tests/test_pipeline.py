"""Articles in, statements out: offsets hold, ids are stable, no article knows of another."""

from __future__ import annotations

import timeit
from typing import cast

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.errors import InputError
from stance.model import StanceClassifier
from stance.pipeline import as_articles, extract_article, label_articles, label_statements, statement_id
from stance.records import ISSUES, QUOTE_TYPES, STANCES, STATEMENT_COLUMNS, Article

PIECES = st.sampled_from(
    [
        "GENEVA – ",
        "“",
        "”",
        '"',
        "\n\n",
        "\r\n",
        " ",
        ". ",
        ", ",
        "Norway’s foreign minister, Kari Lund, said ",
        "the sanctions on Iran must stay",
        "she added",
        "he rejected the ceasefire in Sudan",
        "France welcomed the peace talks",
        "according to a UN spokesman",
        "🕊 café Ω",
        "Mr. Lund",
    ]
)


@pytest.fixture(scope="module")
def rows(articles: list[Article], model: StanceClassifier) -> list[dict[str, object]]:
    return list(label_articles(articles, model, model_name="shipped"))


def test_the_corpus_holds_statements_of_every_article_issue_and_stance(rows: list[dict[str, object]]) -> None:
    assert {row["article_id"] for row in rows} == {"harbour", "garrison", "courtyard"}
    assert {row["issue"] for row in rows} == set(ISSUES)
    assert {row["stance"] for row in rows} == set(STANCES)


def test_every_row_is_a_row_of_the_public_table(rows: list[dict[str, object]]) -> None:
    assert {tuple(row) for row in rows} == {STATEMENT_COLUMNS}
    assert {row["quote_type"] for row in rows} <= set(QUOTE_TYPES)
    assert {row["model"] for row in rows} == {"shipped"}


def test_offsets_point_at_the_sentence(rows: list[dict[str, object]], articles: list[Article]) -> None:
    texts = {article.id: article.text for article in articles}
    assert [texts[row["article_id"]][row["start"] : row["end"]] for row in rows] == [row["sentence"] for row in rows]


def test_rows_stand_in_text_order(rows: list[dict[str, object]]) -> None:
    places = [(("harbour", "garrison", "courtyard").index(row["article_id"]), row["start"]) for row in rows]
    assert places == sorted(places)


def test_speakers_of_the_corpus_are_found(rows: list[dict[str, object]]) -> None:
    found = {(row["speaker"], row["issue"]) for row in rows}
    assert {("African Union", "ceasefire"), ("Kari Lund", "peace_process"), ("Badr Halim", "peace_process")} <= found


def test_plain_views_are_labelled_as_they_are_meant(rows: list[dict[str, object]]) -> None:
    found = {(row["speaker"], row["issue"], row["stance"]) for row in rows}
    assert ("African Union", "ceasefire", "support") in found


# The model of 2026-11, which learned from counted news as well, gives oppose 0.38 and neutral 0.58.
@pytest.mark.xfail(strict=True, reason="a ceasefire that comes last of all is taken for no stance")
def test_a_ceasefire_put_off_until_victory_is_opposed(rows: list[dict[str, object]]) -> None:
    found = {(row["speaker"], row["issue"], row["stance"]) for row in rows}
    assert ("Idris Mabo", "ceasefire", "oppose") in found


def test_what_the_article_tells_is_carried_over(rows: list[dict[str, object]]) -> None:
    first = rows[0]
    assert [first[name] for name in ("outlet", "published", "url")] == ["Estuary Post", "2024-03-05", "https://news.test/harbour"]


def test_probabilities_sum_to_one_and_the_label_is_the_likeliest(rows: list[dict[str, object]]) -> None:
    sums = [sum(row[f"p_{label}"] for label in STANCES) for row in rows]
    assert sums == pytest.approx([1] * len(rows), abs=2e-4)
    assert [max(STANCES, key=lambda label: row[f"p_{label}"]) for row in rows] == [row["stance"] for row in rows]


def test_ids_are_unique_and_stable(rows: list[dict[str, object]], articles: list[Article]) -> None:
    ids = [row["statement_id"] for row in rows]
    again = [statement.statement_id for article in articles for statement in extract_article(article)]
    assert len(set(ids)) == len(ids)
    assert ids == again


def test_an_id_is_the_same_in_every_run_and_depends_on_its_parts() -> None:
    assert statement_id("a", 0, 9, "Kari Lund", "ceasefire") == "70ea8a7025289a18"
    others = [("b", 0, 9, "Kari Lund", "ceasefire"), ("a", 1, 9, "Kari Lund", "ceasefire"), ("a", 0, 9, "Kari Lund", "sanctions")]
    assert statement_id("a", 0, 9, "Kari Lund", "ceasefire") not in [statement_id(*other) for other in others]


def test_the_order_of_the_articles_does_not_matter(
    rows: list[dict[str, object]], articles: list[Article], model: StanceClassifier
) -> None:
    backwards = list(label_articles(reversed(articles), model, model_name="shipped"))
    assert sorted(backwards, key=lambda row: row["statement_id"]) == sorted(rows, key=lambda row: row["statement_id"])


def test_the_articles_around_one_do_not_matter(
    rows: list[dict[str, object]], articles: list[Article], model: StanceClassifier
) -> None:
    alone = list(label_articles(articles[1:2], model, model_name="shipped"))
    assert alone == [row for row in rows if row["article_id"] == "garrison"]


def test_only_the_issues_asked_for_are_given(
    rows: list[dict[str, object]], articles: list[Article], model: StanceClassifier
) -> None:
    found = list(label_articles(articles, model, model_name="shipped", issues=["ceasefire"]))
    assert found == [row for row in rows if row["issue"] == "ceasefire"]


def test_a_statement_below_the_threshold_gets_a_flag_instead_of_a_stance(
    rows: list[dict[str, object]], articles: list[Article], model: StanceClassifier
) -> None:
    best = [max(float(str(row[f"p_{label}"])) for label in STANCES) for row in rows]
    threshold = sorted(best)[len(best) // 2]  # one statement reaches it exactly and keeps its label
    found = list(label_articles(articles, model, model_name="shipped", abstain_below=threshold))
    unsure = [share < threshold for share in best]
    assert 0 < sum(unsure) < len(rows)
    assert found == [
        {**row, "stance": None, "flags": sorted([*cast("list[str]", row["flags"]), "abstained"])} if without else row
        for row, without in zip(rows, unsure, strict=True)
    ]


@pytest.mark.parametrize("threshold", [0, 1, -0.2, 1.5, float("nan")])
def test_a_threshold_that_is_no_probability_is_refused(model: StanceClassifier, threshold: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1; found"):
        list(label_articles([], model, abstain_below=threshold))
    with pytest.raises(InputError, match="between 0 and 1; found"):
        label_statements(ready(), model, abstain_below=threshold)


def test_every_article_is_reported_when_it_was_read(articles: list[Article], model: StanceClassifier) -> None:
    read: list[Article] = []
    list(label_articles([*articles, Article("empty", "")], model, on_article=read.append))
    assert [article.id for article in read] == ["harbour", "garrison", "courtyard", "empty"]


@pytest.mark.parametrize("text", ["", " \n", "It rained.", "“”", "The sanctions on Iran entered into force at midnight."])
def test_a_text_without_statements_gives_none(text: str) -> None:
    assert extract_article(Article("quiet", text)) == []


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=14).map(lambda pieces: "“We oppose the sanctions on Iran,” Kari Lund said. " + "".join(pieces)))
def test_offsets_hold_and_ids_differ_in_any_text(text: str) -> None:
    statements = extract_article(Article("any", text))
    assert statements
    assert [text[one.start : one.end] for one in statements] == [one.sentence for one in statements]
    assert len({one.statement_id for one in statements}) == len(statements)
    assert all(text[: one.start].endswith(one.context) for one in statements)


def test_the_role_before_a_name_is_the_role_also_where_a_verb_of_offering_follows(rows: list[dict[str, object]]) -> None:
    [lund] = [row for row in rows if row["speaker"] == "Kari Lund"]
    assert (lund["speaker_role"], lund["speaker_actor"]) == ("Norway's foreign minister", "NOR")


def test_half_a_surrogate_pair_does_not_stop_the_work() -> None:
    assert len(extract_article(Article("\ud800", "France rejected the sanctions on Iran."))) == 1


def seconds(n_quotations: int) -> float:
    text = "Norway rejected the sanctions on Iran. " + "“We will,” Kari Lund said. " * n_quotations
    return min(timeit.repeat(lambda: extract_article(Article("long", text)), number=1, repeat=2))


@pytest.mark.slow
def test_four_times_the_quotations_take_about_four_times_as_long() -> None:
    assert seconds(1600) < 6 * seconds(400)


# What a user hands over


def test_one_text_is_one_article() -> None:
    assert as_articles("They quit.") == [Article("article-1", "They quit.")]


def test_texts_mappings_and_articles_mix() -> None:
    mixed = ["One.", {"id": 7, "text": "Two.", "date": "2024-03-05", "outlet": ""}, Article("x", "Three.")]
    assert as_articles(mixed) == [
        Article("article-1", "One."),
        Article("7", "Two.", published="2024-03-05"),
        Article("x", "Three."),
    ]


def test_a_table_gives_an_article_a_row() -> None:
    table = pd.DataFrame({"article_id": ["a", None], "text": ["One.", "Two."], "title": ["T", None], "other": [1, 2]})
    assert as_articles(table) == [Article("a", "One.", "T"), Article("article-2", "Two.")]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"id": 1, "body": "x"}, "Article 2 has no 'text'; it has 'id', 'body'"),
        ({"text": None}, "Article 2 has a 'text' that is no string"),
        (5, "it has int"),
    ],
)
def test_an_article_without_text_is_refused_with_what_it_has(item: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        as_articles(["One.", item])


def test_a_table_without_text_is_refused_with_what_it_has() -> None:
    with pytest.raises(InputError, match="it has 'id', 'body'"):
        as_articles(pd.DataFrame({"id": [1], "body": ["x"]}))


def test_one_mapping_is_one_article() -> None:
    assert as_articles({"id": "a", "text": "They quit."}) == [Article("a", "They quit.")]


@pytest.mark.parametrize("thing", [None, 5])
def test_what_is_no_article_is_refused(thing: object) -> None:
    with pytest.raises(InputError):
        as_articles(thing)


def test_a_date_of_a_table_becomes_an_iso_date() -> None:
    [article] = as_articles(pd.DataFrame({"text": ["One."], "published": [pd.Timestamp("2024-03-05")]}))
    assert article.published == "2024-03-05"


def test_missing_cells_of_nullable_columns_are_missing() -> None:
    table = pd.DataFrame({"text": ["One."], "outlet": pd.array([None], dtype="Int64")})
    assert as_articles(table) == [Article("article-1", "One.")]


# Ready statements


def ready() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key": [30, 10, 20],
            "sentence": [
                "Kari Lund welcomed the ceasefire.",
                "Idris Mabo rejected the ceasefire.",
                "They discussed the ceasefire.",
            ],
            "issue": "ceasefire",
        },
        index=[7, 7, 2],
    )


def test_every_row_and_column_is_kept_in_order(model: StanceClassifier) -> None:
    labelled = label_statements(ready(), model, model_name="shipped")
    pd.testing.assert_frame_equal(labelled[["key", "sentence", "issue"]], ready())
    assert list(labelled.columns) == ["key", "sentence", "issue", "stance", "p_support", "p_oppose", "p_neutral", "model"]
    assert labelled["stance"].tolist()[:2] == ["support", "oppose"]


def test_the_table_handed_over_stays_as_it_was(model: StanceClassifier) -> None:
    table = ready()
    label_statements(table, model)
    pd.testing.assert_frame_equal(table, ready())


def test_each_row_is_labelled_whatever_stands_around_it(model: StanceClassifier) -> None:
    whole = label_statements(ready(), model)
    backwards = label_statements(ready().iloc[::-1], model)
    pd.testing.assert_frame_equal(backwards.iloc[::-1], whole)


def test_a_name_that_is_taken_gets_a_suffix(model: StanceClassifier) -> None:
    table = ready().assign(stance="neutral", model="mine", p_support=9.0)
    labelled = label_statements(table, model, model_name="shipped")
    pd.testing.assert_frame_equal(labelled[list(table.columns)], table)
    added = ["stance_predicted", "p_support_predicted", "p_oppose", "p_neutral", "model_predicted"]
    assert list(labelled.columns[len(table.columns) :]) == added


def test_a_table_labelled_before_keeps_its_columns(model: StanceClassifier) -> None:
    table = ready().assign(stance="neutral", stance_predicted="precious")
    labelled = label_statements(table, model)
    assert labelled["stance_predicted"].tolist() == ["precious"] * 3


@pytest.mark.parametrize("nothing", ["", "  ", None, float("nan")])
def test_rows_without_text_get_no_label_but_a_flag(model: StanceClassifier, nothing: object) -> None:
    table = ready().astype({"sentence": object})
    table["sentence"] = [table["sentence"].iloc[0], nothing, table["sentence"].iloc[2]]
    labelled = label_statements(table, model)
    assert labelled["flags"].tolist() == [[], ["no_text"], []]
    assert labelled[["stance", "p_support", "p_oppose", "p_neutral"]].isna().any(axis=1).tolist() == [False, True, False]


def test_ready_statements_below_the_threshold_keep_their_probabilities(model: StanceClassifier) -> None:
    labelled = label_statements(ready(), model)
    shares = [f"p_{label}" for label in STANCES]
    best = labelled[shares].max(axis=1)
    withheld = label_statements(ready(), model, abstain_below=float(best.max()))
    pd.testing.assert_frame_equal(withheld[shares], labelled[shares])
    assert withheld["flags"].tolist() == [["abstained"] if share < best.max() else [] for share in best]
    assert withheld["stance"].isna().tolist() == [bool(flags) for flags in withheld["flags"]]
    assert withheld["stance"].isna().any()


def test_a_threshold_that_all_reach_changes_no_label(model: StanceClassifier) -> None:
    withheld = label_statements(ready(), model, abstain_below=0.01)
    assert withheld["flags"].tolist() == [[]] * len(withheld)
    pd.testing.assert_frame_equal(withheld.drop(columns="flags"), label_statements(ready(), model))


def test_a_row_without_text_says_so_rather_than_that_it_abstains(model: StanceClassifier) -> None:
    labelled = label_statements(ready().assign(sentence=""), model, abstain_below=0.99)
    assert labelled["flags"].tolist() == [["no_text"]] * len(labelled)


def test_text_will_do_where_there_is_no_sentence(model: StanceClassifier) -> None:
    renamed = label_statements(ready().rename(columns={"sentence": "text"}), model)
    assert renamed["stance"].tolist() == label_statements(ready(), model)["stance"].tolist()


def test_a_table_without_text_is_refused_with_its_columns(model: StanceClassifier) -> None:
    with pytest.raises(InputError, match="no column 'sentence' or 'text'; it has 'key', 'issue'"):
        label_statements(ready().drop(columns="sentence"), model)


def test_no_rows_give_an_empty_table_with_every_column(model: StanceClassifier) -> None:
    labelled = label_statements(ready().head(0), model)
    assert len(labelled) == 0
    assert "p_neutral" in labelled.columns


def test_a_label_the_model_does_not_know_gets_no_probability(annotations: pd.DataFrame) -> None:
    two = annotations[annotations["stance"] != "neutral"]
    labelled = label_statements(ready(), StanceClassifier().fit(two, two["stance"]))
    assert labelled["p_neutral"].tolist() == [0.0] * 3
    assert (labelled["p_support"] + labelled["p_oppose"]).tolist() == pytest.approx([1.0] * 3, abs=2e-4)
