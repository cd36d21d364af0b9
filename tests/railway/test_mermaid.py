"""Mermaid draws exactly the plan, and reads no title as anything but text."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given

from stellwerk.domain.plan import Plan
from stellwerk.railway.mermaid import RENDERER, label
from stellwerk.railway.renderer import View
from tests.domain.plans import fork_of
from tests.railway.browser import Browser, browsing, programs
from tests.railway.hostile import TITLES, drawing_of, line_of, titled
from tests.strategies import MODEST, plans

VERSION: Final = "12.3.0"
_PAGE: Final = """<!DOCTYPE html><meta charset="utf-8"><body><script src="mermaid.min.js"></script>
<script>mermaid.initialize({startOnLoad: false, securityLevel: "strict"});</script>"""
_SHOW: Final = """
return (async (text) => {
const {svg} = await mermaid.render("x" + performance.now().toFixed(), text);
const room = document.createElement("div");
room.innerHTML = svg;
document.body.append(room);
const all = (what) => [...room.querySelectorAll(what)].map((each) => each.textContent);
const shown = {
  nodes: all(".node"),
  edges: all(".edgeLabels .edgeLabel").filter(Boolean),
  title: room.querySelector("[class*=TitleText]")?.textContent,
  paths: room.querySelectorAll(".edgePaths path").length,
  active: room.querySelectorAll("a, img, script, i, math").length,
};
room.remove();
return shown;
})(arguments[0]);
"""


def mermaid_home() -> Path:
    """Return a folder with Mermaid's script, fetched once; skip where it cannot be."""
    programs()
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("npm is not installed, so there is no Mermaid to ask.")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "stellwerk-tests" / f"mermaid-{VERSION}"
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "mermaid.min.js").exists():
            _fetch(npm, home)
    return home


def _fetch(npm: str, home: Path) -> None:
    """Put the one file we need into the folder; the whole package is fifty times larger."""
    command = [npm, "pack", f"mermaid@{VERSION}", "--pack-destination", str(home), "--silent"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, cwd=home
    )
    if done.returncode:
        pytest.skip(f"npm could not fetch Mermaid: {done.stderr.strip()[-300:]}")
    archive = home / f"mermaid-{VERSION}.tgz"
    with tarfile.open(archive) as package:
        script = package.extractfile("package/dist/mermaid.min.js")
        assert script
        (home / "part").write_bytes(script.read())
    archive.unlink()
    (home / "page.html").write_text(_PAGE)
    (home / "part").rename(home / "mermaid.min.js")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser with Mermaid in it."""
    home = mermaid_home()
    with browsing() as found:
        found.open(home / "page.html")
        yield found


def shown(browser: Browser, plan: Plan) -> Any:
    """Return what Mermaid draws of a plan."""
    return browser.run(_SHOW, RENDERER.render(drawing_of(plan), View()))


def bare(text: str) -> str:
    """Return a text without white space, which lines are broken at."""
    return re.sub(r"[\s\u200b]", "", text)


@MODEST
@given(plans())
def test_every_route_is_a_node_and_every_edge_an_edge(plan: Plan):
    """Whatever the state of the plan."""
    text = RENDERER.render(drawing_of(plan), View())
    nodes = re.findall(r"^  (r\d+)[\[{]", text, re.MULTILINE)
    assert sorted(nodes) == sorted(plan.ref(route.uid) for route in plan.routes)
    edges = re.findall(r"^  (r\d+) [-=.]+>(?:\|.*\|)? (r\d+)$", text, re.MULTILINE)
    expected = [(plan.ref(edge.tail), plan.ref(edge.head)) for edge in plan.edges]
    assert sorted(edges) == sorted(expected)


@pytest.mark.parametrize("title", TITLES)
def test_a_label_holds_no_mark_of_mermaid(title: str):
    """Inside its quotes only letters, digits and codes are left."""
    assert re.fullmatch(r'"(?:[\w ,.?!/()\'-]|[^\x00-\x7f]|#\d+;)*"', label(title))


def test_tracks_and_states_are_told_by_shape_as_well():
    """Heavy for the main line, dotted for what is closed; a class for each state."""
    text = RENDERER.render(drawing_of(fork_of(2, chosen=1)), View())
    assert 'r1 ==>|"▸ a Way 1"| r2' in text
    assert 'r1 -.->|"b Way 2"| r3' in text
    assert "class r3 closed" in text
    assert "◆ d1 Which way?" in text


def test_mermaid_shows_titles_as_they_are(browser: Browser):
    """No tag, directive, list, formula, icon or code in a title comes to life."""
    for title in TITLES:
        found = shown(browser, titled(title))
        text = bare(re.sub("[\ufffe\uffff]", "", title.replace("\ufb02", "fl")))
        assert len(found["nodes"]) == 3
        for node in found["nodes"]:
            assert text in bare(node), title
        assert len(found["edges"]) >= 2
        assert all(bare(edge)[-len(text) :] == text for edge in found["edges"]), title
        assert bare(found["title"] or "") == text.replace("<", "\u2039")
        assert not found["active"], title
    assert not [each for each in browser.asked() if not each.startswith(("file:", "data:"))]


@pytest.mark.parametrize("count", [0, 1, 60])
def test_mermaid_takes_plans_of_any_size(browser: Browser, count: int):
    """None, one and many routes."""
    found = shown(browser, line_of(count, (1, 3)))
    assert len(found["nodes"]) == count
    assert found["paths"] == max(count - 1, 0) + max(count - 3, 0)
