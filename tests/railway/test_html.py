"""The page: it asks nobody for anything, takes every text as text, and works with any device."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.plan import Plan
from stellwerk.domain.work import Standing, Status
from stellwerk.railway.html import RENDERER
from stellwerk.railway.picture.markup import plain
from stellwerk.railway.renderer import Drawing, View
from stellwerk.railway.scene import scene_of
from tests.domain.plans import a_package, a_route, fork_of, two_routes
from tests.railway.browser import Browser, browsing
from tests.railway.hostile import NOTE, TITLES, line_of, titled


def drawing(plan: Plan, note: str = "") -> Drawing:
    """Return a plan as it is drawn, with the same note on every work package."""
    notes = {package.uid: note for package in plan.packages} if note else {}
    return Drawing(scene_of(plan), plan, notes)


def page_of(plan: Plan, note: str = "") -> str:
    """Return the page of a plan."""
    return RENDERER.render(drawing(plan, note), View())


def branching() -> Plan:
    """Return a plan with a switch, whose first route holds two work packages."""
    plan = fork_of(2, chosen=1)
    packages = (a_package("a", 1), a_package("b", 2, "a"))
    other = (a_package("c", 1),)
    routes = (a_route("r", 1, packages), a_route("h1", 2, other), *plan.routes[2:])
    switch = plan.switches[0]
    options = tuple(replace(o, tradeoff=f"Costs *{o.label}*.") for o in switch.options)
    plan = replace(plan, routes=routes, switches=(replace(switch, options=options),))
    return apply(SetStatus("a", Standing(Status.DONE)), plan)


def test_the_policy_names_the_very_contents():
    """Style and script are allowed by their digests, nothing else but pictures inside the file."""
    page = page_of(branching(), NOTE)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    for tag in ("style", "script"):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert content
        digest = b64encode(sha256(content[1].encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
    assert page.count("<script") == 2
    assert not re.search(r"<[^>]* (?:style|on\w+)=", page.split("<script")[0])


@pytest.mark.parametrize("title", TITLES)
def test_the_data_cannot_end_its_element(title: str):
    """There is no tag in it, and it is read as what it was."""
    page = page_of(titled(title))
    held = re.search(r'id="plan">(.*?)</script>', page, re.DOTALL)
    assert held
    assert not set("<>&") & set(held[1])
    assert json.loads(held[1])["stations"][0]["title"] == plain(title)


def test_marks_that_turn_the_reading_direction_are_dropped():
    """Even where a text was not cleaned when it came in."""
    page = page_of(titled("\u202egnp.exe\u202c"), "\u202eevil\x1b[31m")
    assert not set("\u202e\u202c\x1b") & set(page)


def test_a_plan_of_24_packages_is_small():
    """Below 300 kB with notes of two thousand characters each."""
    page = page_of(line_of(8, (1, 3), packages=3), NOTE + "Word of a note. " * 110)
    assert len(page.encode()) < 300_000


def test_styles_and_script_are_files_of_the_package():
    """They are read from where they are installed."""
    from importlib.resources import files

    for name in ("page.css", "page.js"):
        assert files("stellwerk.railway.html").joinpath(name).is_file()


@pytest.fixture(scope="module")
def session() -> Iterator[Browser]:
    """Return a browser for all tests of this file."""
    with browsing() as found:
        yield found


class Page:
    """A page in a browser."""

    def __init__(self, browser: Browser, path: Path) -> None:
        self.browser, self.path = browser, path

    def show(self, plan: Plan, note: str = "", query: str = "") -> None:
        """Open the page of a plan."""
        self.path.write_text(page_of(plan, note), encoding="utf-8")
        self.browser.open(self.path, query)
        assert self.run("return document.documentElement.dataset.ready") == "yes"

    def run(self, script: str, *arguments: object) -> Any:
        """Return what a script returns."""
        return self.browser.run(script, *arguments)

    def text(self, selector: str) -> str:
        """Return the text that is seen of an element."""
        return str(self.run("return document.querySelector(arguments[0]).innerText", selector))

    def focused(self) -> str:
        """Return the id of the element with the focus."""
        return str(self.run("return document.activeElement.id"))

    def box(self) -> list[float]:
        """Return the part of the map that is seen: x, y, width, height."""
        found = self.run("return document.getElementById('map').getAttribute('viewBox')")
        return [float(each) for each in found.split()]


@pytest.fixture
def page(session: Browser, tmp_path: Path) -> Iterator[Page]:
    """Return a page; in the end no test has made it complain or ask the network."""
    session.prefers(color_scheme="light", reduced_motion="reduce")
    session.sized(1200, 800)
    yield Page(session, tmp_path / "plan.html")
    assert session.said() == []
    assert [each for each in session.asked() if not each.startswith(("file:", "data:"))] == []
    session.run("try { localStorage.clear() } catch {}")


def test_it_opens_without_a_complaint(page: Page):
    """No error, no breach of its policy, no request but for the file."""
    page.show(branching(), NOTE)
    assert page.text("h1") == "A goal"
    assert page.text("header p") == "3 routes, 1 decision; 1 of 3 work packages done"


def test_the_policy_is_in_force(page: Page):
    """A script, style or picture that got in all the same would not run or load."""
    page.show(branching())
    page.run(
        "const s = document.createElement('script'); s.textContent = 'document.title = 1';"
        "document.body.append(s);"
        "const i = new Image(); i.src = 'http://127.0.0.1:9/x.png'; document.body.append(i);"
    )
    assert page.run("return document.title") == "A goal"
    said = page.browser.said()
    assert len([each for each in said if "Content Security Policy" in each]) == 2
    page.browser.asked()


def test_a_click_opens_a_station_and_another_its_notes(page: Page):
    """With tasks, work packages and their status, and what the switch offers."""
    page.show(branching(), NOTE)
    assert not page.run("return document.getElementById('panel').offsetWidth")
    page.browser.click("#s-r1")
    panel = page.text("#panel")
    for told in ("r1 Route r", "1 of 2 done", "r1.1 Task r", "r1.1.1 Package a", "to do"):
        assert told in panel
    for told in ("d1 Which way?", "d1.a Way 1", "chosen", "Costs Way 2.", "leads to"):
        assert told in panel
    assert "Summary" not in panel
    page.browser.click('[data-ref="r1.1.2"]')
    assert "Summary" in page.text("#panel")
    assert "needs r1.1.1" in page.text("#panel")
    expanded = "return document.querySelector('[data-ref=\"r1.1.2\"]').ariaExpanded"
    assert page.run(expanded) == "true"
    page.browser.click('[data-ref="r1.1.2"]')
    assert page.run(expanded) == "false"


def test_search_finds_and_steps(page: Page):
    """The slash goes there, enter goes on, shift and enter back, escape out."""
    page.show(line_of(12, (1,)))
    page.browser.press("/")
    assert page.focused() == "words"
    page.browser.type("u001")
    assert page.text("#hits") == "3 found"
    assert page.run("return document.querySelectorAll('.found').length") == 3
    page.browser.press("Enter", "Enter")
    assert page.text("#hits") == "2 of 3"
    assert page.text("#panel h2") == "r11 Route u0011"
    page.browser.press("Shift+Enter")
    assert page.text("#panel h2") == "r10 Route u0010"
    page.browser.press("Escape")
    assert page.run("return document.querySelectorAll('.found').length") == 0


def test_search_finds_work_packages_options_and_letters_without_accents(page: Page):
    """By any text that belongs to a station."""
    plan = branching()
    routes = (replace(plan.routes[0], title="Größe klären"), *plan.routes[1:])
    page.show(replace(plan, routes=routes))
    for words in ("package b", "way 2", "klaren", "d1", "r1.1.1"):
        page.run("document.getElementById('words').value = ''")
        page.browser.press("/")
        page.browser.type(words)
        assert page.run("return [...document.querySelectorAll('.found')].map(s => s.id)") == [
            "s-r1"
        ], words
        page.browser.press("Escape")


def test_tab_reaches_every_station(page: Page):
    """In the order of the map."""
    page.show(line_of(9, (1, 2)))
    page.run("document.getElementById('map').focus()")
    reached = []
    for _ in range(9):
        page.browser.press("Tab")
        reached.append(page.focused())
    assert reached == [f"s-r{number}" for number in range(1, 10)]


def test_arrows_follow_the_tracks_and_enter_opens(page: Page):
    """Right along the main line, left back, up and down to the neighbours."""
    page.show(branching())
    page.run("document.getElementById('s-r1').focus()")
    page.browser.press("Right")
    assert page.focused() == "s-r2"
    page.browser.press("Down")
    assert page.focused() in {"s-r2", "s-r3"}
    page.browser.press("Up", "Left")
    assert page.focused() == "s-r1"
    page.browser.press("Enter")
    assert page.focused() == "panel"
    page.browser.press("Escape")
    assert page.focused() == "s-r1"
    assert page.run("return document.getElementById('panel').offsetWidth") == 0


def test_the_focus_is_seen(page: Page):
    """A station with the focus has a heavy edge in another colour."""
    page.show(branching())
    page.run("document.getElementById('map').focus()")
    page.browser.press("Tab")
    width = "return getComputedStyle(document.querySelector('#s-r1 .card')).strokeWidth"
    assert page.run(width) == "4px"


def test_the_map_moves_by_drag_keys_wheel_and_buttons(page: Page):
    """And comes back whole."""
    page.show(line_of(20, (1,)))
    x, _, width, _ = page.box()
    page.browser.drag("#map", -100, 0)
    assert page.box()[0] > x
    page.run("document.getElementById('map').focus()")
    x = page.box()[0]
    page.browser.press("Right")
    assert page.box()[0] > x
    page.browser.wheel("#map", -200)
    assert page.box()[2] < width
    width = page.box()[2]
    page.browser.press("+")
    assert page.box()[2] < width
    page.browser.press("-", "-", "-")
    assert page.box()[2] > width
    page.browser.click("#in")
    page.browser.press("0")
    assert page.box()[2] >= page.run(
        "return document.querySelector('.stations').getBBox().width"
    )


def test_a_drag_opens_nothing(page: Page):
    """Only a click that hardly moves does."""
    page.show(line_of(20, (1,)))
    page.browser.drag("#s-r1", 90, 0)
    assert not page.run("return document.body.classList.contains('opened')")


def test_it_is_dark_for_who_prefers_it_and_a_button_changes_that(page: Page):
    """The choice of the button wins and is kept."""
    paper = "return getComputedStyle(document.body).backgroundColor"
    page.browser.prefers(color_scheme="dark", reduced_motion="reduce")
    page.show(branching())
    assert page.run(paper) == "rgb(17, 21, 28)"
    page.browser.click("#theme")
    assert page.run(paper) == "rgb(247, 246, 242)"
    page.show(branching())
    assert page.run(paper) == "rgb(247, 246, 242)"


def test_every_title_is_shown_as_text(page: Page):
    """In map, panel and print: nothing of it runs, and nothing else appears."""
    for title in TITLES:
        page.show(titled(title), title)
        page.browser.press("/", "Escape")
        page.run("document.getElementById('s-r1').dispatchEvent(new Event('focus'))")
        page.browser.click("#s-r1")
        wanted = plain(title)
        shown = "return document.querySelector(arguments[0]).textContent"
        assert page.run(shown, "#panel h2") == f"r1 {wanted}"
        assert page.run(shown, ".switchbox h3") == f"d1 {wanted}"
        assert page.run(shown, "h1") == wanted
        assert page.run("return document.scripts.length") == 2
        assert not page.run(
            "return document.querySelectorAll('img, iframe, body style').length"
        )
        assert page.run("return document.documentElement.scrollWidth") <= 1200, title


def test_it_works_on_320_pixels(page: Page):
    """Nothing sticks out, with and without the panel."""
    page.browser.sized(320, 640)
    page.show(titled("Averyveryverylongword" * 12), "W" * 300)
    wide = "return document.documentElement.scrollWidth"
    assert page.run(wide) == 320
    page.run("document.getElementById('s-r1').focus()")
    page.browser.press("Enter")
    assert page.run(wide) == 320
    assert page.run("return document.getElementById('map').clientHeight") > 100
    assert page.run("return document.getElementById('panel').scrollWidth") <= 320


def test_print_has_the_map_and_all_work_packages(page: Page):
    """The map on the first page, on its side; then every work package with its notes."""
    plan = line_of(5, (1,), packages=3)
    page.show(plan, NOTE)
    page.run(
        "addEventListener('beforeprint', () => {"
        " window.printed = document.getElementById('text').innerText;"
        " window.whole = document.getElementById('map').getAttribute('viewBox') })"
    )
    pdf = page.browser.printed()
    printed = page.run("return window.printed")
    for package in plan.packages:
        assert f"{plan.ref(package.uid)} {package.title}" in printed
    assert printed.count("Ticked") == 15
    assert page.run("return window.whole").startswith("0 0 ")
    width, height = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)[0]
    assert float(width) > float(height)
    assert page.run("return document.getElementById('text').hidden")


def test_names_are_accessible(page: Page):
    """Every control and station has one."""
    page.show(branching(), NOTE)
    page.browser.click("#s-r1")
    unnamed = page.run(
        "return [...document.querySelectorAll('button, input, [role=button], aside, svg[tabindex]')]"
        ".filter(e => !(e.ariaLabel || e.textContent.trim() || e.labels?.length)).length"
    )
    assert unnamed == 0
    assert page.run("return document.getElementById('s-r1').ariaLabel").startswith(
        "r1 Route r;"
    )
    assert page.run("return document.documentElement.lang") == "en"


def test_an_address_can_name_a_station(page: Page):
    """A link to a route opens it."""
    page.show(branching(), query="#r2")
    assert page.text("#panel h2") == "r2 Route h1"


@pytest.mark.parametrize("count", [0, 1])
def test_small_plans_open(page: Page, count: int):
    """Nothing to draw, or one station without a note."""
    page.show(line_of(count))
    stations = page.run("return document.querySelectorAll('.station').length")
    assert stations == count
    if not count:
        assert page.text(".empty") == "This plan has no routes yet."
        page.browser.press("0", "+", "/", "Escape")
    else:
        page.browser.click("#s-r1")
        page.browser.click('[data-ref="r1.1.1"]')
        assert "No notes." in page.text("#panel")


def test_a_thousand_routes_open_soon(page: Page):
    """In two seconds, on a machine with nothing else to do; here there is some reserve."""
    page.path.write_text(page_of(line_of(1000, (1, 4), packages=2), NOTE), encoding="utf-8")
    begin = perf_counter()
    page.browser.open(page.path)
    assert page.run("return document.querySelectorAll('.station[tabindex]').length") == 1000
    assert perf_counter() - begin < 8


def test_two_routes_are_seen_whole_at_once(page: Page):
    """A plan that fits is shown from end to end, not larger than is good to read."""
    page.show(two_routes())
    box = page.box()
    drawn = page.run("const b = document.querySelector('.stations').getBBox(); return b.width")
    assert box[2] >= drawn
    assert 1200 / box[2] <= 1.5
