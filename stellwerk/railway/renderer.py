"""What a renderer is: it turns a drawing into text of some form; each is a plugin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from stellwerk.domain.plan import Plan
from stellwerk.railway.glyphs import UNICODE, Charset
from stellwerk.railway.scene import Scene

Paint: TypeAlias = Callable[[str, str], str]
"""Takes a style (`bold green`) and a text, returns the text in that style."""


def bare(style: str, text: str) -> str:
    """Return a text as it is: paint without colour."""
    del style
    return text


class View(NamedTuple):
    """How a drawing is to be seen.

    Attributes:
        zoom: 0 the whole plan, 1 overview, 2 cards; None for what fits.
        width: Cells there are.
        vertical: From top to bottom, or from left to right; None for what fits.
        charset: Characters of a drawing in text.
        paint: Colours it.
    """

    zoom: int | None = None
    width: int = 80
    vertical: bool | None = None
    charset: Charset = UNICODE
    paint: Paint = bare


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn.

    Attributes:
        scene: Stations and tracks with their places.
        plan: The plan.
        notes: Texts of the notes of its work packages by uid; empty where none are shown.
    """

    scene: Scene
    plan: Plan
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Renderer:
    """A form in which plans are drawn.

    Attributes:
        suffix: Of files of that form, without a dot.
        media_type: Of that form.
        render: Returns the text of a file.
        detailed: Whether it shows notes, so needs them.
    """

    suffix: str
    media_type: str
    render: Callable[[Drawing, View], str]
    detailed: bool = False
