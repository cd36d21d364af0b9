"""Markers: `<!-- stellwerk r3.2.1 {length = 3} -->`, a ref and an inline TOML table."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Final, TypeVar

from stellwerk.errors import ExchangeError

_MARKER: Final = re.compile(
    r"[ \t]*<!-- stellwerk (?P<ref>[a-z]+[0-9]*(?:\.[0-9a-z]+)*)"
    r"(?: (?P<fields>\{[^>]*\}))? -->[ \t]*$"
)
_LOOSE: Final = re.compile(r"<!--\s*stellwerk\b")
_HIDDEN: Final = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\x7f": "\\u007F"}
_TAG: Final = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY: Final = re.compile(r"&((?:amp;)*)lt;")
_AMPERSAND: Final = re.compile(r"&(?=(?:amp;)*lt;)")
Kind = TypeVar("Kind")


@dataclass(slots=True)
class Fields:
    """The fields of a marker or of the front matter; what is left over is an error.

    Attributes:
        where: `file:line`, for errors.
        values: What has not been taken yet.
        known: Names asked for, to suggest one for a left-over.
    """

    where: str
    values: dict[str, Any]
    known: set[str] = field(default_factory=set)

    def take(self, name: str, kind: type[Kind], default: Kind) -> Kind:
        """Take a field of that type, or the default if it is not there."""
        found = self.optional(name, kind)
        return default if found is None else found

    def optional(self, name: str, kind: type[Kind]) -> Kind | None:
        """Take a field of that type, or None if it is not there."""
        self.known.add(name)
        value = self.values.pop(name, None)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if value is None or (isinstance(value, kind) and not _unwanted_bool(value, kind)):
            return value
        msg = f"{self.where}: {name} must be {_NAMES.get(kind, kind.__name__)}, not {value!r}."
        raise ExchangeError(msg)

    def texts(self, name: str) -> tuple[str, ...]:
        """Take a list of strings."""
        return tuple(self._each(name, str))

    def numbers(self, name: str) -> tuple[float, ...]:
        """Take a list of numbers."""
        return tuple(float(value) for value in self._each(name, (int, float)))

    def finish(self) -> None:
        """Refuse what nobody asked for."""
        for name in self.values:
            near = get_close_matches(name, self.known, n=1)
            hint = (
                f"Did you mean {near[0]}?"
                if near
                else f"Known: {', '.join(sorted(self.known))}."
            )
            raise ExchangeError(f"{self.where}: there is no field {name!r} here.", hint)

    def _each(self, name: str, kind: type | tuple[type, ...]) -> list[Any]:
        values = self.optional(name, list) or []
        for value in values:
            if not isinstance(value, kind) or isinstance(value, bool):
                word = "strings" if kind is str else "numbers"
                raise ExchangeError(f"{self.where}: {name} must be a list of {word}.")
        return list(values)


_NAMES: Final[Mapping[type, str]] = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
    datetime: "a time with zone",
    date: "a date",
}


def split(line: str, where: str) -> tuple[str, str | None, Fields]:
    """Return (text, ref or None, fields) of a line that may end with a marker.

    Raises:
        ExchangeError: It has something like a marker that is not one.
    """
    found = _MARKER.search(line)
    if not found:
        if _LOOSE.search(line):
            msg = f"{where}: this marker cannot be read: {line.strip()[-120:]}"
            raise ExchangeError(
                msg, "It should look like <!-- stellwerk r1.2.3 {length = 3} -->."
            )
        return unescaped(line.strip()), None, Fields(where, {})
    fields = _table(found["fields"] or "{}", where)
    return unescaped(line[: found.start()].strip()), found["ref"], Fields(where, fields)


def marker(ref: str, fields: Mapping[str, object]) -> str:
    """Return the marker with that ref; fields that are None, empty or blank are left out."""
    given = {name: value for name, value in fields.items() if value not in (None, "", (), [])}
    table = ", ".join(f"{name} = {_toml(value)}" for name, value in given.items())
    return f"<!-- stellwerk {ref}{f' {{{table}}}' if table else ''} -->"


def escaped(text: str) -> str:
    """Return text in which no raw HTML is left, so that `unescaped` gives it back."""
    return _TAG.sub("&lt;", _AMPERSAND.sub("&amp;", text))


def unescaped(text: str) -> str:
    """Return the text that `escaped` took."""
    return _ENTITY.sub(lambda m: f"&{m[1][4:]}lt;" if m[1] else "<", text)


def _table(text: str, where: str) -> dict[str, Any]:
    try:
        table: dict[str, Any] = tomllib.loads(f"fields = {text}")["fields"]
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        msg = f"{where}: the fields of the marker are not TOML: {error}."
        raise ExchangeError(msg) from error
    return table


def _toml(value: object) -> str:
    """Return a value as TOML on one line, without characters that could end a comment."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items())
        return f"{{{inner}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(_toml(each) for each in value)}]"
    text = json.dumps(str(value), ensure_ascii=False)
    return "".join(_HIDDEN.get(char, char) for char in text)


def _unwanted_bool(value: object, kind: type) -> bool:
    return isinstance(value, bool) and kind is not bool
