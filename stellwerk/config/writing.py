"""Setting and unsetting one value in a settings file; the rest of the file stays.

Comments cannot be kept; a file that has some is copied to `<name>.bak`, once, before its
first rewrite.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from stellwerk.config.documents import Document, read_document
from stellwerk.config.files import PRIVATE, alone, replace
from stellwerk.config.references import expand, has_reference, written
from stellwerk.config.schema import SECTIONS, setting_for, unknown
from stellwerk.config.secret import Secret
from stellwerk.config.setting import Kind, Setting
from stellwerk.config.values import Place, from_text
from stellwerk.errors import ConfigError


def set_value(path: Path, key: str, text: str, *, private: bool = False) -> None:
    """Write a setting into a settings file, which is made if missing.

    Args:
        path: The file; relative paths in `text` are relative to it.
        key: The setting.
        text: Its value, lists separated by commas. One with a `${NAME}` is kept as a
            reference; any other dollar means itself.
        private: Whether this is the user's own file: only that may hold secrets, and only
            its owner may read it.

    Raises:
        ConfigError: The key is unknown, the text does not fit it, or it is a secret for a
            file that is not private; the file is as it was.
    """
    setting = setting_for(key)
    value = _toml_value(setting, text, Place(str(path), path.parent, path.parent))
    if setting.kind is Kind.SECRET and not (private or has_reference(written(text))):
        raise ConfigError(
            f"`{key}` is a secret, and {path} may be shared with others.",
            "`stellwerk keys set` stores keys where only you can read them; or write a"
            " reference such as '${NAME}'.",
        )
    with alone(path):
        document = read_document(path)
        table: dict[str, Any] = document.table if document else {}
        _section(table, setting.section, path)[setting.name] = value
        _rewrite(path, document, table, private=private)


def unset_value(path: Path, key: str, *, private: bool = False) -> bool:
    """Remove a setting, known or not, from a settings file; say whether it was there.

    Raises:
        ConfigError: The key is neither known nor in the file, or the file is broken.
    """
    if key in SECTIONS:
        raise unknown(key)
    with alone(path):
        document = read_document(path)
        if document and _removed(document.table, key.split(".")):
            _rewrite(path, document, document.table, private=private)
            return True
    setting_for(key)
    return False


def _toml_value(setting: Setting, text: str, place: Place) -> object:
    held = written(text)
    if has_reference(held):
        _check_references(setting, held)
        return [part.strip() for part in held.split(",")] if setting.several else held.strip()
    value = from_text(setting, text, place)
    if value is None:
        msg = f"`{setting.key}` cannot be set to nothing."
        raise ConfigError(msg, f"`stellwerk config unset {setting.key}` removes it.")
    if setting.kind is Kind.PATHS:
        return [written(part.strip()) for part in text.split(",") if part.strip()]
    if isinstance(value, tuple):
        return [written(str(part)) for part in value]
    if isinstance(value, bool | int | float):
        return value
    typed = setting.kind in {Kind.PATH, Kind.DATABASE}
    plain = value.reveal() if isinstance(value, Secret) else str(value)
    return written(text.strip() if typed else plain)


def _check_references(setting: Setting, held: str) -> None:
    try:
        expand(held, {})
    except ValueError:
        msg = f"`{setting.key}` has a `${{` without a name and a `}}` after it."
        raise ConfigError(msg, "Write `${NAME}`.") from None


def _section(table: dict[str, Any], section: str, path: Path) -> dict[str, Any]:
    for name in section.split("."):
        table = table.setdefault(name, {})
        if not isinstance(table, dict):
            raise ConfigError(f"{path}: `{name}` is no section there.", "Edit it by hand.")
    return table


def _removed(table: dict[str, Any], names: list[str]) -> bool:
    """Remove a key, and the sections that it leaves empty; say whether it was there."""
    name, *rest = names
    if not rest:
        return table.pop(name, None) is not None
    inner = table.get(name)
    if not isinstance(inner, dict) or not _removed(inner, rest):
        return False
    if not inner:
        del table[name]
    return True


def _rewrite(
    path: Path, document: Document | None, table: dict[str, Any], *, private: bool
) -> None:
    import tomli_w

    try:
        content = tomli_w.dumps(table).encode()
    except RecursionError:
        raise ConfigError(f"{path} is nested too deeply.", "Edit it by hand.") from None
    if document and b"#" in document.content:
        _keep(path, document.content, private=private)
    replace(path, content, PRIVATE if private else None)


def _keep(path: Path, content: bytes, *, private: bool) -> None:
    """Copy a file once; the first copy is the one with the comments."""
    target = Path(os.path.realpath(path))
    copy = target.with_name(f"{target.name}.bak")
    if not os.path.lexists(copy):
        mode = PRIVATE if private else stat.S_IMODE(target.stat().st_mode)
        replace(copy, content, mode)
