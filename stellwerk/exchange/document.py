"""What every importer returns and every exporter takes: a plan with its texts and refs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from stellwerk.domain.births import Births
from stellwerk.domain.plan import Plan
from stellwerk.domain.refs import RefBook
from stellwerk.errors import ExchangeError

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_ITEMS: Final = 50_000
MAX_NUMBER: Final = 999_999_999
_UID: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Document:
    """A plan as it travels.

    Attributes:
        plan: The plan.
        notes: Texts of the notes by package uid.
        book: Refs handed out.
        extra: Tables of the front matter that are not the plan's (`playbook`).
    """

    plan: Plan
    notes: Mapping[str, str]
    book: RefBook = field(default_factory=RefBook)
    extra: Mapping[str, Any] = field(default_factory=dict)


class Exporter(Protocol):
    """Writes a document as files."""

    name: str
    suffixes: tuple[str, ...]

    def files(self, document: Document, *, folder: bool) -> Mapping[str, str]:
        """Return file names, relative and with `/`, to their text.

        Without `folder` there is one file.
        """
        ...


class Importer(Protocol):
    """Reads a document from files."""

    name: str
    suffixes: tuple[str, ...]

    def read(self, files: Mapping[str, str], births: Births) -> Document:
        """Return the document in some files, named as `Exporter.files` names them.

        Raises:
            ExchangeError: They are not what the format promises.
        """
        ...


def refuse_uid(where: str, uid: str) -> None:
    """Refuse an identity that is none: ours are hexadecimal UUIDs, a word will do."""
    if not _UID.fullmatch(uid):
        msg = f"{where}: {uid[:60]!r} is not a uid: up to 64 letters, digits, - and _."
        raise ExchangeError(msg)


def refuse_size(name: str, text: str) -> None:
    """Refuse a file that no plan can fill."""
    if len(text) > MAX_BYTES:
        msg = f"{name} has {len(text):,} characters; at most {MAX_BYTES:,} are read."
        raise ExchangeError(msg, "Is it really a plan?")
