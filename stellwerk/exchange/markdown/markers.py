"""Markers: `<!-- stellwerk r3.2.1 {length = 3} -->`, a ref and an inline TOML table."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any, Final, TypeVar

from stellwerk.domain.text import clean
from stellwerk.errors import ExchangeError

_MARKER: Final = re.compile(
    r"<!-- stellwerk (?P<ref>[a-z]+[0-9]*(?:\.[0-9a-z]+)*)"
    r"(?: (?P<fields>\{[^>]*\}))? -->[ \t]*"
)
_NUMBER: Final = "[1-9][0-9]{0,8}"
_REF: Final = re.compile(
    rf"people|r{_NUMBER}(?:\.{_NUMBER}){{0,2}}|d{_NUMBER}(?:\.[a-z]{{1,6}})?|p{_NUMBER}"
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
            value = self._float(name, value)
        if value is None or (isinstance(value, kind) and not _only_looks(value, kind)):
            return value
        msg = f"{self.where}: {name} must be {_NAMES.get(kind, kind.__name__)}, not {value!r:.60}."
        raise ExchangeError(msg)

    def texts(self, name: str) -> tuple[str, ...]:
        """Take a list of strings."""
        return tuple(self._each(name, str))

    def numbers(self, name: str) -> tuple[float, ...]:
        """Take a list of numbers."""
        return tuple(self._float(name, value) for value in self._each(name, (int, float)))

    def moment(self, name: str) -> datetime | None:
        """Take a time, UTC, or None if it is not there."""
        value = self.optional(name, datetime)
        if value is None:
            return None
        with suppress(OverflowError):
            if value.tzinfo:
                return value.astimezone(UTC)
        raise ExchangeError(f"{self.where}: {name} must be {_NAMES[datetime]}, not {value}.")

    def finish(self) -> None:
        """Refuse what nobody asked for."""
        for name in self.values:
            near = get_close_matches(name, self.known, n=1)
            hint = (
                f"Did you mean {near[0]}?"
                if near
                else f"Known: {', '.join(sorted(self.known))}."
            )
            raise ExchangeError(f"{self.where}: there is no field {name!r:.60} here.", hint)

    def _float(self, name: str, value: float) -> float:
        try:
            return float(value)
        except OverflowError:
            raise ExchangeError(f"{self.where}: {name} is too large a number.") from None

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
    start = line.rfind("<!--")
    found = _MARKER.fullmatch(line, start) if start >= 0 else None
    if not found:
        if _LOOSE.search(line):
            msg = f"{where}: this marker cannot be read: {line.strip()[-120:]}"
            raise ExchangeError(
                msg, "It should look like <!-- stellwerk r1.2.3 {length = 3} -->."
            )
        return unescaped(line.strip()), None, Fields(where, {})
    if not _REF.fullmatch(found["ref"]):
        msg = f"{where}: {found['ref'][:60]} is not a ref."
        raise ExchangeError(msg, "Refs look like r3, r3.2, r3.2.1, d1, d1.b and p2.")
    fields = _table(found["fields"] or "{}", where)
    return unescaped(line[:start].strip()), found["ref"], Fields(where, fields)


def marker(ref: str, fields: Mapping[str, object]) -> str:
    """Return the marker with that ref; fields that are None, blank or () are left out."""
    given = {name: value for name, value in fields.items() if value not in (None, "", ())}
    table = ", ".join(f"{name} = {_toml(value)}" for name, value in given.items())
    return f"<!-- stellwerk {ref}{f' {{{table}}}' if table else ''} -->"


def escaped(text: str) -> str:
    """Return text in which no raw HTML is left, so that `unescaped` gives it back."""
    return _TAG.sub("&lt;", _AMPERSAND.sub("&amp;", text))


def unescaped(text: str) -> str:
    """Return the text that `escaped` took."""
    return _ENTITY.sub(lambda m: f"&{m[1][4:]}lt;" if m[1] else "<", text)


def toml(text: str) -> dict[str, Any]:
    r"""Return a TOML document; an escape (`\u001b`) brings in nothing that is not clean.

    Raises:
        ValueError: It is not TOML, or nested too deeply.
    """
    try:
        table: dict[str, Any] = _cleaned(tomllib.loads(text))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return table


def _table(text: str, where: str) -> dict[str, Any]:
    try:
        table: dict[str, Any] = toml(f"fields = {text}")["fields"]
    except ValueError as error:
        msg = f"{where}: the fields of the marker are not TOML: {error}."
        raise ExchangeError(msg) from error
    return table


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    if isinstance(value, dict):
        return {clean(name): _cleaned(each) for name, each in value.items()}
    return value


def _toml(value: object) -> str:
    """Return a value as TOML on one line, without characters that could end a comment."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, tuple | list):
        return f"[{', '.join(_toml(each) for each in value)}]"
    text = json.dumps(str(value), ensure_ascii=False)
    return "".join(_HIDDEN.get(char, char) for char in text)


def _only_looks(value: object, kind: type) -> bool:
    """Whether a value is of the type only because Python has it inherit from it."""
    return (isinstance(value, bool) and kind is not bool) or (
        isinstance(value, datetime) and kind is date
    )
