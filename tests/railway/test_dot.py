"""DOT draws exactly the plan, and reads no title as anything but text."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings

from stellwerk.domain.plan import Plan
from stellwerk.railway.dot import RENDERER, quoted
from stellwerk.railway.renderer import View
from tests.domain.plans import fork_of
from tests.railway.hostile import TITLES, drawing_of, line_of, titled
from tests.strategies import MODEST, plans

SVG = "{http://www.w3.org/2000/svg}"


def graphviz(text: str) -> ET.Element:
    """Return what dot draws; skip the test where it is not installed."""
    dot = shutil.which("dot")
    if not dot:
        pytest.skip("Graphviz is not installed, so there is no dot to ask.")
    done = subprocess.run(
        [dot, "-Tsvg"], input=text.encode(), capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"syntax" not in done.stderr
    return ET.fromstring(done.stdout)


def drawn(plan: Plan) -> ET.Element:
    """Return what dot draws of a plan."""
    return graphviz(RENDERER.render(drawing_of(plan), View()))


def parts(picture: ET.Element, kind: str) -> dict[str, str]:
    """Return names and texts of the nodes or edges of a picture, without white space."""
    return {
        group.findtext(f"{SVG}title", ""): bare(
            "".join(each.text or "" for each in group.iter(f"{SVG}text"))
        )
        for group in picture.iter(f"{SVG}g")
        if group.get("class") == kind
    }


def bare(text: str) -> str:
    """Return a text without white space, at which lines are broken."""
    return re.sub(r"\s", "", text)


@settings(parent=MODEST, max_examples=15)
@given(plans())
def test_dot_draws_every_route_and_every_edge(plan: Plan):
    """Whatever the state of the plan."""
    picture = drawn(plan)
    assert set(parts(picture, "node")) == {plan.ref(route.uid) for route in plan.routes}
    edges = {f"{plan.ref(edge.tail)}->{plan.ref(edge.head)}" for edge in plan.edges}
    assert set(parts(picture, "edge")) == edges


@pytest.mark.parametrize("title", TITLES)
def test_dot_shows_titles_as_they_are(title: str):
    """No quote, backslash or entity in a title is read as a command."""
    picture = drawn(titled(title))
    text = bare(re.sub("[\ufffe\uffff]", "", title))
    nodes, edges = parts(picture, "node"), parts(picture, "edge")
    assert nodes["r2"] == f"○r2{text}"
    assert nodes["r1"] == f"◎r10/1{text}◆d1{text}"
    assert edges == {"r1->r2": f"▸a{text}", "r1->r3": f"b{text}"}


def test_states_and_tracks_are_told_by_line_as_well():
    """Heavy for the main line, dashed for what is closed."""
    text = RENDERER.render(drawing_of(fork_of(2, chosen=1)), View())
    assert re.search(r'r1 -> r2 \[label="▸ a Way 1", penwidth=4', text)
    assert re.search(r'r1 -> r3 \[label="b Way 2", style=dashed', text)
    assert re.search(r'r3 \[label="✕ r3\\nRoute h2".*dashed', text)


def test_lines_become_one_string():
    """With its line breaks as dot writes them, and nothing else of dot's."""
    assert quoted("a\nb", 'c "d" \\n &') == '"a b\\nc \\"d\\" \\\\n &amp;"'


@pytest.mark.parametrize("count", [0, 1, 60])
def test_dot_takes_plans_of_any_size(count: int):
    """None, one and many routes."""
    assert len(parts(drawn(line_of(count, (1, 3))), "node")) == count
