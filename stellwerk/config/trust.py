"""Which project files may set guarded settings, by their exact content, as direnv does."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from stellwerk.config.files import PRIVATE, alone, read_small, replace
from stellwerk.errors import ConfigError

_VERSION: Final = 1
_KEPT: Final = 20


class Trust:
    """Remembers the project files somebody has looked at and accepted.

    A store that is broken, or that others could have written, trusts nothing.

    Args:
        store: The file it is kept in, `locations.trust_file(environ)`.
    """

    def __init__(self, store: Path) -> None:
        self._store = store

    def is_trusted(self, path: Path, content: bytes) -> bool:
        """Say whether exactly this content was trusted at exactly this place."""
        return _digest(path, content) in self._read().get(_place(path), ())

    def trust(self, path: Path, content: bytes) -> None:
        """Trust a content at a place from now on; any change of it asks again.

        Raises:
            ConfigError: The store cannot be written.
        """
        with alone(self._store):
            known = self._read()
            digest = _digest(path, content)
            others = [one for one in known.get(_place(path), []) if one != digest]
            self._write({**known, _place(path): [*others, digest][-_KEPT:]})

    def revoke(self, path: Path) -> bool:
        """Forget everything trusted at a place; say whether there was anything.

        Raises:
            ConfigError: The store cannot be written.
        """
        with alone(self._store):
            known = self._read()
            if known.pop(_place(path), None) is None:
                return False
            self._write(known)
            return True

    def _read(self) -> dict[str, list[str]]:
        with suppress(OSError, ValueError, RecursionError, ConfigError):
            if stat.S_IMODE(self._store.stat().st_mode) & 0o022:
                return {}
            data = json.loads(read_small(self._store) or b"{}")
            if isinstance(data, dict) and isinstance(data.get("trusted"), dict):
                return {
                    path: [str(digest) for digest in digests]
                    for path, digests in data["trusted"].items()
                    if isinstance(digests, list)
                }
        return {}

    def _write(self, trusted: Mapping[str, list[str]]) -> None:
        text = json.dumps({"version": _VERSION, "trusted": trusted}, indent=1, sort_keys=True)
        replace(self._store, f"{text}\n".encode(), PRIVATE)


def _place(path: Path) -> str:
    """Return the place of a file: its folder resolved, its own name kept."""
    folder = os.path.realpath(path.parent)
    return os.fsencode(Path(folder) / path.name).decode("utf-8", "backslashreplace")


def _digest(path: Path, content: bytes) -> str:
    return hashlib.sha256(_place(path).encode() + b"\0" + content).hexdigest()
