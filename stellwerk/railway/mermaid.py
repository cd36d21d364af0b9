"""The railway as a flowchart of Mermaid: routes, tracks and options, for pages that draw it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from stellwerk.railway.glyphs import UNICODE
from stellwerk.railway.picture.colours import LIGHT
from stellwerk.railway.picture.markup import plain
from stellwerk.railway.renderer import Drawing, Renderer, View
from stellwerk.railway.scene import Scene, Station, Weight

_PLAIN: Final = frozenset(" ,.?!/()-'")
"""What Mermaid takes as it is inside quotes, beside letters and digits."""
_LABEL: Final = (("\ufb02", "fl"), ("¶ß", "¶\u200bß"))
"""What Mermaid marks its own codes with, and what stands for it in a label."""
_TITLE: Final = (*_LABEL, ("%%", "%\u200b%"), ("<", "\u2039"))
"""What Mermaid interprets in a title, whatever it is written like, and what stands for it."""
_LINKS: Final[Mapping[Weight, str]] = {
    Weight.MAIN: "==>",
    Weight.LIVE: "-->",
    Weight.TENTATIVE: "-->",
    Weight.CLOSED: "-.->",
}
_CLASSES: Final = (
    f"classDef done fill:#dcfce7,stroke:{LIGHT['done']},stroke-width:2px,color:#14321f",
    f"classDef doing fill:#fef3c7,stroke:{LIGHT['doing']},stroke-width:2px,color:#3f2a08",
    f"classDef ready fill:#e0f2fe,stroke:{LIGHT['ready']},stroke-width:2px,color:#0b2c40",
    "classDef ahead fill:#ffffff,stroke:#66758a,color:#1b2330",
    "classDef tentative fill:#ffffff,stroke:#66758a,color:#1b2330,stroke-dasharray:5 4",
    "classDef closed fill:#eceef1,stroke:#9aa4b2,color:#566070,stroke-dasharray:5 4",
)


def render(drawing: Drawing, view: View) -> str:
    """Return the flowchart."""
    del view
    return "\n".join(_lines(drawing.scene)) + "\n"


def label(text: str) -> str:
    """Return a text in quotes, of which Mermaid interprets nothing."""
    return '"' + "".join(map(_letter, _replaced(text, _LABEL))) + '"'


def _letter(letter: str) -> str:
    kept = letter in _PLAIN or letter.isalnum() or not letter.isascii()
    return letter if kept else f"#{ord(letter)};"


def _lines(scene: Scene) -> Iterator[str]:
    yield from ("---", f"title: {json.dumps(_replaced(scene.title, _TITLE))}", "---")
    yield "flowchart LR"
    for station in scene.stations:
        yield f"  {_node(station)}"
    refs = {station.uid: station.ref for station in scene.stations}
    signs = _signs(scene)
    for track in scene.tracks:
        words = signs.get((track.tail, track.head), "")
        told = f"|{label(words)}|" if words else ""
        yield f"  {refs[track.tail]} {_LINKS[track.weight]}{told} {refs[track.head]}"
    yield from (f"  {each}" for each in _CLASSES)
    for state in dict.fromkeys(station.state for station in scene.stations):
        members = ",".join(each.ref for each in scene.stations if each.state is state)
        yield f"  class {members} {state}"


def _replaced(text: str, marks: Sequence[tuple[str, str]]) -> str:
    shown = plain(text)
    for mark, other in marks:
        shown = shown.replace(mark, other)
    return shown


def _node(station: Station) -> str:
    sign = UNICODE.stations[station.state]
    count = f" {station.done}/{station.count}" if station.count else ""
    told = label(f"{sign} {station.ref} {station.title}{count}")
    if station.junction is None:
        return f"{station.ref}[{told}]"
    asked = label(f"{UNICODE.switch} {station.junction.ref} {station.junction.title}")
    return f"{station.ref}{{{{{told[:-1]}\n{asked[1:]}}}}}"


def _signs(scene: Scene) -> Mapping[tuple[str, str], str]:
    """Return what stands on the tracks of options, by their ends."""
    return {
        (station.uid, sign.head): f"{UNICODE.chosen + ' ' if sign.chosen else ''}"
        f"{sign.letter} {sign.label}"
        for station in scene.stations
        if station.junction
        for sign in station.junction.signs
    }


RENDERER: Final = Renderer("mmd", "text/vnd.mermaid", render)
