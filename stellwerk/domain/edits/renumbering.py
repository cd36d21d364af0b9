"""Births that came second: their refs were handed out while they were being prepared."""

from __future__ import annotations

from dataclasses import replace

from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.items import Add, Move
from stellwerk.domain.edits.lines import Connect
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.goal import Person
from stellwerk.domain.plan import Route, Switch
from stellwerk.domain.refs import PEOPLE, ROUTES, SWITCHES, RefBook


def renumbered(edit: Edit, before: RefBook, now: RefBook) -> Edit:
    """Return an edit whose new numbers are free in a book that has moved on.

    Args:
        edit: The edit; numbers it takes that were free in `before` are its to choose.
        before: The refs handed out when the edit was prepared.
        now: Those handed out by now.
    """
    return _Numbering(before, dict(now.last)).of(edit)


class _Numbering:
    def __init__(self, before: RefBook, last: dict[str, int]) -> None:
        self._before = before
        self._last = last

    def of(self, edit: Edit) -> Edit:
        match edit:
            case Batch():
                return replace(edit, edits=tuple(self.of(each) for each in edit.edits))
            case Add():
                parent = _TOPS.get(type(edit.item), edit.parent)
                number = self._free(parent, edit.item.number)
                return replace(edit, item=replace(edit.item, number=number))
            case Move():
                return replace(edit, number=self._free(edit.parent, edit.number))
            case Connect(option=option, switch=switch) if option and switch:
                number = self._free(switch, option.number)
                return replace(edit, option=replace(option, number=number))
        return edit

    def _free(self, parent: str, number: int) -> int:
        """Return a number under a parent that nobody else has."""
        chosen = number > self._before.last.get(parent, 0)
        if chosen and number <= self._last.get(parent, 0):
            number = self._last[parent] + 1
        self._last[parent] = max(number, self._last.get(parent, 0))
        return number


_TOPS = {Route: ROUTES, Switch: SWITCHES, Person: PEOPLE}
