"""SVG shows exactly the plan, in a file that is valid, safe and needs nothing else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.plan import Edge, Plan
from stellwerk.domain.work import Standing, Status
from stellwerk.railway.picture.cards import UNIT, WIDTH, card_of, sign
from stellwerk.railway.picture.colours import DARK, LIGHT, style
from stellwerk.railway.picture.lettering import cut, width_of, wrapped
from stellwerk.railway.picture.markup import element
from stellwerk.railway.picture.strokes import bridges_of, stroke
from stellwerk.railway.plot import Plot
from stellwerk.railway.renderer import View
from stellwerk.railway.scene import State, Track, Weight, scene_of
from stellwerk.railway.svg import RENDERER
from tests.domain.plans import a_goal, a_route, fork_of, two_routes
from tests.railway.browser import Browser, browsing
from tests.railway.hostile import TITLES, drawing_of, line_of, titled
from tests.strategies import MODEST, plans

SVG = "{http://www.w3.org/2000/svg}"
TEXTS = st.sampled_from(TITLES) | st.text(max_size=60)


def rendered(plan: Plan) -> ET.Element:
    """Return the picture of a plan, read by an XML parser."""
    return ET.fromstring(RENDERER.render(drawing_of(plan), View()))


def stations(picture: ET.Element) -> dict[str, ET.Element]:
    """Return the groups of stations by ref."""
    return {
        group.attrib["id"].removeprefix("s-"): group
        for group in picture.iter(f"{SVG}g")
        if group.get("id", "").startswith("s-")
    }


def tracks(picture: ET.Element) -> Iterator[ET.Element]:
    """Yield the tracks, those of the legend left out."""
    return (path for path in picture.iter(f"{SVG}path") if path.get("data-from"))


def place(group: ET.Element) -> tuple[float, float]:
    """Return where a group has been moved to."""
    found = re.fullmatch(r"translate\((\S+) (\S+)\)", group.attrib["transform"])
    assert found
    return float(found[1]), float(found[2])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser."""
    with browsing() as found:
        yield found


