"""Named points around each write, rename and fsync, where a test can make a process die.

Code that makes something last calls `reach` before and after each step that a crash could
cut short. In a run nothing listens, and reaching a point costs one comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

POINTS: Final[Mapping[str, str]] = {
    "store.begun": "a write transaction was begun, nothing is written",
    "store.written": "all rows of a transaction are written, it is not committed",
    "store.committed": "a transaction is committed, nobody was told",
    "call.begin": "a call to a model is about to be recorded, nothing is written",
    "call.begun": "a call is recorded as started, its request is not sent",
    "call.finish": "the answer to a call is there, nothing of it is written",
    "call.finished": "an answer is recorded, nobody acted on it",
    "open.claimed": "the file of a new database is made, empty",
    "open.unowned": "a database was not Stellwerk's a moment ago, its tables are not read",
    "open.logging": "a new database is switched to its log, without a schema",
    "open.written": "the schema of a new database is written, not committed",
    "open.created": "the schema of a new database is committed, nobody was told",
    "migrate.begun": "an older database is locked for its upgrade, nothing is copied",
    "migrate.copied": "the copy before an upgrade is made, not flushed",
    "migrate.synced": "the copy before an upgrade is on the disk, not in its place",
    "migrate.renamed": "the copy before an upgrade is in its place, its folder not flushed",
    "migrate.flushed": "the copy before an upgrade is in its place for good",
    "migrate.step": "a migration is run, not committed",
    "migrate.written": "all migrations are run, not committed",
    "migrate.committed": "an upgrade is committed, nobody was told",
    "file.written": "the text of a file is written beside its place, not flushed",
    "file.synced": "the text of a file is on the disk, not in its place",
    "file.renamed": "a file is in its place, its folder not flushed",
    "file.removed": "a file that an export no longer has is removed",
    "export.begun": "an empty staging folder is beside the folder of an export",
    "export.linked": "what stays is linked into the staged folder",
    "export.staged": "the staged folder is whole and on the disk",
    "export.swapped": "the folder is new, the old one waits for its removal",
    "export.flushed": "the swap is on the disk",
    "export.removed": "something of a staged or old folder is removed",
    "export.cleared": "nothing of the old folder is left, nobody was told",
    "backup.begun": "an empty copy is in a folder of its own, nothing is copied",
    "backup.copied": "all pages are copied, nothing is checked",
    "backup.checked": "the copy was compared in full, it is not flushed",
    "backup.synced": "the copy is on the disk, not in its place",
    "backup.renamed": "the backup is in its place, its folder not flushed",
    "backup.flushed": "the backup is in its place for good, nobody was told",
    "restore.begun": "it is decided what to restore, nothing is written",
    "restore.saved": "what will be replaced is backed up beside the database",
    "restore.written": "all rows are restored, nothing is compared",
    "restore.compared": "all rows were compared, the transaction is not committed",
    "repair.begun": "the damaged database is copied as it lies there, nothing is read",
    "repair.read": "all that can be read is read, nothing is mended",
    "repair.checked": "the repaired database is mended and checked, it is not flushed",
    "repair.synced": "the repaired database is on the disk, not in its place",
    "repair.renamed": "the repaired database is in its place, its folder not flushed",
    "repair.flushed": "the repaired database is in its place for good, nobody was told",
}
"""Every point by name, with what is true when it is reached."""

_listener: Callable[[str], None] | None = None


def reach(point: str) -> None:
    """Say that a point of `POINTS` is reached."""
    if _listener is not None:
        if point not in POINTS:
            msg = f"There is no point {point!r}."
            raise KeyError(msg)
        _listener(point)


def listen(listener: Callable[[str], None] | None) -> None:
    """Call a listener at every point from now on, or nobody."""
    global _listener  # noqa: PLW0603  (one process, one listener)
    _listener = listener
