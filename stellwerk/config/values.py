"""Values of settings from text and from TOML, and back to text.

What does not fit is a ConfigError that names where, the key, what was found and what was
expected; it never shows a secret, nor the password in an address.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from stellwerk.config.secret import MASK, Secret
from stellwerk.config.setting import Kind, Setting, Value
from stellwerk.errors import ConfigError

SQLITE: Final = "sqlite:///"
_WORDS: Final = {
    "true": True, "yes": True, "on": True, "1": True,
    "false": False, "no": False, "off": False, "0": False,
}  # fmt: skip
_TYPES: Final = (
    (bool, "true or false"),
    (int, "a whole number"),
    (float, "a number"),
    (dict, "a section"),
    (list, "a list"),
)


class Place(NamedTuple):
    """Where values stand, which is what errors name and relative paths start from.

    Attributes:
        where: The file, the variable, or "The command line".
        folder: What relative paths are relative to.
        home: What `~` stands for.
    """

    where: str
    folder: Path
    home: Path


def from_text(setting: Setting, text: str, place: Place, shown: str = "") -> Value:
    """Return the value that a text stands for; `None` for an empty one, lists apart.

    Args:
        setting: What is set.
        text: The value as typed or as in a variable; lists are separated by commas.
        place: Where it stands.
        shown: What an error shows instead of the text.

    Raises:
        ConfigError: It does not fit the setting.
    """
    try:
        if setting.several:
            return _items(setting, text.split(","), place)
        return _PARSERS[setting.kind](setting, text.strip(), place) if text.strip() else None
    except (ValueError, OverflowError):
        raise wrong(setting, place, shown or text) from None


def from_toml(setting: Setting, raw: object, place: Place) -> Value:
    """Return the value that TOML data stands for; `None` for an empty text.

    Raises:
        ConfigError: It does not fit the setting.
    """
    try:
        if setting.kind is Kind.FLAG and isinstance(raw, bool):
            return raw
        if setting.kind is Kind.INTEGER and isinstance(raw, int):
            return _within(setting, _no_flag(raw))
        if setting.kind is Kind.NUMBER and isinstance(raw, int | float):
            return _within(setting, float(_no_flag(raw)))
        if setting.several and isinstance(raw, list | tuple):
            return _items(setting, [_only_text(item) for item in raw], place)
    except (TypeError, ValueError, OverflowError):
        raise wrong(setting, place, raw) from None
    if isinstance(raw, str) and setting.kind not in _NEVER_TEXT:
        return from_text(setting, raw, place)
    raise wrong(setting, place, raw)


def as_text(setting: Setting, value: Value) -> str | None:
    """Return a value as text that can be shown: secrets and passwords are masked."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    text = str(value)
    return masked(text) if setting.kind is Kind.URL else text


def masked(address: str) -> str:
    """Return a web address without the user, password and query it may hold."""
    address = re.sub(r"://[^/?#]*@", f"://{MASK}@", address)
    return re.sub(r"[?#].*", f"?{MASK}", address)


def wrong(setting: Setting, place: Place, found: object) -> ConfigError:
    """Return the error for a value that does not fit."""
    return ConfigError(
        f"{place.where}: `{setting.key}` is {_shown(setting, found)}, but has to be"
        f" {setting.expected}.",
        f"`stellwerk config explain {setting.key}` says more.",
    )


def path_from(text: str, place: Place) -> Path:
    """Return a path with `~` and relative paths resolved.

    Raises:
        ValueError: It holds control characters.
    """
    if _clean(text) != text or "\n" in text:
        raise ValueError("control characters")
    if text == "~" or text.startswith("~/"):
        return place.home / text[2:]
    return place.folder / text


def database_path(text: str, place: Place) -> Path:
    """Return the file that a `sqlite:///` address leads to.

    Raises:
        ValueError: It is another database, in memory, or has a query.
    """
    scheme, _, name = text.partition(":///")
    if scheme not in {"sqlite", "sqlite+pysqlite"} or not name or name == ":memory:":
        raise ValueError("not a SQLite file")
    if "?" in name:
        raise ValueError("queries are not supported")
    return path_from(name, place)


def _text(setting: Setting, text: str, _place: Place) -> Value:
    text = " ".join(_clean(text).split())
    for choice in setting.choices:
        if choice.lower() == text.lower():
            return choice
    if setting.choices or (setting.pattern and not re.fullmatch(setting.pattern, text)):
        raise ValueError("not allowed")
    return text or None


def _integer(setting: Setting, text: str, _place: Place) -> Value:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise ValueError("not a whole number")
    return _within(setting, int(text))


def _number(setting: Setting, text: str, _place: Place) -> Value:
    return _within(setting, float(text))


def _flag(_setting: Setting, text: str, _place: Place) -> Value:
    if text.lower() not in _WORDS:
        raise ValueError("neither true nor false")
    return _WORDS[text.lower()]


def _path(_setting: Setting, text: str, place: Place) -> Value:
    return path_from(text, place)


def _secret(_setting: Setting, text: str, _place: Place) -> Value:
    if len(text.split()) > 1 or _clean(text) != text:
        raise ValueError("not one line")
    return Secret(text)


def _url(_setting: Setting, text: str, _place: Place) -> Value:
    if _clean(text) != text or not re.fullmatch(r"https?://[^\s/?#]\S*", text):
        raise ValueError("not a web address")
    return text


def _database(_setting: Setting, text: str, place: Place) -> Value:
    return f"{SQLITE}{database_path(text, place)}"


_PARSERS: Final[dict[Kind, Callable[[Setting, str, Place], Value]]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.PATH: _path,
    Kind.SECRET: _secret,
    Kind.URL: _url,
    Kind.DATABASE: _database,
}
_NEVER_TEXT: Final = {Kind.FLAG, Kind.INTEGER, Kind.NUMBER, Kind.LIST, Kind.PATHS}


def _items(setting: Setting, texts: Sequence[str], place: Place) -> Value:
    if setting.kind is Kind.PATHS:
        return tuple(path_from(text.strip(), place) for text in texts if text.strip())
    cleaned = (" ".join(_clean(text).split()) for text in texts)
    return tuple(text for text in cleaned if text)


def _only_text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError("not a text")
    return raw


def _no_flag(raw: float) -> float:
    if isinstance(raw, bool):
        raise TypeError("not a number")
    return raw


def _within(setting: Setting, number: float) -> int | float:
    low = -math.inf if setting.minimum is None else setting.minimum
    high = math.inf if setting.maximum is None else setting.maximum
    if not math.isfinite(number) or not low <= number <= high:
        raise ValueError("out of range")
    return number


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    from stellwerk.domain.text import clean

    return clean(text)


def _shown(setting: Setting, found: object) -> str:
    """Say what was found, in words that give no secret away."""
    for kind, words in _TYPES:
        if isinstance(found, kind):
            plain = kind in {int, float, bool} and setting.kind is not Kind.SECRET
            return str(found).lower() if plain else words
    if not isinstance(found, str):
        return "a date or time"
    if setting.kind is Kind.SECRET:
        return "something else"
    from stellwerk.domain.text import one_line, shortened

    if setting.kind in {Kind.URL, Kind.DATABASE} and not found.startswith(SQLITE):
        scheme = re.match(r"[a-z][a-z0-9+.-]{0,30}://", found)
        return f'"{scheme[0]}..."' if scheme else "no address"
    return f'"{shortened(one_line(found), 60)}"'
