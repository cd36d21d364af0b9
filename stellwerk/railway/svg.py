"""The railway as SVG: one file that needs nothing else, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stellwerk.railway.picture.cards import WIDTH, sign, word_of
from stellwerk.railway.picture.colours import style
from stellwerk.railway.picture.lettering import cut, width_of
from stellwerk.railway.picture.markup import element, escaped, plain, text
from stellwerk.railway.picture.scenery import pictured
from stellwerk.railway.renderer import Drawing, Renderer, View
from stellwerk.railway.scene import Scene, State, Weight

_LEAST: Final = 480
_HEAD, _LINE, _MARGIN = 60, 26, 24
_TRACKS: Final = {
    Weight.MAIN: "main line",
    Weight.LIVE: "needed",
    Weight.TENTATIVE: "not decided yet",
    Weight.CLOSED: "not taken",
}


def clipping() -> str:
    """Return what keeps texts inside their cards, whatever font they are seen with."""
    inside = element("rect", width=WIDTH - 6, height=10_000)
    return element("defs", element("clipPath", inside, id="inside"))


def summary(scene: Scene) -> str:
    """Return what the picture shows, in a sentence."""
    count = sum(station.count for station in scene.stations)
    done = sum(station.done for station in scene.stations)
    switches = sum(station.junction is not None for station in scene.stations)
    return (
        f"{_many(len(scene.stations), 'route')}, {_many(switches, 'decision')};"
        f" {done} of {_many(count, 'work package')} done"
    )


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def render(drawing: Drawing, view: View) -> str:
    """Return the file."""
    del view
    scene = drawing.scene
    picture = pictured(scene)
    width = max(picture.width, _LEAST)
    legend = list(_legend(scene, width, _HEAD + picture.height + 8))
    height = _HEAD + picture.height + 8 + _LINE * _lines(legend)
    title = escaped(scene.title)
    return (
        element(
            "svg",
            element("title", title, id="name"),
            element("desc", escaped(f"A plan as a railway: {summary(scene)}."), id="about"),
            element("style", "\n" + style()),
            clipping(),
            element("rect", class_="paper", width=width, height=height),
            text(
                cut(plain(scene.title), width - 2 * _MARGIN, 20, bold=True),
                _MARGIN,
                38,
                "goal",
            ),
            text(summary(scene), _MARGIN, 58, "quiet"),
            element("g", picture.markup, transform=f"translate(0 {_HEAD})"),
            *(item for _, item in legend),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width} {height}",
            width=width,
            height=height,
            role="img",
            aria_labelledby="name about",
        )
        + "\n"
    )


def _lines(legend: list[tuple[int, str]]) -> int:
    return max((line for line, _ in legend), default=-1) + 1


def _legend(scene: Scene, width: int, top: int) -> Iterator[tuple[int, str]]:
    """Yield line and element of what each sign and track means, of those that occur."""
    states = {station.state for station in scene.stations}
    weights = {track.weight for track in scene.tracks}
    items = [
        (word_of(state), 10, "".join(sign(state)), str(state))
        for state in State
        if state in states
    ]
    items += [
        (words, 24, element("path", class_=f"track {weight}", d="M-6 0h26"), "")
        for weight, words in _TRACKS.items()
        if weight in weights
    ]
    x, line = _MARGIN + 8, 0
    for words, wide, shape, classes in items:
        taken = wide + width_of(words, 12) + 30
        if x > _MARGIN + 8 and x + taken > width:
            x, line = _MARGIN + 8, line + 1
        place = f"translate({x:.0f} {top + _LINE * line})"
        label = text(words, wide + 4, 4, "quiet")
        yield line, element("g", shape, label, class_=classes, transform=place)
        x += int(taken)


RENDERER: Final = Renderer("svg", "image/svg+xml", render)
