"""A cache of what can always be fetched again: embeddings, link checks, model lists.

Kept by diskcache behind a disk of ours that stores JSON text and refuses pickles, for
keys and for values: diskcache's own disks execute what they unpickle (CVE-2025-69872).
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, Final

from diskcache import UNKNOWN, Cache, Disk
from diskcache.core import MODE_RAW

from stellwerk.errors import StorageError

SIZE_LIMIT: Final = 64 * 1024 * 1024


class JsonDisk(Disk):  # type: ignore[misc]
    """Stores keys and values as JSON text in the table itself, nothing else."""

    def put(self, key: Any) -> tuple[str, bool]:
        """Return the column values of a key."""
        return json.dumps(key, sort_keys=True), True

    def get(self, key: Any, raw: bool) -> Any:  # noqa: FBT001  (diskcache's signature)
        """Return the key of column values."""
        if not raw or not isinstance(key, str):
            raise StorageError("The cache holds a key that is not JSON.", _CLEAR)
        return json.loads(key)

    def store(
        self,
        value: Any,
        read: bool,  # noqa: FBT001
        key: Any = UNKNOWN,
    ) -> tuple[int, int, None, str]:
        """Return the column values of a value."""
        del read, key
        return 0, MODE_RAW, None, json.dumps(value)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:  # noqa: FBT001
        """Return the value of column values; files and pickles are refused."""
        if mode != MODE_RAW or filename is not None or read or not isinstance(value, str):
            raise StorageError("The cache holds a value that is not JSON.", _CLEAR)
        return json.load(io.StringIO(value))


_CLEAR: Final = "Delete the cache folder; all in it can be fetched again."


def refetchable(folder: Path) -> Cache:
    """Open the cache in a folder that only its owner can read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return Cache(str(folder), disk=JsonDisk, size_limit=SIZE_LIMIT, disk_min_file_size=2**62)
