"""A goal at one moment."""

from __future__ import annotations

from typing import NamedTuple

from stellwerk.domain.plan import Plan
from stellwerk.domain.refs import RefBook


class Snapshot(NamedTuple):
    """A goal at one revision: its plan and what refs have been handed out.

    Attributes:
        plan: Its plan, whole or an excerpt.
        book: The refs handed out.
        revision: The latest entry of its journal.
        whole: Whether the plan is whole; see `domain.excerpt`.
    """

    plan: Plan
    book: RefBook
    revision: int
    whole: bool = True
