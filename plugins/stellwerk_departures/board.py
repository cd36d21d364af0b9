"""`stellwerk map --format departures`: the stations in the order in which work can reach them.

A train leaves a station at the earliest when all it waits for has come in: the hours of open
work on the longest way to it, as if nobody ever had to wait for a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from stellwerk.plugins.api import (
    Drawing,
    Renderer,
    Scene,
    State,
    Station,
    View,
    fitted,
    padded,
)


def departures(scene: Scene) -> Mapping[str, float]:
    """Return by uid the hours after which each station that is not closed can be begun."""
    live = {each.uid: each for each in scene.stations if each.state is not State.CLOSED}
    found = dict.fromkeys(live, 0.0)
    before: dict[str, list[str]] = {uid: [] for uid in live}
    for track in scene.tracks:
        if track.tail in live and track.head in live:
            before[track.head].append(track.tail)
    for uid in live:  # stations stand in the order of layers, so what comes before is known
        ready = (found[tail] + live[tail].hours for tail in before[uid])
        found[uid] = max(ready, default=0.0)
    return found


def lines(scene: Scene, view: View) -> Iterator[str]:
    """Yield the rows of the board, none wider than the view."""
    hours = departures(scene)
    shown = sorted(
        (
            each
            for each in scene.stations
            if each.state is not State.DONE and each.uid in hours
        ),
        key=lambda each: (hours[each.uid], each.layer, each.lane),
    )
    refs = max((len(each.ref) for each in shown), default=0)
    for each in shown:
        leaves = "now" if not hours[each.uid] else f"+{hours[each.uid]:.0f} h"
        head = f"{leaves:>8}  {each.ref:<{refs}}  "
        told = f"  {_remark(each)}"
        room = max(view.width - len(head) - len(told), 0)
        title = padded(fitted(each.title, room, view.charset), room)
        yield fitted(f"{head}{title}{told}".rstrip(), view.width, view.charset)


def _remark(station: Station) -> str:
    if station.state is State.TENTATIVE:
        return "tentative"
    return f"{station.done}/{station.count}" if station.count else "no work yet"


def _render(drawing: Drawing, view: View) -> str:
    board = list(lines(drawing.scene, view)) or ["All trains have left."]
    head = fitted(f"Departures: {drawing.scene.title}", view.width, view.charset)
    return "".join(f"{line}\n" for line in [head, "", *board])


RENDERER: Final = Renderer("txt", "text/plain", _render)
