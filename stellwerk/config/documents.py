"""Reading a settings file: bytes to TOML to the settings it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from stellwerk.config.files import read_small
from stellwerk.config.schema import BY_KEY, SECTIONS, unknown
from stellwerk.config.setting import Setting
from stellwerk.errors import ConfigError

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_MAX_DOTS: Final = 200


class Document(NamedTuple):
    """A settings file as it was read.

    Attributes:
        path: Where it was found.
        content: Its bytes; trust is given to exactly these.
        table: What it says.
    """

    path: Path
    content: bytes
    table: dict[str, Any]


def read_document(path: Path) -> Document | None:
    """Read a settings file; `None` if there is none.

    Raises:
        ConfigError: It is too large, no file, not UTF-8 or not TOML; names file and line.
    """
    content = read_small(path)
    if content is None:
        return None
    import tomllib

    _check_dots(path, content)
    try:
        text = content.decode("utf-8-sig")
        return Document(path, content, tomllib.loads(text))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        msg = f"{path} is not UTF-8 text (at line {line})."
        raise ConfigError(msg, "Save it as UTF-8.") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is not TOML: {_reason(error, content)}.") from None


def entries(document: Document) -> Iterator[tuple[Setting, object]]:
    """Yield each setting a file names, with its raw value.

    Raises:
        ConfigError: It names an unknown setting or section.
    """
    return _entries(document.table, "", document.path)


def _entries(
    table: Mapping[str, object], section: str, path: Path
) -> Iterator[tuple[Setting, object]]:
    for name, raw in table.items():
        key = section + (name if _BARE.fullmatch(name) else f'"{name}"')
        if key in BY_KEY:
            yield BY_KEY[key], raw
        elif key not in SECTIONS:
            raise unknown(key, str(path))
        elif isinstance(raw, dict):
            yield from _entries(raw, f"{key}.", path)
        else:
            msg = f"{path}: `{key}` is a section and cannot have a value of its own."
            raise ConfigError(msg, f"Write `[{key}]`, and its settings below.")


def _check_dots(path: Path, content: bytes) -> None:
    """Refuse keys of very many parts: `tomllib` needs minutes and gigabytes for them."""
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.count(b".") > _MAX_DOTS and not line.lstrip().startswith(b"#"):
            msg = f"{path} has more than {_MAX_DOTS} dots in line {number}."
            raise ConfigError(msg, "Write a long list in several lines.")


def _reason(error: Exception, content: bytes) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    from stellwerk.domain.text import one_line, shortened

    lines = content.count(b"\n") + 1
    reason = one_line(str(error)).replace("at end of document", f"at the end, line {lines}")
    return shortened(reason, 200)
