"""The `[playbook]` table of a file: read leniently to plan with, strictly to be checked.

Only the front matter is read, however long the plan below it is. Everything has a limit, so
that a file from somewhere cannot fill the memory.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Final

from stellwerk.plugins.api import ExchangeError, one_line
from stellwerk_playbooks.slots import CHOICE, KINDS, PHRASE, Slot

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_FRONT: Final = 64 * 1024
MAX_SLOTS: Final = 20
MAX_WORDS: Final = 200
MAX_LENGTH: Final = 300
HEAD: Final = re.compile(r"\A\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
SIZES: Final = ("small", "standard")
_SEE: Final = "See docs/reference/markdown.md."


@dataclass(frozen=True, slots=True)
class Effort:
    """How many hours the recommended way of a plan takes.

    Attributes:
        hours: In all; None where it is so much a week.
        by: The choice that decides; empty if none does.
        table: Hours by choice.
        weekly: Hours a week over the horizon; None where it is a sum.
    """

    hours: float | None = None
    by: str = ""
    table: tuple[tuple[str, float], ...] = ()
    weekly: float | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Another way to say a goal: verbs of its own, with nouns of their own.

    Attributes:
        lead: Verbs, such as "become".
        keywords: What their object ends with, such as "nurse".
    """

    lead: tuple[str, ...]
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """What the `[playbook]` table says.

    Attributes:
        id: Its name, the same in every language.
        language: Of its text.
        version: Counted up by its authors.
        keywords: Words that goals of its kind end with.
        examples: Goals it was written for.
        size: One of `SIZES`.
        slots: What is filled in.
        effort: How much work it is; None if as written.
        also: Other ways to say such a goal.
    """

    id: str
    language: str
    version: int
    keywords: tuple[str, ...]
    examples: tuple[str, ...]
    size: str
    slots: tuple[Slot, ...]
    effort: Effort | None
    also: tuple[Way, ...] = ()


def front_of(path: Path) -> Front | None:
    """Return the front of a file, or None if the file is no playbook.

    Raises:
        ExchangeError: It cannot be read, or is not as it should be.
    """
    table = table_of(path)
    told = table.get("playbook")
    if not isinstance(told, dict):
        return None
    try:
        return Front(
            id=_id(told["id"]),
            language=one_line(str(table.get("language", "en"))),
            version=_whole(told.get("version", 1)),
            keywords=_words("keywords", told.get("keywords", [])),
            examples=_words("examples", told.get("examples", [])),
            size=_one_of("size", told.get("size", "standard"), SIZES),
            slots=tuple(_slots(told.get("slots", {}))),
            effort=_effort(told.get("effort")),
            also=tuple(_ways(told.get("also", []))),
        )
    except KeyError as error:
        raise _wrong(path, f"{error} is missing") from error
    except (TypeError, ValueError, OverflowError) as error:
        raise _wrong(path, str(error)) from error


def table_of(path: Path) -> dict[str, Any]:
    """Return the whole front matter of a file (ExchangeError); empty if it has none."""
    import tomllib

    head = _front_text(path)
    try:
        return tomllib.loads(head) if head else {}
    except (ValueError, RecursionError) as error:
        nested = isinstance(error, RecursionError)
        told = "it is nested too deeply" if nested else one_line(str(error))[:200]
        raise ExchangeError(f"{path}: the front matter is not TOML: {told}.") from error


def text_of(path: Path, most: int = MAX_BYTES) -> str:
    """Return the text of a file, which must be a plain one, of a size that a plan can have.

    Raises:
        ExchangeError: It is a folder, a pipe, a device, too large, or not text.
    """
    raw = _bytes(path, most + 1)
    if len(raw) > most:
        raise ExchangeError(f"{path} is larger than a playbook can be ({most // 1024} KB).")
    return _decoded(path, raw)


def _front_text(path: Path) -> str:
    raw = _bytes(path, MAX_FRONT)
    if len(raw) == MAX_FRONT:
        cut = raw.rfind(b"\n")
        raw = raw[: cut + 1]
    if not raw.removeprefix(b"\xef\xbb\xbf").startswith(b"+++"):
        return ""
    end = re.search(rb"\n\+\+\+[ \t]*\r?(?:\n|\Z)", raw)
    if end is None and len(raw) > MAX_FRONT // 2:
        msg = f"{path}: the front matter is larger than {MAX_FRONT // 1024} KB."
        raise ExchangeError(msg, _SEE)
    head = HEAD.match(_decoded(path, raw[: end.end() if end else len(raw)]))
    return head[1] if head else ""


