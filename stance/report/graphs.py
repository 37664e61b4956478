"""Turns networks into graphs for networkx, into the files that Gephi and visone open, and into a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.records import STANCES
from stance.report.figures import COLORS, Figure, drawing, make_figure
from stance.report.network import Network

if TYPE_CHECKING:
    import networkx as nx

GRAPH_SUFFIXES = (".graphml", ".gexf")
# More nodes than these cannot be read in a picture, which then shows those with most statements; the file has all.
_DRAWN = 36
# Edges drawn for each node, its heaviest: all of them, where everybody is joined to everybody, are a ball of wool.
_EDGES = 3
_NAME_CHARS = 28


def make_graph(network: Network) -> nx.Graph[str]:
    """Return a network as a graph with all attributes of its nodes and edges; two-way edges, as agreement has no direction.

    A node is called by its kind and name (``actor: EU``), because an actor and a target may share one; ``label`` is the name.

    Raises
    ------
    InputError
        If networkx is not installed.
    """
    try:
        import networkx as nx
    except ImportError as error:
        msg = "Networks need the extra 'report': pip install 'stance[report]'."
        raise InputError(msg) from error
    graph: nx.Graph[str] = nx.Graph(kind=network.kind, normalisation=network.norm, period=network.period)
    for row in network.nodes.to_dict("records"):
        told = {str(key): value for key, value in row.items() if key != "node"}
        graph.add_node(f"{row['kind']}: {row['node']}", label=row["node"], **told)
    other = "target" if network.kind == "actor-target" else "actor"
    for row in network.edges.to_dict("records"):
        told = {str(key): value for key, value in row.items() if key not in ("source", "target")}
        graph.add_edge(f"actor: {row['source']}", f"{other}: {row['target']}", kind=network.kind, **told)
    return graph


def render_graph(network: Network, suffix: str) -> str:
    """Return a network as GraphML (``.graphml``) or GEXF 1.2 (``.gexf``).

    Raises
    ------
    InputError
        For another suffix.
    """
    graph = make_graph(network)
    import networkx as nx

    if suffix == ".graphml":
        return "\n".join(nx.generate_graphml(graph, named_key_ids=True)) + "\n"
    if suffix == ".gexf":
        return "\n".join(nx.generate_gexf(graph, version="1.2draft")) + "\n"
    msg = f"A network is written as {' or '.join(GRAPH_SUFFIXES)}; {suffix or 'no suffix'} was given."
    raise InputError(msg)


def draw_network(network: Network) -> Figure:
    """Return a picture of the nodes with most statements: size tells statements, colour the stance."""
    import numpy as np

    whole = make_graph(network)
    import networkx as nx

    most = sorted(whole, key=lambda name: (-whole.nodes[name]["statements"], name))[:_DRAWN]
    graph = _thin_out(nx.Graph(whole.subgraph(most)))
    graph.remove_nodes_from(list(nx.isolates(graph)))
    places = nx.spring_layout(graph, seed=1, k=3.5 / max(1, len(graph)) ** 0.5, iterations=300, weight=None) if len(graph) else {}
    with drawing(9, 7) as (axes, drawn):
        axes.set_axis_off()
        heaviest = max((told["weight"] for _, _, told in graph.edges(data=True)), default=1.0)
        for one, other, told in graph.edges(data=True):
            ends = np.array([places[one], places[other]])
            axes.plot(
                ends[:, 0], ends[:, 1], color=_color(told), linewidth=0.5 + 3 * told["weight"] / heaviest, alpha=0.6, zorder=1
            )
        for kind, marker in (("actor", "o"), ("target", "s")):
            own = [name for name, told in graph.nodes(data=True) if told["kind"] == kind]
            if own:
                at = np.array([places[name] for name in own])
                sizes = [20 + 12 * graph.nodes[name]["statements"] ** 0.5 for name in own]
                colors = [_color(graph.nodes[name]) if kind == "actor" else "#000002" for name in own]
                axes.scatter(at[:, 0], at[:, 1], s=sizes, c=colors, marker=marker, zorder=2)
        for name, told in graph.nodes(data=True):
            axes.annotate(_shorten(told["label"]), places[name], (4, 4), textcoords="offset points", fontsize=8, zorder=3)
    title = f"{network.kind} network{f', {network.period}' if network.period else ''}"
    description = (
        f"{len(network.nodes)} nodes and {len(network.edges)} edges; {len(graph)} nodes are drawn, actors round, targets square, "
        f"with the {_EDGES} heaviest edges of each. "
        "Blue means mostly support or agreement, orange mostly opposition or conflict, grey neither."
    )
    rows = network.edges.sort_values(["weight", "source", "target"], ascending=[False, True, True]).head(_DRAWN)
    shown = ["source", "target", "weight", *STANCES]
    return make_figure("network", title, description, drawn, shown, rows[shown].to_numpy().tolist())


def _thin_out(graph: nx.Graph[str]) -> nx.Graph[str]:
    """Return a graph with those edges only that are among the heaviest of one of their ends."""
    kept = graph.copy()
    kept.remove_edges_from(list(graph.edges))
    for node in graph:
        heaviest = sorted(graph.edges(node, data=True), key=lambda edge: (-edge[2]["weight"], edge[1]))[:_EDGES]
        kept.add_edges_from(heaviest)
    return kept


def _color(told: dict[str, Any]) -> str:
    net = told.get("net", told.get("support", 0) - told.get("oppose", 0))
    return COLORS["support" if net > 0 else "oppose" if net < 0 else "neutral"]


def _shorten(name: str) -> str:
    return name if len(name) <= _NAME_CHARS else name[: _NAME_CHARS - 1] + "…"
