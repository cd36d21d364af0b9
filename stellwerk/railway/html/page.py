"""The page: one file that asks the network for nothing, and says so to the browser."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from typing import Final

from stellwerk.railway.html.data import embedded
from stellwerk.railway.picture.cards import sign, word_of
from stellwerk.railway.picture.colours import DARK, LIGHT, style
from stellwerk.railway.picture.markup import element, escaped
from stellwerk.railway.picture.scenery import Picture, pictured
from stellwerk.railway.renderer import Drawing, Renderer, View
from stellwerk.railway.scene import Scene, State
from stellwerk.railway.svg import clipping, summary

_TOOLS: Final = (
    ("in", "+", "Zoom in (+)"),
    ("out", "\u2212", "Zoom out (-)"),
    ("whole", "Fit", "Show the whole plan (0)"),
    ("theme", "◐", "Light or dark"),
    ("print", "Print", "Print the map and all work packages"),
)


def render(drawing: Drawing, view: View) -> str:
    """Return the file."""
    del view
    scene = drawing.scene
    sheet, script = _styles(), _file("page.js")
    head = (
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(sheet, script)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="color-scheme" content="light dark">',
        '<link rel="icon" href="data:,">',
        f"<title>{escaped(scene.title)}</title>",
        f"<style>{sheet}</style>",
    )
    body = (
        _header(scene),
        _map(scene, pictured(scene)),
        '<section id="text" class="pages" hidden></section>',
        f'<script type="application/json" id="plan">{embedded(drawing)}</script>',
        f"<script>{script}</script>",
    )
    lines = (
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        *head,
        "</head>",
        "<body>",
        *body,
    )
    return "\n".join((*lines, "</body>", "</html>", ""))


def _policy(sheet: str, script: str) -> str:
    return (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none';"
        f" style-src '{_digest(sheet)}'; script-src '{_digest(script)}'"
    )


def _digest(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


@cache
def _styles() -> str:
    light, dark = _variables(LIGHT), _variables(DARK)
    drawn = style({name: f"var(--{name})" for name in LIGHT})
    return (
        f":root {{ color-scheme: light; {light} }}\n"
        "@media (prefers-color-scheme: dark) {"
        f" :root:not([data-theme=light]) {{ color-scheme: dark; {dark} }} }}\n"
        f":root[data-theme=dark] {{ color-scheme: dark; {dark} }}\n"
        f"@media print {{ :root:root:root {{ color-scheme: light; {light} }} }}\n"
        f"{drawn}{_file('page.css')}"
    )


def _variables(colours: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in colours.items())


@cache
def _file(name: str) -> str:
    from importlib.resources import files

    return files("stellwerk.railway.html").joinpath(name).read_text("utf-8")


def _header(scene: Scene) -> str:
    tools = "".join(
        f'<button type="button" id="{name}" title="{title}" aria-label="{title}">{face}</button>'
        for name, face, title in _TOOLS
    )
    return (
        f'<header><div class="names"><h1 dir="auto">{escaped(scene.title)}</h1>'
        f"<p>{escaped(summary(scene))}</p></div>"
        '<form id="search" role="search"><label for="words">Search</label>'
        '<input id="words" type="search" placeholder="Search (/)" autocomplete="off">'
        '<output id="hits" for="words" aria-live="polite"></output></form>'
        f'<div class="tools" role="group" aria-label="The map">{tools}</div></header>'
    )


def _map(scene: Scene, picture: Picture) -> str:
    box = f"0 0 {max(picture.width, 1)} {max(picture.height, 1)}"
    svg = element(
        "svg",
        clipping(),
        picture.markup,
        id="map",
        viewBox=box,
        role="group",
        aria_label=f"The railway: {summary(scene)}",
        tabindex=0,
    )
    empty = "" if scene.stations else '<p class="empty">This plan has no routes yet.</p>'
    return (
        f'<main><div id="stage">{svg}{empty}<ul class="legend">{"".join(_legend(scene))}</ul>'
        '</div><aside id="panel" aria-label="Details" tabindex="-1">'
        '<button type="button" id="close" aria-label="Close">×</button>'
        '<div id="details"></div></aside></main>'
    )


def _legend(scene: Scene) -> Iterator[str]:
    states = {station.state for station in scene.stations}
    for state in State:
        if state in states:
            shape = element("g", *sign(state), class_=str(state))
            icon = element("svg", shape, viewBox="-11 -11 22 22", aria_hidden="true")
            yield f"<li>{icon}{word_of(state)}</li>"


RENDERER: Final = Renderer("html", "text/html", render, detailed=True)
