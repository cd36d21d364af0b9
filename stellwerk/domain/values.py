"""Domain values as plain JSON data and back, by the types of their fields.

For data Stellwerk wrote itself (journal, tables). Data from outside is validated first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib import import_module
from types import UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.goal import Person
from stellwerk.domain.plan import Option, Route, Switch
from stellwerk.domain.work import Task, WorkPackage

Value = TypeVar("Value")
Decoder = Callable[[Any], Any]


class Edits(Mapping[str, type[Edit]]):
    """The edits by the name of their class; each is imported when it is asked for."""

    def __getitem__(self, name: str) -> type[Edit]:
        kind: type[Edit] = getattr(import_module(f"{_PACKAGE}.{_MODULES[name]}"), name)
        return kind

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


_PACKAGE: Final = "stellwerk.domain.edits"
_MODULES: Final = {
    **dict.fromkeys(("Add", "Remove", "Move", "Need", "Unneed"), "items"),
    **dict.fromkeys(("Connect", "Disconnect", "Choose", "Reopen", "Recommend"), "lines"),
    **dict.fromkeys(("Rename", "Describe", "Rewrite", "Resize", "Estimate"), "fields"),
    "SetStatus": "status",
    **dict.fromkeys(("Assign", "SetKind", "SetGoal", "SetPerson"), "fields"),
    **dict.fromkeys(("Batch", "ReplacePlan"), "whole"),
}
EDITS: Final = Edits()
_ITEMS: Final[Mapping[str, type]] = {
    item.__name__: item for item in (Route, Task, WorkPackage, Switch, Option, Person)
}
_TAGGED: Final = frozenset({*_MODULES, *_ITEMS})


def to_data(value: object) -> Any:
    """Return JSON data for a domain value; edits and items carry their class as `is`."""
    if is_dataclass(value):
        data = {
            field.name: to_data(getattr(value, field.name))
            for field in fields(value)
            if field.init
        }
        name = type(value).__name__
        return {"is": name, **data} if name in _TAGGED else data
    if isinstance(value, Mapping):
        return {key: to_data(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [to_data(entry) for entry in value]
    if isinstance(value, date):
        return value.isoformat().replace("+00:00", "Z")
    return value.value if isinstance(value, StrEnum) else value


def from_data(kind: type[Value], data: Any) -> Value:
    """Return the value of that class that `to_data` wrote.

    Raises:
        KeyError, TypeError, ValueError: It is not what `to_data` wrote.
    """
    decode: Decoder = _decoder(kind)  # type: ignore[arg-type]
    value: Value = decode(data)
    return value


@cache
def _decoder(kind: Any) -> Decoder:
    """Return the function that reads values of one type."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _union(args)
    if origin is tuple:
        return _sequence(_decoder(args[0]))
    if origin is not None:
        each = _decoder(args[1])
        return lambda data: {key: each(entry) for key, entry in data.items()}
    if is_dataclass(kind):
        return _record(kind)
    return _PLAIN.get(kind) or (kind if issubclass(kind, StrEnum) else _as_is)


def _tagged(data: Any) -> Any:
    name = data["is"]
    return _decoder(_ITEMS[name] if name in _ITEMS else EDITS[name])(data)


def _as_is(data: Any) -> Any:
    return data


_PLAIN: Final[Mapping[Any, Decoder]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    float: float,
    Edit: _tagged,
}


def _union(args: tuple[Any, ...]) -> Decoder:
    kinds = [arg for arg in args if arg is not type(None)]
    if len(kinds) > 1:
        return _tagged
    inner = _decoder(kinds[0])
    return lambda data: None if data is None else inner(data)


def _sequence(each: Decoder) -> Decoder:
    return lambda data: tuple(each(entry) for entry in data)


def _record(kind: Any) -> Decoder:
    """Return the reader of a dataclass; a field that is missing takes its default."""
    hints = get_type_hints(kind)
    readers = {field.name: _decoder(hints[field.name]) for field in fields(kind) if field.init}

    def read(data: Mapping[str, Any]) -> Any:
        given = readers.keys() & data.keys()
        return kind(**{name: readers[name](data[name]) for name in given})

    return read