def _bytes(path: Path, most: int) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        if not path.is_file():
            raise ExchangeError(f"{path} cannot be read: it is no file.")
        with os.fdopen(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ExchangeError(f"{path} cannot be read: it is no file.")
            return file.read(most)
    except OSError as error:
        told = error.strerror or str(error)
        raise ExchangeError(f"{path} cannot be read: {told}.") from error


def _decoded(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ExchangeError(f"{path} cannot be read: it is not UTF-8 text.") from error


def _wrong(path: Path, why: str) -> ExchangeError:
    told = one_line(why)[:200]
    return ExchangeError(f"{path}: the [playbook] table is not as it should be: {told}.", _SEE)


def _slots(table: object) -> Iterator[Slot]:
    tables = _table("slots", table)
    if len(tables) > MAX_SLOTS:
        raise ValueError(f"it has {len(tables):,} slots, at most {MAX_SLOTS} are read")
    for name, told in tables.items():
        where = f"slots.{one_line(name)[:40]}"
        fields = _table(where, told)
        if not re.fullmatch(r"[a-z_]{1,40}", name) or name == "goal":
            raise ValueError(f"{where} is no name for a slot: lower-case letters and _")
        article = fields.get("article")
        if article is not None and not isinstance(article, bool):
            raise ValueError(f"{where}.article is neither true nor false")
        yield Slot(
            name,
            default=_text(f"{where}.default", fields.get("default", "")),
            kind=_one_of(f"{where}.kind", fields.get("kind", PHRASE), KINDS),
            lead=_words(f"{where}.lead", fields.get("lead", [])),
            choices=_words(f"{where}.choices", fields.get("choices", [])),
            article=article,
        )


def _ways(tables: object) -> Iterator[Way]:
    if not isinstance(tables, list):
        raise TypeError("also is not a list of tables")
    if len(tables) > MAX_SLOTS:
        raise ValueError(f"also has {len(tables):,} entries, at most {MAX_SLOTS} are read")
    for told in tables:
        fields = _table("also", told)
        yield Way(
            lead=_words("also.lead", fields.get("lead", [])),
            keywords=_words("also.keywords", fields.get("keywords", [])),
        )


def _effort(told: object) -> Effort | None:
    if told is None:
        return None
    fields = _table("effort", told)
    table = _table("effort.table", fields.get("table", {}))
    if len(table) > MAX_WORDS:
        raise ValueError(f"effort.table has more than {MAX_WORDS} rows")
    return Effort(
        hours=_hours("effort.hours", fields.get("hours")),
        by=_text("effort.by", fields.get("by", "")),
        table=tuple(
            (one_line(name), hours)
            for name, value in table.items()
            if (hours := _hours(f"effort.table.{one_line(name)[:40]}", value)) is not None
        ),
        weekly=_hours("effort.weekly", fields.get("weekly")),
    )


def flaws_of(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a front matter that can be read all the same."""
    told = table["playbook"]
    known = "id version keywords examples size slots effort also"
    yield from _strangers("[playbook]", told, known)
    if not told.get("examples") and told["id"] not in ("general", "small"):
        yield "[playbook] has no examples: write down goals it is for."
    for name, fields in told.get("slots", {}).items():
        yield from _slot_flaws(f"[playbook.slots.{name}]", fields)
    for fields in told.get("also", []):
        yield from _strangers("[[playbook.also]]", fields, "lead keywords")
        if not fields.get("lead") or not fields.get("keywords"):
            yield "[[playbook.also]] needs lead verbs and keywords, or it says nothing."
    if "effort" in told:
        yield from _strangers("[playbook.effort]", told["effort"], "hours by table weekly")


def _slot_flaws(where: str, fields: Mapping[str, Any]) -> Iterator[str]:
    yield from _strangers(where, fields, "kind lead choices default article")
    kind, default = fields.get("kind", PHRASE), fields.get("default")
    choices = fields.get("choices", [])
    if not default:
        yield f"{where} has no default, which stands there if the goal does not say."
    if kind == PHRASE and not fields.get("lead"):
        yield f"{where} has no lead verbs, so no goal fills it."
    if kind == CHOICE and not choices:
        yield f"{where} has no choices."
    if kind == CHOICE and default and default not in choices:
        yield f"{where}: its default is none of its choices."


def effort_flaws(front: Front) -> Iterator[str]:
    """Yield where an effort does not fit the slots it goes by."""
    effort = front.effort
    if effort is None:
        return
    if (effort.hours is None) == (effort.weekly is None):
        yield "[playbook.effort] needs either hours or weekly."
    if effort.weekly is not None and not any(s.kind == "horizon" for s in front.slots):
        yield "[playbook.effort] is weekly, and there is no slot of the kind horizon."
    yield from _table_flaws(effort, front.slots)


def _table_flaws(effort: Effort, slots: tuple[Slot, ...]) -> Iterator[str]:
    choices = {slot.name: set(slot.choices) for slot in slots if slot.kind == CHOICE}
    if bool(effort.by) != bool(effort.table):
        yield "[playbook.effort] needs by and table together."
    if effort.by and effort.by not in choices:
        yield f"[playbook.effort] goes by {effort.by!r}, which is no slot of the kind choice."
    elif effort.by:
        rows, known = {name for name, _ in effort.table}, choices[effort.by]
        for name in sorted(known - rows):
            yield f"[playbook.effort] has no hours for the choice {name!r} in its table."
        for name in sorted(rows - known):
            yield f"[playbook.effort] has hours for {name!r}, which is no choice."


def _strangers(where: str, fields: Mapping[str, Any], known: str) -> Iterator[str]:
    for name in fields:
        if name not in known.split():
            yield f"{where} has a field {one_line(name)[:40]!r} that nobody reads."


def _table(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{name} is not a table")
    return value


def _words(name: str, values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{name} is not a list of strings")
    if len(values) > MAX_WORDS:
        raise ValueError(f"{name} has {len(values):,} entries, at most {MAX_WORDS} are read")
    return tuple(_text(name, value) for value in values)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} is not a string")
    if len(value) > MAX_LENGTH:
        raise ValueError(f"{name} has more than {MAX_LENGTH} characters")
    return one_line(value)


def _one_of(name: str, value: object, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError(f"{name} is {str(value)[:40]!r}, not one of {', '.join(known)}")
    return str(value)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 10**9:
        raise ValueError("version is not a whole number")
    return value


def _hours(name: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} is not a number")
    if not isfinite(value) or not 0 < value <= 100_000:
        raise ValueError(f"{name} has to be above 0 and at most 100000")
    return float(value)


def _id(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}", value):
        told = str(value)[:40]
        raise ValueError(f"the id {told!r} is not lower-case words and hyphens")
    return value
