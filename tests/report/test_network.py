"""Networks worked out by hand, read back from the files that Gephi and visone open."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from stance.cli import app
from stance.errors import InputError
from stance.files import write_table
from stance.records import STANCES
from stance.report.graphs import draw_network, make_graph, render_graph
from stance.report.network import EDGE_COLUMNS, NODE_COLUMNS, summarize_networks

# Norway and Chad support the truce (Norway says so twice), Peru rejects it; Norway and Peru oppose the embargo, Chad has no view.
SAID = [
    ("NOR", "truce", "support", "2024-01-05"),
    ("NOR", "truce", "support", "2024-02-01"),
    ("TCD", "truce", "support", "2024-01-06"),
    ("PER", "truce", "oppose", "2025-03-01"),
    ("NOR", "embargo", "oppose", "2024-01-07"),
    ("PER", "embargo", "oppose", ""),
    ("TCD", "embargo", "neutral", "2025-03-02"),
    ("", "embargo", "support", "2024-01-01"),
    ("PER", "talks", None, "2024-01-01"),
]


def as_table(said: list[tuple[str, str, str | None, str]]) -> pd.DataFrame:
    table = pd.DataFrame(said, columns=["speaker_actor", "target", "stance", "published"])
    return table.assign(speaker="Kari Lund", issue="ceasefire")


@pytest.fixture
def said() -> pd.DataFrame:
    return as_table(SAID)


def weights(network) -> dict[tuple[str, str], float]:
    edges = network.edges
    return dict(zip(zip(edges["source"], edges["target"], strict=True), edges["weight"], strict=True))


def test_actors_and_targets_are_joined_by_what_is_said(said: pd.DataFrame) -> None:
    [network] = summarize_networks(said)
    assert tuple(network.edges.columns) == EDGE_COLUMNS
    assert tuple(network.nodes.columns) == NODE_COLUMNS
    assert weights(network) == {
        ("NOR", "embargo"): 1,
        ("NOR", "truce"): 2,
        ("PER", "embargo"): 1,
        ("PER", "truce"): 1,
        ("TCD", "embargo"): 1,
        ("TCD", "truce"): 1,
    }
    chad = network.edges[(network.edges["source"] == "TCD") & (network.edges["target"] == "embargo")].iloc[0]
    assert (chad["neutral"], chad["net"]) == (1, 0.0)
    assert network.left_out == {"without a state or organisation": 1, "without a label": 1}


@pytest.mark.parametrize(
    ("kind", "norm", "expected"),
    [
        ("congruence", "count", {("NOR", "PER"): 1, ("NOR", "TCD"): 1}),
        ("conflict", "count", {("NOR", "PER"): 1, ("PER", "TCD"): 1}),
        # Norway and Peru take two stands each, Chad one: 1 / 2 and 1 / 1.5; together they take three, and two.
        ("congruence", "average-activity", {("NOR", "PER"): 0.5, ("NOR", "TCD"): 0.666667}),
        ("congruence", "jaccard", {("NOR", "PER"): 0.333333, ("NOR", "TCD"): 0.5}),
    ],
)
def test_agreement_and_conflict_are_those_worked_out_by_hand(
    said: pd.DataFrame, kind: str, norm: str, expected: dict[tuple[str, str], float]
) -> None:
    [network] = summarize_networks(said, kind=kind, norm=norm)
    assert weights(network) == expected


def test_each_period_has_a_network_of_its_own(said: pd.DataFrame) -> None:
    networks = summarize_networks(said, period="year")
    assert [(one.period, len(one.edges)) for one in networks] == [("2024", 3), ("2025", 2)]
    assert networks[0].left_out["without a date"] == 1
    assert [one.period for one in summarize_networks(said, period="quarter")] == ["2024Q1", "2025Q1"]


def test_rare_actors_can_be_left_out_and_are_counted(said: pd.DataFrame) -> None:
    [network] = summarize_networks(said, least=3)
    assert set(network.edges["source"]) == {"NOR"}
    assert network.left_out["of actors with fewer than 3 statements"] == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "friends"}, "There is no kind 'friends'; known are actor-target"),
        ({"norm": "cosine"}, "There is no norm 'cosine'"),
        ({"of": "outlet"}, "There is no of 'outlet'"),
        ({"period": "day"}, "There is no period 'day'"),
    ],
)
def test_unknown_options_are_named(said: pd.DataFrame, options: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        summarize_networks(said, **options)


def test_a_table_without_dates_or_columns_says_what_is_missing(said: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="target is missing"):
        summarize_networks(said.drop(columns="target"))
    with pytest.raises(InputError, match="No statement has a date"):
        summarize_networks(said.drop(columns="published"), period="year")


HOSTILE = '<b>"A" & \u202eB</b>\x0b\x00 $x$ ' + "long " * 60
READ = {".graphml": nx.read_graphml, ".gexf": nx.read_gexf}


@pytest.mark.parametrize("suffix", READ)
@pytest.mark.parametrize("kind", ["actor-target", "congruence", "conflict"])
def test_files_read_back_with_every_attribute(said: pd.DataFrame, suffix: str, kind: str) -> None:
    hostile = pd.concat([said, as_table([(HOSTILE, "truce", "support", "2024-01-05")])], ignore_index=True)
    [network] = summarize_networks(hostile, kind=kind)
    written, graph = render_graph(network, suffix), make_graph(network)
    read = READ[suffix](io.BytesIO(written.encode()))
    assert set(read.nodes) == set(graph.nodes)
    assert {frozenset(edge) for edge in read.edges} == {frozenset(edge) for edge in graph.edges}
    for name, told in graph.nodes(data=True):
        assert {key: read.nodes[name][key] for key in told} == told
    for one, other, told in graph.edges(data=True):
        assert {key: read.edges[one, other][key] for key in told} == told
    assert draw_network(network).svg.count("<svg") == 1


stands = st.tuples(
    st.sampled_from(["NOR", "PER", "TCD", "EU"]), st.sampled_from(["truce", "embargo", "talks"]), st.sampled_from(STANCES)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(stands, max_size=25), st.randoms())
def test_totals_agree_with_the_table_whatever_its_order(taken: list[tuple[str, str, str]], random: object) -> None:
    said = as_table([(*one, "2024-01-01") for one in taken])
    [network] = summarize_networks(said)
    assert network.edges["statements"].sum() == len(said)
    for stance in STANCES:
        assert network.edges[stance].sum() == (said["stance"] == stance).sum()
        assert network.nodes.query("kind == 'actor'")[stance].sum() == (said["stance"] == stance).sum()
    random.shuffle(taken)  # type: ignore[attr-defined]
    [again] = summarize_networks(as_table([(*one, "2024-01-01") for one in taken]))
    pd.testing.assert_frame_equal(network.edges, again.edges)
    for norm in ("average-activity", "jaccard"):
        [agreeing] = summarize_networks(said, kind="congruence", norm=norm)
        assert agreeing.edges["weight"].between(0, 1 if norm == "jaccard" else 2).all()


@pytest.fixture
def table_file(tmp_path: Path, said: pd.DataFrame) -> Path:
    path = tmp_path / "statements.jsonl"
    write_table(said, path)
    return path


def test_the_command_writes_a_file_a_period_and_a_picture(table_file: Path) -> None:
    folder = table_file.parent
    arguments = [
        "network",
        str(table_file),
        "-o",
        str(folder / "net.gexf"),
        "--period",
        "year",
        "--picture",
        str(folder / "p.svg"),
    ]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in folder.iterdir()) == [
        "net-2024.gexf",
        "net-2025.gexf",
        "p-2024.svg",
        "p-2025.svg",
        "statements.jsonl",
    ]
    assert "4 nodes, 3 edges" in done.output
    assert "left out: 1 statements without a date" in done.output
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 1
    assert "net-2024.gexf exists; pass --force to replace it." in again.output
    assert CliRunner().invoke(app, [*arguments, "--force"]).exit_code == 0


def test_the_order_of_edges_is_that_of_names(said: pd.DataFrame) -> None:
    [network] = summarize_networks(said)
    pairs = list(zip(network.edges["source"], network.edges["target"], strict=True))
    assert all(one <= other for one, other in pairwise(pairs))
