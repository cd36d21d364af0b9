"""Reading a drawing as a person would: along the tracks, and never back.

Knows nothing of how it was drawn but which characters have arms on which sides, and that the
letter of an option stands on its track.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_lowercase
from typing import Final

UP, RIGHT, DOWN, LEFT = range(4)
_STEPS: Final = ((0, -1), (1, 0), (0, 1), (-1, 0))
_ARMS: Final = {
    **dict.fromkeys("─━╌", (RIGHT, LEFT)),
    **dict.fromkeys("│┃╎", (UP, DOWN)),
    **dict.fromkeys("╭┌┏┍┎", (RIGHT, DOWN)),
    **dict.fromkeys("╮┐┓┑┒", (DOWN, LEFT)),
    **dict.fromkeys("╰└┗┕┖", (UP, RIGHT)),
    **dict.fromkeys("╯┘┛┙┚", (UP, LEFT)),
    **dict.fromkeys("├┝┞┟┠┡┢┣", (UP, RIGHT, DOWN)),
    **dict.fromkeys("┤┥┦┧┨┩┪┫", (UP, DOWN, LEFT)),
    **dict.fromkeys("┬┭┮┯┰┱┲┳", (RIGHT, DOWN, LEFT)),
    **dict.fromkeys("┴┵┶┷┸┹┺┻", (UP, RIGHT, LEFT)),
    **dict.fromkeys("┼┽┾┿╀╁╂╃╄╅╆╇╈╉╊╋", (UP, RIGHT, DOWN, LEFT)),
    **dict.fromkeys("╼╾", (RIGHT, LEFT)),
    **dict.fromkeys("╽╿", (UP, DOWN)),
}

Box = tuple[int, int, int, int]
"""First and last column, first and last row."""


def traced(
    lines: Sequence[str], boxes: Mapping[str, Box], *, downward: bool = False
) -> set[tuple[str, str]]:
    """Return which stations tracks lead to from which.

    Args:
        lines: The drawing; every character is one cell wide.
        boxes: Where each station stands.
        downward: Whether the line runs from top to bottom, not from left to right.
    """
    cells = {(x, y): char for y, line in enumerate(lines) for x, char in enumerate(line)}
    owner = {
        (x, y): name
        for name, (left, right, top, bottom) in boxes.items()
        for x in range(left, right + 1)
        for y in range(top, bottom + 1)
    }
    forward = DOWN if downward else RIGHT
    found: set[tuple[str, str]] = set()
    for name, (left, right, top, bottom) in boxes.items():
        if downward:
            starts = [(x, bottom + 1) for x in range(left, right + 1)]
        else:
            starts = [(right + 1, y) for y in range(top, bottom + 1)]
        found |= {
            (name, end) for start in starts for end in _ends(start, forward, cells, owner)
        }
    return found


def _ends(
    start: tuple[int, int],
    forward: int,
    cells: Mapping[tuple[int, int], str],
    owner: Mapping[tuple[int, int], str],
) -> set[str]:
    """Return the stations that a way leads to which enters a cell going forward."""
    ends: set[str] = set()
    seen: set[tuple[tuple[int, int], int]] = set()
    ahead = [(start, forward)]
    while ahead:
        cell, way = ahead.pop()
        if (cell, way) in seen:
            continue
        seen.add((cell, way))
        if cell in owner:
            ends.add(owner[cell])
            continue
        char = cells.get(cell, " ")
        came = (way + 2) % 4
        arms = (came, way) if char in ascii_lowercase else _ARMS.get(char, ())
        if came not in arms:
            upright = {(way + 1) % 4, (way + 3) % 4} == set(arms)
            bridge = cell != start and way == forward and upright
            ahead += [(_next(cell, way), way)] if bridge else []
            continue
        back = (forward + 2) % 4
        ahead += [(_next(cell, arm), arm) for arm in arms if arm not in (came, back)]
    return ends


def _next(cell: tuple[int, int], way: int) -> tuple[int, int]:
    step = _STEPS[way]
    return cell[0] + step[0], cell[1] + step[1]
