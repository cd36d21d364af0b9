"""Ways over the map: which station a key leads to, and the letters of jumps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final

from stellwerk.domain.goal import Person
from stellwerk.domain.plan import Option, Plan, Switch
from stellwerk.railway.plot import Box
from stellwerk.railway.scene import Scene, Station, Track, Weight

_ORDER: Final = tuple(Weight)
_KEYS: Final = "asdghklqwertyuiopzxcvbnm"
"""Letters of jumps, the nearest to the fingers first; f asks for them, j is easily misread."""


def along(scene: Scene, uid: str, step: int) -> str | None:
    """Return the station one step along the line (1) or back (-1), on the way that is set."""
    tracks = [
        track for track in scene.tracks if (track.tail if step > 0 else track.head) == uid
    ]
    if not tracks:
        return None
    lanes = scene.lanes

    def order(track: Track) -> tuple[int, int]:
        other = track.head if step > 0 else track.tail
        return _ORDER.index(track.weight), abs(lanes[other] - lanes[uid])

    best = min(tracks, key=order)
    return best.head if step > 0 else best.tail


def beside(
    boxes: Mapping[str, Box], uid: str, step: int, *, turned: bool = False
) -> str | None:
    """Return the nearest station of the next lane up (-1) or down (1) as it is drawn.

    Args:
        boxes: Where stations stand.
        uid: The station to go from.
        step: -1 or 1.
        turned: Whether lanes are columns.
    """
    here = boxes[uid]

    def lane(box: Box) -> int:
        return box.x + box.width // 2 if turned else box.y

    def place(box: Box) -> int:
        return box.y if turned else box.x

    others = [
        (each, box) for each, box in boxes.items() if (lane(box) - lane(here)) * step > 0
    ]
    if not others:
        return None
    return min(
        others,
        key=lambda pair: (
            2 * abs(lane(pair[1]) - lane(here)) + abs(place(pair[1]) - place(here)),
            place(pair[1]),
        ),
    )[0]


def neighbour(stations: Sequence[Station], uid: str | None, step: int) -> str | None:
    """Return the station before or after one in their order; the first if none is given."""
    uids = [station.uid for station in stations]
    if not uids:
        return None
    if uid not in uids:
        return uids[0]
    at = uids.index(uid) + step
    return uids[at] if 0 <= at < len(uids) else None


def after(stations: Sequence[Station], uid: str | None, wanted: Sequence[str]) -> str | None:
    """Return the next station of some in their order, beginning again at the first."""
    uids = [station.uid for station in stations]
    found = [each for each in uids if each in set(wanted)]
    if not found:
        return None
    at = uids.index(uid) if uid in uids else -1
    return next((each for each in found if uids.index(each) > at), found[0])


def hints(uids: Sequence[str]) -> Mapping[str, str]:
    """Return by uid the letters that lead to stations: one each, or two if there are many."""
    if len(uids) <= len(_KEYS):
        return dict(zip(uids, _KEYS, strict=False))
    pairs = (a + b for a, b in product(_KEYS, _KEYS))
    return dict(zip(uids, pairs, strict=False))


def station_of(plan: Plan, uid: str) -> str | None:
    """Return the uid of the route where an item is; None for people, and what is gone."""
    item = plan.index.items.get(uid)
    if item is None or isinstance(item, Person):
        return None
    if isinstance(item, Option):
        item = plan.switch(plan.index.parents[uid])
    return item.route if isinstance(item, Switch) else plan.route_of(uid).uid


def matches(plan: Plan, stations: Sequence[Station], wanted: str) -> list[str]:
    """Return the stations that a text finds, in their order: by ref, or by a title on them."""
    text = wanted.casefold()

    def found(station: Station) -> bool:
        if text == station.ref or text.startswith(f"{station.ref}."):
            return True
        route = plan.route(station.uid)
        titles = [route.title, *(each.title for each in route.tasks)]
        titles += [each.title for each in route.packages]
        return any(text in title.casefold() for title in titles)

    return [station.uid for station in stations if text and found(station)]
