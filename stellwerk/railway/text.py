"""The railway as text: the view that is asked for, or the one that fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from stellwerk.railway.cards import cards, upright_cards
from stellwerk.railway.fitting import cells_of, fitted, wrapped
from stellwerk.railway.listing import decision, label_in_row, listing
from stellwerk.railway.overview import STYLES, dots, overview, sign_of
from stellwerk.railway.renderer import Drawing, Renderer, View
from stellwerk.railway.scene import Scene

_Attempt: TypeAlias = Callable[[Scene, View], "list[str] | None"]
_FEW: Final = 4
"""Open decisions up to which all are told."""
NOTHING: Final = "There is no route yet."


def drawn(scene: Scene, view: View) -> list[str]:
    """Return the lines of a railway, none of them wider than the view."""
    if not scene.stations:
        return [fitted(NOTHING, view.width, view.charset)]
    for attempt in _attempts(view):
        if (lines := attempt(scene, view)) is not None:
            told = attempt in (listing, dots, _turned)
            return lines if told else [*lines, *_open_decisions(scene, view)]
    return list(_named(scene, view))


def _attempts(view: View) -> Sequence[_Attempt]:
    """Return what is tried, in order: what is too wide turns upright."""
    if view.zoom == 0:
        return (_turned,) if view.vertical else (dots, _turned)
    if view.zoom == 2:
        return (upright_cards, listing) if view.vertical else (cards, upright_cards, listing)
    if view.vertical is None:
        return (_uncut, listing)
    return (listing,) if view.vertical else (overview, listing)


def _uncut(scene: Scene, view: View) -> list[str] | None:
    return overview(scene, view, whole=True)


def _turned(scene: Scene, view: View) -> list[str] | None:
    return dots(scene, view, turned=True)


def _open_decisions(scene: Scene, view: View) -> Iterator[str]:
    """Yield what is still to be decided, if that is much only what can be decided now."""
    waiting = [each for each in scene.stations if each.junction and not each.junction.decided]
    if len(waiting) > _FEW:
        waiting = [each for each in waiting if each.junction and each.junction.due]
    for station in waiting:
        yield ""
        for text, style in decision(station, view.width, view.charset):
            yield view.paint(style, text) if style else text


def _named(scene: Scene, view: View) -> Iterator[str]:
    """Yield each station with what it follows: there is no room for tracks."""
    refs = {station.uid: station.ref for station in scene.stations}
    before: dict[str, list[str]] = {}
    for track in scene.tracks:
        before.setdefault(track.head, []).append(refs[track.tail])
    for station in scene.stations:
        sign, style = sign_of(station, view.charset), STYLES[station.state]
        lead = " " * (cells_of(sign) + 1)
        room = view.width - len(lead)
        told = [(f"{sign} {label_in_row(station, room, view.charset)}", style)]
        follows = ", ".join(before.get(station.uid, []))
        rows = wrapped(f"< {follows}", room, len(follows) + 1, view.charset) if follows else []
        told += [(f"{lead}{row}", style) for row in rows]
        told += [
            (f"{lead}{text}", shown) for text, shown in decision(station, room, view.charset)
        ]
        for text, shown in told:
            yield view.paint(shown, text) if shown else text


def _render(drawing: Drawing, view: View) -> str:
    return "".join(f"{line}\n" for line in drawn(drawing.scene, view))


RENDERER: Final = Renderer("txt", "text/plain", _render)
