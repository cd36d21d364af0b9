"""The characters of a drawing: tracks by the weights of their arms, stations by their state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from stellwerk.railway.scene import State

NONE, LIGHT, HEAVY, DASHED = range(4)
"""Weights of an arm of a track, from weak to strong but for the dashed one."""
UP, RIGHT, DOWN, LEFT = range(4)
"""Arms of a cell, by their place in it."""

_JOINTS: Final = (
    " ╴╸╷┐┑╻┒┓╶─╾┌┬┭┎┰┱╺╼━┍┮┯┏┲┳╵┘┙│┤┥╽┧┪└┴┵├┼┽┟╁╅┕┶┷┝┾┿┢╆╈╹┚┛╿┦┩┃┨┫┖┸┹┞╀╃┠╂╉┗┺┻┡╄╇┣╊╋"
)
"""Unicode's box drawing by arms up, right, down, left, each none, light or heavy: base three."""
_ARCS: Final = str.maketrans("┌┐└┘", "╭╮╰╯")


class Charset(NamedTuple):
    """The characters of a drawing.

    Attributes:
        plain: Whether they are ASCII.
        stations: The sign of each state; told apart by shape alone.
        switch: Before a decision.
        merge: The sign of a station where tracks meet and nothing is done yet.
        chosen: Before an option that is chosen.
        recommended: Before one that is recommended.
        bar: Done and left, in a bar of progress.
        ellipsis: Where a text is cut.
    """

    plain: bool
    stations: Mapping[State, str]
    switch: str
    merge: str
    chosen: str
    recommended: str
    bar: str
    ellipsis: str

    def joint(self, arms: tuple[int, int, int, int]) -> str:
        """Return the character of a cell by the weights of its arms."""
        if self.plain:
            return _ascii(arms)
        up, right, down, left = arms
        if DASHED in arms and not any(arm in (LIGHT, HEAVY) for arm in arms):
            if not (up or down):
                return "╌"
            if not (right or left):
                return "╎"
        bare = [LIGHT if arm == DASHED else arm for arm in arms]
        glyph = _JOINTS[bare[UP] * 27 + bare[RIGHT] * 9 + bare[DOWN] * 3 + bare[LEFT]]
        return glyph.translate(_ARCS)


def _ascii(arms: tuple[int, int, int, int]) -> str:
    up, right, down, left = arms
    if not any(arms):
        return " "
    if not (up or down):
        return "." if DASHED in arms else "=" if HEAVY in arms else "-"
    if not (right or left):
        return ":" if DASHED in arms else "|"
    return "+"


UNICODE: Final = Charset(
    plain=False,
    stations=dict(zip(State, "●◐◎○◌✕", strict=True)),
    switch="◆",
    merge="◇",
    chosen="▸",
    recommended="*",
    bar="█·",
    ellipsis="…",
)
ASCII: Final = Charset(
    plain=True,
    stations=dict(zip(State, "*%@o?x", strict=True)),
    switch="<>",
    merge="^",
    chosen=">",
    recommended="+",
    bar="#.",
    ellipsis="...",
)
