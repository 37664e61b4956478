"""``stance network``: a statement table in; who stands with whom, as graphs and a picture, out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.terminal import require_choice, says_errors


@says_errors
def network(
    statements: Annotated[
        Path, typer.Argument(metavar="STATEMENTS", help="A table that 'stance label' wrote.", show_default=False)
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT", help="File to write: .graphml or .gexf (Gephi, visone, igraph, R).")
    ],
    kind: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            help="actor-target: who speaks on what, and how; congruence: who takes the same stands; conflict: who opposite ones.",
        ),
    ] = "actor-target",
    of: Annotated[str, typer.Option(metavar="WHO", help="Whose stands: actor (state, organisation) or person.")] = "actor",
    norm: Annotated[
        str,
        typer.Option(
            metavar="NORM",
            help="Weight of an edge: count, average-activity (by how much the two say) or jaccard (by all they say).",
        ),
    ] = "count",
    period: Annotated[
        str | None, typer.Option(metavar="P", help="year, quarter or month: a network for each, in OUT-2024.graphml, …")
    ] = None,
    issue: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Statements on this issue only. Repeatable.")] = None,
    least: Annotated[int, typer.Option("--least", metavar="N", min=1, help="Only actors with N statements or more.")] = 1,
    picture: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it too, as .svg; one a period.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
) -> None:
    """Write who stands with whom as a network: actors and targets, agreement, or conflict (discourse network analysis)."""
    from stance import files
    from stance.report.graphs import GRAPH_SUFFIXES, draw_network, render_graph
    from stance.report.network import KINDS, NORMS, PERIODS, summarize_networks

    require_choice("--kind", [kind], KINDS)
    require_choice("--norm", [norm], NORMS)
    require_choice("--of", [of], ("actor", "person"))
    require_choice("--period", [period] if period else [], tuple(PERIODS))
    files.check_output(output, force or period is not None, suffixes=GRAPH_SUFFIXES)
    if picture is not None:
        files.check_output(picture, force or period is not None, suffixes=(".svg",))
    table = files.read_statements(statements)
    if issue:
        table = table[table["issue"].isin(issue)]
    networks = summarize_networks(table, kind=kind, norm=norm, of=of, period=period, least=least)
    places = [(output.with_stem(f"{output.stem}-{one.period}") if period else output, one) for one in networks]
    pictures = [(picture.with_stem(f"{picture.stem}-{one.period}") if period else picture, one) for one in networks if picture]
    for place, _ in (*places, *pictures):
        files.check_output(place, force, suffixes=())
    for place, one in places:
        files.write_bytes(place, render_graph(one, output.suffix).encode())
    for place, one in pictures:
        files.write_bytes(place, draw_network(one).alone().encode())
    if not quiet:
        for place, one in places:
            typer.echo(f"{len(one.nodes)} nodes, {len(one.edges)} edges -> {place}", err=True)
        for reason, count in networks[0].left_out.items():
            typer.echo(f"left out: {count} statements {reason}", err=True)
