"""What all values of the domain have in common: equality, hash and repr, by their fields.

`dataclass` would write these anew for each class, which takes half of the time it takes to
import one; a call that ticks a box has a right to be quick.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any


class Value:
    """Base of dataclasses made with `eq=False, repr=False`."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if other.__class__ is not self.__class__:
            return NotImplemented
        compared = _compared(type(self))  # type: ignore[arg-type]
        return bool(compared(self) == compared(other))

    def __hash__(self) -> int:
        return hash(_compared(type(self))(self))  # type: ignore[arg-type]

    def __repr__(self) -> str:
        shown = (field for field in fields(self) if field.repr)  # type: ignore[arg-type]
        told = (f"{field.name}={getattr(self, field.name)!r}" for field in shown)
        return f"{type(self).__qualname__}({', '.join(told)})"


@cache
def _compared(kind: Any) -> Callable[[Any], Any]:
    """Return the function that takes what counts from a value of one class."""
    names = [field.name for field in fields(kind) if field.compare]
    return attrgetter(*names) if names else lambda _: ()
