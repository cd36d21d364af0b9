"""The railway as text: the view that is asked for, or the one that fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from stellwerk.railway.cards import cards, upright_cards
from stellwerk.railway.fitting import cells_of, fitted
from stellwerk.railway.listing import decision, label_in_row, listing
from stellwerk.railway.overview import STYLES, dots, overview, sign_of
from stellwerk.railway.renderer import Drawing, Renderer, View
from stellwerk.railway.scene import Scene

_Attempt: TypeAlias = Callable[[Scene, View], "list[str] | None"]
NOTHING: Final = "There is no route yet."


def drawn(scene: Scene, view: View) -> list[str]:
    """Return the lines of a railway, none of them wider than the view."""
    if not scene.stations:
        return [fitted(NOTHING, view.width, view.charset)]
    for attempt in _attempts(view):
        if (lines := attempt(scene, view)) is not None:
            return lines
    return list(_named(scene, view))


def _attempts(view: View) -> Sequence[_Attempt]:
    """Return what is tried, in order: what is too wide turns upright."""
    if view.zoom == 0:
        return (_turned,) if view.vertical else (dots, _turned)
    if view.zoom == 2:
        return (upright_cards, listing) if view.vertical else (cards, upright_cards, listing)
    return (overview, listing) if view.vertical is False else (listing,)


def _turned(scene: Scene, view: View) -> list[str] | None:
    return dots(scene, view, turned=True)


def _named(scene: Scene, view: View) -> Iterator[str]:
    """Yield a line for each station that names what it follows: there is no room for tracks."""
    refs = {station.uid: station.ref for station in scene.stations}
    before: dict[str, list[str]] = {}
    for track in scene.tracks:
        before.setdefault(track.head, []).append(refs[track.tail])
    for station in scene.stations:
        follows = f" < {', '.join(before[station.uid])}" if station.uid in before else ""
        sign, style = sign_of(station, view.charset), STYLES[station.state]
        room = view.width - cells_of(sign) - 1
        least = max(room - cells_of(follows), min(room, 12))
        label = label_in_row(station, least, view.charset)
        text = fitted(f"{sign} {label}{follows}", view.width, view.charset)
        yield view.paint(style, text) if style else text
        for told, shown in decision(station, room, view.charset):
            line = fitted(f"  {told}", view.width, view.charset)
            yield view.paint(shown, line) if shown else line


def _render(drawing: Drawing, view: View) -> str:
    return "".join(f"{line}\n" for line in drawn(drawing.scene, view))


RENDERER: Final = Renderer("txt", "text/plain", _render)
