"""Pages stand by themselves, escape what they show, and draw figures that tell what they show."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup

from stance.report.figures import drawing, make_figure
from stance.report.pages import _environment, show_plainly

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture(scope="module")
def figure():
    with drawing(4, 2) as (axes, drawn):
        axes.plot([0, 1], [0, 1])
    return make_figure("line", f"A line {HOSTILE}", "It rises & rises.", drawn, ("x", "y"), [(0, HOSTILE), (1, 1)])


def test_a_figure_is_named_and_described_for_those_who_do_not_see_it(figure) -> None:
    assert 'role="img" aria-labelledby="line-title line-description"' in figure.svg
    assert '<desc id="line-description">It rises &amp; rises.</desc>' in figure.svg
    assert HOSTILE not in figure.svg


def test_a_figure_takes_its_ink_from_the_page(figure) -> None:
    assert "var(--ink" in figure.svg
    assert "#000001" not in figure.svg


def test_the_ids_of_two_figures_do_not_meet(figure) -> None:
    with drawing(4, 2) as (axes, drawn):
        axes.plot([0, 1], [1, 0])
    other = make_figure("other", "Another", "It falls.", drawn, (), [])
    ids = [set(re.findall(r'\bid="([^"]+)"', one.svg)) for one in (figure, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    links = re.findall(r'(?:href="#|url\(#)([^")]+)', figure.svg)
    assert set(links) <= ids[0]


def test_the_same_figure_is_drawn_the_same_way() -> None:
    def draw() -> tuple[str, bytes]:
        with drawing(4, 2) as (axes, drawn):
            axes.bar(["a", "b"], [1, 2])
        return drawn.svg, drawn.png

    assert draw() == draw()


def test_a_page_escapes_what_it_shows_and_asks_nothing_of_the_network(figure) -> None:
    source = '{% extends "base.html" %}{% from "parts.html" import drawing %}{% block main %}{{ drawing(figure) }}{% endblock %}'
    page = _environment().from_string(source).render(title=HOSTILE, figure=figure)
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    assert "default-src 'none'" in page
    assert isinstance(page, str)
    assert not isinstance(page, Markup)


def test_direction_marks_turn_over_nothing() -> None:
    assert show_plainly("Lund\u202eregnitsrik\n \u2066x") == "Lundregnitsrik x"
