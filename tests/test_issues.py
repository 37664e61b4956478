"""Issues of one's own: the file that defines them, what is found with them, the model that carries them, the commands."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sklearn.base import clone
from typer.testing import CliRunner

import stance
from stance.cli import app
from stance.errors import InputError, ModelError
from stance.files import read_issue_files
from stance.files.models import card_of, default_model, read_model
from stance.model import StanceClassifier
from stance.model.storage import pack_model, unpack_model
from stance.pipeline import extract_article
from stance.records import ISSUES, QUOTE_TYPES, STANCES, Article, Target
from stance.targets.definitions import read_definition
from stance.targets.mentions import find_words, load_issues

CUSTOM = Path(__file__).resolve().parent.parent / "data" / "custom"
ARMS = CUSTOM / "arms_exports.toml"
FISHING = 'name = "fishing_quotas"\nparties = "location"\nstrong = ["fishing quotas?", "(?:cod|herring) quotas?"]\n'
OWLS = 'name = "owls"\nstrong = ["owls?"]\nlikely = ["birds?"]\nnot = ["night owls?"]\n'
GERMANY = "Germany will sell tanks to Qatar, Foreign Minister Jonas Feld of Germany said. Qatar rejected the sanctions on Iran."


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def targets(text: str, *added: str) -> list[Target]:
    return [statement.target for statement in extract_article(Article("article", text), load_issues(added))]


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CUSTOM / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def arms() -> tuple[str, ...]:
    return read_issue_files([ARMS])


# The file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = owls", "this is no TOML: Invalid value (at line 1, column 8)"),
        ('name = "owls"\nstrong = ["owls?"]\ncolour = "brown"', "unknown key 'colour'; known are name, parties"),
        ('strong = ["owls?"]', "no name"),
        ('name = "Barn Owls"\nstrong = ["owls?"]', "name = 'Barn Owls'; an issue needs one of lower-case letters"),
        ('name = "named"\nstrong = ["owls?"]', "name = 'named' means something else"),
        ('name = "owls"', "no pattern under 'strong'"),
        ('name = "owls"\nstrong = "owls?"', "'strong' must be a list of strings"),
        ('name = "owls"\nstrong = ["(owls"]', "the pattern '(owls' under 'strong' is no regular expression: missing )"),
        ('name = "owls"\nstrong = ["owls?"]\nweak = ["(?i)birds"]', "under 'weak' is no regular expression: global flags"),
        ('name = "owls"\nstrong = ["(?:owls)?"]', "matches where there is no word at all"),
        ('name = "owls"\nstrong = ["(?= )"]', "matches where there is no word at all"),
        ('name = "owls"\nstrong = ["Owls?"]', "has capitals, but text is compared in lower case"),
        ('name = "owls"\nstrong = ["(owl) and \\\\1"]', "refers back to a group"),
        ('name = "owls"\nstrong = ["owls?"]\nparties = "nests"', "parties = 'nests' is not one of 'sender_recipient'"),
        ('name = "owls"\nstrong = ["owls?"]\nlabel = "owls[ in {location}]"', "label = 'owls[ in {location}]' cannot be written"),
        ('name = "owls"\nstrong = ["owls?"]\nparties = "location"\nlabel = "owls in {location}"', "cannot be written"),
        ('name = "owls"\nstrong = ["owls?"]\nlabel = "owls\\nand mice"', "'label' must be a string on one line"),
    ],
)
def test_a_faulty_issue_file_is_refused_with_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_definition(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "pattern", ["owls?", "(?:barn|snowy) owls?", r"\bowls?\b", r"o\Sls", "(barn|snowy) owl", "owls?(?! of)", "ö+"]
)
def test_a_sound_pattern_is_taken(pattern: str) -> None:
    assert read_definition(f"name = 'owls'\nstrong = ['{pattern}']").patterns["strong"] == (pattern,)


@pytest.mark.parametrize(
    ("parties", "label"),
    [
        ("sender_recipient", "[{sender} ]barn owls[ on {recipient}]"),
        ("location", "barn owls[ in {location}]"),
        ("none", "barn owls"),
    ],
)
def test_a_label_is_made_where_none_is_given(parties: str, label: str) -> None:
    assert read_definition(f'name = "barn_owls"\nparties = "{parties}"\nstrong = ["owls?"]').label == label


def test_the_issues_of_the_package_stay_beside_those_added() -> None:
    assert tuple(issue.name for issue in load_issues((FISHING, OWLS))) == (*ISSUES, "fishing_quotas", "owls")


@pytest.mark.parametrize(
    ("added", "said"), [((OWLS, OWLS), "defined twice"), (('name="ceasefire"\nstrong=["owls"]',), "comes with stance")]
)
def test_a_name_stands_for_one_issue(added: tuple[str, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        load_issues(added)


def test_levels_without_patterns_name_nothing() -> None:
    assert ("fishing_quotas", "weak") not in find_words(load_issues((FISHING,)), "herring quotas and nothing")


def test_loose_words_name_an_issue_only_where_others_do() -> None:
    loose = 'name = "owls"\nstrong = ["owls?"]\nloose = ["night birds?"]\n'

    assert targets("Norway said night birds must be counted.", loose) == []
    assert len(targets("The owls are few. Norway said night birds must be counted.", loose)) == 1


def test_an_issue_without_loose_words_is_named_by_any_of_its_own() -> None:
    assert len(targets("Norway said owls must be counted.", 'name = "owls"\nstrong = ["owls(?= must)"]\n')) == 1


def test_what_is_something_else_names_nothing() -> None:
    assert find_words(load_issues((OWLS,)), "night owls and owls") == {("owls", "strong"): [(15, 19)]}


# Reading the files


def test_a_folder_stands_for_its_issue_files(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(OWLS, encoding="utf-8")
    (tmp_path / "a.toml").write_text(FISHING, encoding="utf-8")
    (tmp_path / "a.txt").write_text("no issue", encoding="utf-8")
    assert read_issue_files([tmp_path]) == (FISHING, OWLS)
    assert read_issue_files([tmp_path / "b.toml", tmp_path]) == (OWLS, FISHING)
    assert read_issue_files(tmp_path / "b.toml") == (OWLS,)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: No such file"),
        (b"name = \xff", "is not UTF-8 text (byte 8)"),
        (b"name", "cannot be used: this is no TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "mine.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_issue_files([path])
    assert f"The issue file {path} {said}" in str(caught.value)


def test_a_folder_without_issue_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no issue files"):
        read_issue_files([tmp_path])


# What is found


def test_sender_and_recipient_are_read(arms: tuple[str, ...]) -> None:
    found = targets(GERMANY, *arms)
    assert [(one.label, one.sender, one.recipient) for one in found] == [
        ("Germany arms exports to Qatar", ("DEU",), ("QAT",)),
        ("sanctions on Iran", (), ("IRN",)),
    ]


@pytest.mark.parametrize(
    ("text", "sender", "recipient"),
    [
        ("Swedish arms exports must stop, Norway's foreign minister, Kari Lund, said.", ("SWE",), ()),
        ("Norway's foreign minister, Kari Lund, rejected French weapons deliveries to Chad.", ("FRA",), ("TCD",)),
        ("Norway's foreign minister, Kari Lund, said Kenya should export weapons.", ("KEN",), ()),
        ("Norway's foreign minister, Kari Lund, praised the arms trade.", (), ()),
    ],
)
def test_whoever_stands_before_the_mention_is_the_sender(
    text: str, sender: tuple[str, ...], recipient: tuple[str, ...], arms: tuple[str, ...]
) -> None:
    [found] = targets(text, *arms)
    assert (found.sender, found.recipient) == (sender, recipient)


def test_with_usual_senders_another_state_before_the_mention_is_the_recipient() -> None:
    tariffs = 'name = "tariffs"\nparties = "sender_recipient"\nstrong = ["tariffs?"]\nusual_senders = ["USA", "EU"]\n'
    [found] = targets("Norway's foreign minister, Kari Lund, rejected the China tariffs.", tariffs)
    assert (found.sender, found.recipient, found.label) == ((), ("CHN",), "tariffs on China")


def test_a_place_is_read() -> None:
    [found] = targets("Norway's foreign minister, Kari Lund, rejected the cod quotas in Yemen.", FISHING)
    assert (found.location, found.label) == (("YEM",), "fishing quotas in Yemen")


def test_an_issue_without_parties_has_none() -> None:
    [found] = targets("Norway's foreign minister, Kari Lund, praised the owls of Libya.", OWLS)
    assert (found.sender, found.recipient, found.location, found.label, found.flags) == ((), (), (), "owls", ())


def test_nothing_is_left_behind_for_the_next_call() -> None:
    text = "Norway's foreign minister, Kari Lund, praised owls and night owls."
    snowy = 'name = "owls"\nstrong = ["night owls?"]\n'
    assert [len(targets(text, *added)) for added in ((), (OWLS,), (snowy,), (OWLS,), ())] == [0, 1, 1, 1, 0]


def test_the_functions_take_issue_files() -> None:
    assert stance.extract(GERMANY, issue_files=[ARMS])["issue"].tolist() == ["arms_exports", "sanctions"]
    assert stance.label(GERMANY, issue_files=[ARMS], issues=["arms_exports"])["target"].tolist() == [
        "Germany arms exports to Qatar"
    ]
    assert stance.explain(GERMANY, issue_files=[ARMS])[0].n_statements == 1
    assert "arms_exports" not in set(stance.extract(GERMANY)["issue"])


# The model


def test_the_model_carries_its_issues(arms: tuple[str, ...], annotations: Any) -> None:
    model = StanceClassifier(added_issues=arms).fit(annotations, annotations["stance"])
    restored, _ = unpack_model(pack_model(model, "mine"))
    assert restored.added_issues == clone(model).added_issues == arms
    assert stance.label(GERMANY, model=restored)["issue"].tolist() == ["arms_exports", "sanctions"]


def test_mentions_of_the_issue_are_marked_as_the_target(arms: tuple[str, ...], small_model: StanceClassifier) -> None:
    rows = [{"sentence": "Norway welcomed the arms deliveries.", "issue": "arms_exports"}]
    known = small_model.with_issues(arms)
    assert known.predict_proba(rows).tolist() != small_model.predict_proba(rows).tolist()
    assert small_model.added_issues == ()


def test_a_file_goes_before_what_the_model_has_of_the_same_issue() -> None:
    other = 'name = "owls"\nstrong = ["owlets?"]\n'
    model = StanceClassifier(added_issues=(OWLS, FISHING))
    assert model.with_issues((other,)).added_issues == (FISHING, other)


def test_a_model_whose_issues_cannot_be_used_is_refused(small_model: StanceClassifier) -> None:
    broken = clone(small_model).set_params(added_issues=('name = "owls"',))
    broken.__dict__ |= {name: value for name, value in vars(small_model).items() if name.endswith("_")}
    with pytest.raises(ModelError, match=r"damaged .*: no pattern under 'strong'"):
        unpack_model(pack_model(broken, "mine"))


def test_features_are_named_as_the_model_with_its_issues_reads_them(arms: tuple[str, ...], small_model: StanceClassifier) -> None:
    row = {"sentence": "Norway welcomed the ceasefire before the arms deliveries.", "issue": "arms_exports"}
    found = stance.explain_stance(row, small_model, issue_files=[ARMS])
    assert found == stance.explain_stance(row, small_model.with_issues(arms))
    shares = small_model.with_issues(arms).predict_proba([row])[0]
    assert dict(found.probabilities) == dict(zip(small_model.classes_, shares, strict=True))
    assert any("[target]" in feature.name for feature in found.features)


def test_an_article_is_explained_with_the_issues_of_the_model(arms: tuple[str, ...], small_model: StanceClassifier) -> None:
    assert stance.explain(GERMANY, model=small_model.with_issues(arms)) == stance.explain(GERMANY, issue_files=[ARMS])
    assert stance.explain(GERMANY, model=small_model) == stance.explain(GERMANY)


# The commands, from articles and annotations to a model and back


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "arms.joblib"
    annotated = (CUSTOM / "statements.jsonl", "--articles", CUSTOM / "articles.jsonl")
    result = run("train", *annotated, "--issue-file", ARMS, "-o", path)
    assert result.exit_code == 0, result.output
    assert "93 statements in 24 articles" in result.stdout
    return path


def test_the_card_holds_the_issue(trained: Path) -> None:
    card = json.loads(trained.with_suffix(".card.json").read_text(encoding="utf-8"))
    assert card["trained_on"]["issues"] == {"arms_exports": 93}
    assert card["parameters"]["added_issues"] == [ARMS.read_text(encoding="utf-8")]
    assert "arms_exports: NOR > KEN" in card["trained_on"]["targets"]


def test_the_model_has_learned_with_the_issue_marked(trained: Path) -> None:
    assert "arms_exports|_target_" in stance.load_model(trained).vectorizers_["crossed"].vocabulary_


def test_the_model_is_read_only_with_the_issue_it_was_trained_with(trained: Path, tmp_path: Path) -> None:
    model, name = read_model(trained)
    altered = tmp_path / "arms.joblib"
    altered.write_bytes(pack_model(model.with_issues((ARMS.read_text(encoding="utf-8") + "\n# another\n",)), name))
    shutil.copy(card_of(trained), card_of(altered))
    with pytest.raises(ModelError, match=r"is not the file that arms\.card\.json describes"):
        read_model(altered)


def test_the_trained_model_labels_without_the_file(trained: Path, tmp_path: Path) -> None:
    result = run("label", CUSTOM / "articles.jsonl", "--model", trained, "--issue", "arms_exports", "-o", tmp_path / "out.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    coded = {(row["article_id"], row["start"]) for row in read("statements.jsonl")}
    found = {(row["article_id"], row["start"]) for row in rows}
    assert result.exit_code == 0
    assert {row["issue"] for row in rows} == {"arms_exports"}
    assert len(coded & found) >= 0.9 * len(coded | found)
    assert "note:" not in result.stderr


def test_another_model_labels_with_the_file_and_says_what_it_has_not_learned() -> None:
    result = run("label", CUSTOM / "articles.jsonl", "--issue-file", ARMS)
    assert result.exit_code == 0
    assert ",arms_exports," in result.stdout
    assert "was trained without the issue file of arms_exports" in result.stderr


def test_labels_on_the_issue_can_be_withheld(tmp_path: Path) -> None:
    result = run("label", CUSTOM / "articles.jsonl", "--issue-file", ARMS, "--abstain-below", 0.7, "-o", tmp_path / "out.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    withheld = [row["stance"] is None for row in rows if row["issue"] == "arms_exports"]
    assert result.exit_code == 0, result.output
    assert 0 < sum(withheld) < len(withheld)
    assert f"({sum('abstained' in row['flags'] for row in rows)} abstained)" in result.stderr


def test_ready_statements_on_the_issue_are_labelled(trained: Path, tmp_path: Path) -> None:
    ready = tmp_path / "ready.csv"
    ready.write_text("sentence,issue\nNorway welcomed the arms deliveries to Kenya.,arms_exports\n", encoding="utf-8")
    with_file = run("label", ready, "--model", trained, "--issue-file", ARMS, "--abstain-below", 0.4)
    without = run("label", ready, "--model", trained, "--abstain-below", 0.4)
    assert with_file.exit_code == without.exit_code == 0
    assert with_file.stdout == without.stdout
    assert run("label", ready).stdout != run("label", ready, "--issue-file", ARMS).stdout


def test_two_models_are_compared_on_the_issue(trained: Path) -> None:
    arguments = ("evaluate", CUSTOM / "statements.jsonl", "--model", trained, "--against", default_model(), "--issue-file", ARMS)
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert "compared with" in result.stdout
    assert result.stderr.count("was trained without the issue file of arms_exports") == 1


def test_the_trained_model_is_evaluated(trained: Path) -> None:
    result = run("evaluate", CUSTOM / "statements.jsonl", "--model", trained, "--json")
    assert list(json.loads(result.stdout)["by_issue"]) == ["arms_exports"]


def test_the_issue_is_explained() -> None:
    result = run("explain", "--text", GERMANY, "--issue-file", CUSTOM, "--sentence", 1)
    assert "arms_exports" in result.stdout
    assert "Germany arms exports to Qatar, by rule named" in result.stdout


def test_the_issue_is_explained_as_the_model_knows_it(trained: Path) -> None:
    by_file = run("explain", "--text", GERMANY, "--issue-file", ARMS, "--model", default_model())
    by_model = run("explain", "--text", GERMANY, "--model", trained)
    assert by_model.exit_code == 0, by_model.output
    assert by_model.stdout == by_file.stdout == run("explain", "--text", GERMANY, "--issue-file", ARMS).stdout


def test_a_stance_on_the_issue_is_explained(trained: Path) -> None:
    sentence = ("explain", "Norway must not resume arms deliveries to Kenya.", "--issue", "arms_exports", "--json")
    by_model, with_file = run(*sentence, "--model", trained), run(*sentence, "--model", trained, "--issue-file", ARMS)
    assert by_model.exit_code == with_file.exit_code == 0
    assert by_model.stdout == with_file.stdout
    assert "[target]" in {feature["name"] for feature in json.loads(by_model.stdout)["features"]}
    assert "note:" not in by_model.stderr + with_file.stderr


def test_a_stance_on_the_issue_is_explained_by_a_model_that_has_not_learned_it() -> None:
    sentence = ("explain", "Norway must not resume arms deliveries to Kenya.", "--issue", "arms_exports")
    result = run(*sentence, "--issue-file", ARMS)
    assert result.exit_code == 0, result.output
    assert "on arms_exports, default-" in result.stdout
    assert "was trained without the issue file of arms_exports" in result.stderr


@pytest.mark.parametrize("command", [("label", CUSTOM / "articles.jsonl"), ("explain", "Norway must not sell tanks.")])
def test_an_issue_that_nobody_defines_is_a_usage_error(command: tuple[object, ...]) -> None:
    result = run(*command, "--issue", "arms_exports")
    assert result.exit_code == 2
    assert "--issue-file" in result.stderr


@pytest.mark.parametrize(
    "command", [["label", "a.txt"], ["train", "a.csv", "-o", "a.joblib"], ["evaluate", "a.csv"], ["explain", "a.txt"]]
)
def test_every_command_names_a_file_it_cannot_use(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("Norway rejected the sanctions on Iran.", encoding="utf-8")
    Path("a.csv").write_text("text,stance\nNorway rejected the sanctions.,oppose\n", encoding="utf-8")
    Path("mine.toml").write_text('name = "ceasefire"\nstrong = ["truce"]\n', encoding="utf-8")
    result = run(*command, "--issue-file", "mine.toml")
    assert result.exit_code == 1
    assert "stance: The issue file mine.toml cannot be used: the issue 'ceasefire' comes with stance" in result.stderr


# The example


def test_the_example_is_sound() -> None:
    texts = {article["id"]: article["text"] for article in read("articles.jsonl")}
    rows = read("statements.jsonl")
    assert [row["sentence"] for row in rows if texts[row["article_id"]][row["start"] : row["end"]] != row["sentence"]] == []
    assert len({row["sentence"] for row in rows}) == len(rows) >= 80
    assert {row["article_id"] for row in rows} == set(texts)
    assert {row["issue"] for row in rows} == {"arms_exports"}
    assert {row["stance"] for row in rows} == set(STANCES)
    assert {row["quote_type"] for row in rows} == set(QUOTE_TYPES)


def test_nobody_in_the_example_speaks_everywhere() -> None:
    assert max(Counter(row["speaker"] for row in read("statements.jsonl")).values()) <= 2