@MODEST
@given(plans())
def test_every_route_is_a_station_and_every_edge_a_track(plan: Plan):
    """Each track begins at the right edge of one card and ends at the left edge of the other."""
    picture = rendered(plan)
    shown = stations(picture)
    assert set(shown) == {plan.ref(route.uid) for route in plan.routes}
    ends = Counter()
    for path in tracks(picture):
        tail, head = path.attrib["data-from"], path.attrib["data-to"]
        ends[tail, head] += 1
        numbers = [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", path.attrib["d"])]
        (left, top), (right, low) = place(shown[tail]), place(shown[head])
        middle = 2 * UNIT + UNIT / 2
        assert numbers[:2] == [left + WIDTH, top + middle]
        assert numbers[-2:] == [right, low + middle]
    assert ends == Counter((plan.ref(e.tail), plan.ref(e.head)) for e in plan.edges)


@pytest.mark.parametrize("title", TITLES)
def test_no_title_becomes_markup(title: str):
    """A strict parser reads the file, and finds no element but those we draw with."""
    picture = rendered(titled(title))
    names = {each.tag.removeprefix(SVG) for each in picture.iter()}
    assert names <= set("svg title desc style defs clipPath rect g text path circle".split())
    for each in picture.iter():
        assert not [
            key for key in each.attrib if key.startswith("on") or key in {"href", "style"}
        ]
    heads = [group.findtext(f"{SVG}title", "") for group in stations(picture).values()]
    assert all(re.sub("[\ufffe\uffff]", "", title).strip() in head for head in heads)


def test_the_file_refers_to_nothing_outside_itself():
    """No script, no address but the name of the format, no import in its style."""
    text = RENDERER.render(drawing_of(fork_of(3)), View())
    assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    assert re.findall(r"url\([^)]*\)", text) == ["url(#inside)"] * text.count("url(")
    assert "@import" not in text
    assert "<script" not in text


def test_readers_by_ear_get_a_name_and_a_description():
    """The picture is an image with both; every station tells its state, progress and question."""
    picture = rendered(fork_of(2, chosen=1))
    assert picture.get("role") == "img"
    named = [picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")]
    assert [each.get("id") for each in named if each is not None] == "name about".split()
    assert picture.get("aria-labelledby") == "name about"
    told = stations(picture)["r1"].findtext(f"{SVG}title")
    assert told == "r1 Route r; ahead; decision d1: Which way? a Way 1 (chosen), b Way 2"
    two = stations(rendered(two_routes()))["r1"].findtext(f"{SVG}title")
    assert two == "r1 Route r1; ready; 0 of 2 work packages done"


def test_states_are_told_by_shape():
    """Each has shapes of its own, or, where one is drawn dashed, a class for it."""
    shapes = {state: "".join(sign(state)) for state in State}
    same = {state for state in State if shapes[state] == shapes[State.AHEAD]}
    assert same == {State.AHEAD, State.TENTATIVE}
    assert ".tentative .ring { stroke-dasharray" in style()
    assert len(set(shapes.values())) == len(State) - 1


def test_progress_is_a_bar():
    """As long as the share of work packages that are done."""
    plan = apply(SetStatus("a", Standing(Status.DONE)), two_routes())
    group = stations(rendered(plan))["r1"]
    widths = {
        each.attrib["class"]: float(each.attrib["width"])
        for each in group.iter(f"{SVG}rect")
        if each.get("class") in {"bar", "trough"}
    }
    assert widths["bar"] * 2 == widths["trough"]


def test_options_stand_on_their_tracks():
    """Letter and words; the one that was not chosen is quiet, the chosen one filled."""
    picture = rendered(fork_of(2, chosen=1))
    letters = {each.text: each.get("class") for each in picture.iter(f"{SVG}text")}
    assert letters["a"] == "letter chosen"
    assert letters["b"] == "letter closed"
    assert letters["Way 1"] == "option halo chosen"
    assert letters["Way 2"] == "option halo closed"
    assert letters["d1 Which way?"] == "question"


def test_options_that_share_a_track_tell_their_refs():
    """Where two switches lead to one route, each label says whose it is."""
    plan = fork_of(2)
    picture = rendered(_joined(plan))
    texts = [each.text for each in picture.iter(f"{SVG}text") if each.text]
    shared = [each for each in texts if re.match(r"d[12]\.[ab] Way", each)]
    assert sorted(shared) == ["d1.a Way 1", "d1.b Way 2", "d2.a Way 1", "d2.b Way 2"]


def _joined(plan: Plan) -> Plan:
    """Return a plan with a second switch that leads to the same routes as the first."""
    from dataclasses import replace

    first = plan.switches[0]
    options = tuple(replace(o, uid=f"x{o.uid}") for o in first.options)
    second = replace(first, uid="s2", number=2, route="q", options=options)
    routes = (*plan.routes, a_route("q", 9))
    edges = tuple(sorted((*plan.edges, *(Edge("q", o.head) for o in options))))
    return Plan(a_goal(), routes, edges, (first, second))


def test_merges_are_marked():
    """A diamond stands before a station that several tracks lead to, and before no other."""
    shown = stations(rendered(line_of(3, (1, 2))))
    marked = {
        ref for ref, group in shown.items() if "sign merge" in ET.tostring(group).decode()
    }
    assert marked == {"r3"}


def _track(name: str, weight: Weight) -> Track:
    return Track(name, name, weight, ((0, 0), (1, 0)))


@pytest.mark.parametrize(
    ("across", "along", "strokes"),
    [
        (Weight.LIVE, Weight.LIVE, (2, 1)),
        (Weight.MAIN, Weight.LIVE, (2, 1)),
        (Weight.CLOSED, Weight.MAIN, (1, 2)),
    ],
)
def test_the_weaker_of_two_crossing_tracks_goes_under(
    across: Weight, along: Weight, strokes: tuple[int, int]
):
    """It is interrupted where they cross, so nobody takes the crossing for a switch."""
    paths = {
        ("h", "h"): ((0, 5), (9, 5)),
        ("v", "v"): ((0, 1), (4, 1), (4, 9), (9, 9)),
    }
    plot = Plot({}, paths, 10, 10)
    both = [_track("h", along), _track("v", across)]
    bridges = bridges_of(both, plot)
    assert set(bridges) == {(4, 5)}
    level = stroke(paths["h", "h"], (0, 120), bridges, UNIT)
    upright = stroke(paths["v", "v"], (0, 120), bridges, UNIT)
    assert (level.count("M"), upright.count("M")) == strokes


def test_tracks_that_meet_are_not_interrupted():
    """A track that bends into another is a merge, not a crossing."""
    paths = {
        ("h", "h"): ((0, 5), (9, 5)),
        ("v", "v"): ((0, 1), (4, 1), (4, 5), (9, 5)),
    }
    plot = Plot({}, paths, 10, 10)
    assert not bridges_of([_track("h", Weight.LIVE), _track("v", Weight.LIVE)], plot)


def test_crossings_side_by_side_make_one_bridge():
    """There is no speck of track left between them."""
    bridges = {(4, 5): True, (5, 5): True}
    path = stroke(((0, 5), (9, 5)), (0, 120), bridges, UNIT)
    assert path == "M0 66L47 66M73 66L120 66"


@given(TEXTS, st.floats(30, 400), st.integers(1, 4))
def test_lines_never_get_wider_than_their_room(text: str, room: float, lines: int):
    """Cut texts end with an ellipsis; others are all there."""
    found = wrapped(text, room, lines, 13, bold=True)
    assert len(found) <= lines
    assert all(width_of(line, 13, bold=True) <= room for line in found)
    whole = "".join("".join(found).split()) == "".join(text.split())
    assert whole or (found and found[-1].endswith("…")) or not text.strip()


@given(TEXTS, st.floats(0, 400))
def test_a_cut_text_is_a_beginning(text: str, room: float):
    """Nothing but its end goes, and no accent or joined part loses what it belongs to."""
    found = cut(text, room, 12)
    assert found == text or text.startswith(found.removesuffix("…"))


def test_joined_characters_stay_whole():
    """An emoji of several parts is shown or not shown, never in parts."""
    parts = {cut("👩\u200d🚀" * 9, room, 12) for room in range(10, 200)}
    assert all(re.fullmatch("(👩\u200d🚀)*…?", each) for each in parts)


def test_a_card_is_as_high_as_its_text():
    """A line of title or question more makes it higher."""
    one, more = (scene_of(titled(title)).stations for title in ("a", "long " * 20))
    assert card_of(more[0]).height > card_of(one[0]).height
    assert len(card_of(more[0]).title) == 2


def test_attributes_are_escaped():
    """A value ends neither its quotes nor the element."""
    assert element("g", class_='"><x>') == '<g class="&quot;&gt;&lt;x&gt;"/>'


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_stand_out(colours: dict[str, str]):
    """As WCAG 2.2 asks: 4.5 to 1 for texts, 3 to 1 for signs."""
    for name in ("ink", "quiet", "switch"):
        assert all(_contrast(colours[name], colours[on]) >= 4.5 for on in ("paper", "card"))
    assert _contrast(colours["ink"], colours["found"]) >= 4.5
    for name in ("done", "doing", "ready", "line", "live"):
        assert all(_contrast(colours[name], colours[on]) >= 3 for on in ("paper", "card"))


def _contrast(one: str, other: str) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_plans_of_any_size_are_drawn(count: int):
    """None, one and a thousand routes."""
    assert len(stations(rendered(line_of(count, (1, 5))))) == count


def test_no_text_leaves_its_card_in_a_browser(browser: Browser, tmp_path: Path):
    """Measured with a wide font, for titles of every kind."""
    for at, title in enumerate(TITLES):
        page = tmp_path / f"{at}.svg"
        page.write_text(RENDERER.render(drawing_of(titled(title)), View()))
        browser.open(page)
        wide = browser.run(
            "return [...document.querySelectorAll('.station')].flatMap(s => {"
            " const room = s.querySelector('.card').getBoundingClientRect();"
            " return [...s.querySelectorAll('text')].map(t => t.getBoundingClientRect())"
            "  .filter(t => t.right > room.right || t.left < room.left || t.bottom > room.bottom)"
            "  .map(t => [t.left, t.right, room.left, room.right])})"
        )
        assert not wide, title
        assert not browser.said()
        assert len(browser.asked()) == 1


def test_the_picture_is_dark_for_who_prefers_it(browser: Browser, tmp_path: Path):
    """And light for others."""
    page = tmp_path / "plan.svg"
    page.write_text(RENDERER.render(drawing_of(two_routes()), View()))
    seen = {}
    for scheme in ("light", "dark"):
        browser.prefers(color_scheme=scheme)
        browser.open(page)
        paper = "getComputedStyle(document.querySelector('.paper')).fill"
        seen[scheme] = browser.run(f"return {paper}")
    assert seen == {"light": "rgb(247, 246, 242)", "dark": "rgb(17, 21, 28)"}
