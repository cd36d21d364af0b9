"""What places ask of the app that holds them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from stellwerk.bootstrap import Stellwerk
from stellwerk.railway.glyphs import Charset
from stellwerk.tui.actions import Action
from stellwerk.tui.session import Session


class Box(Protocol):
    """The app, as places know it.

    Attributes:
        stellwerk: The wired services.
        goal: Uid of the goal that was opened last, if one was.
        charset: The characters of drawings.
        keys: Keys that settings gave to actions, by name.
        requests: What was sent to models, and what came back, without keys.
    """

    stellwerk: Stellwerk
    goal: str | None
    charset: Charset
    keys: dict[str, str]
    requests: deque[Mapping[str, Any]]

    def open_goal(self, uid: str) -> None:
        """Show the railway of a goal."""
        ...

    def show_goals(self) -> None:
        """Leave everything for the list of goals."""
        ...

    def show_history(self, session: Session, about: str = "") -> None:
        """Show who changed what, in all of a plan or in one item."""
        ...

    def show_proposals(self, session: Session, feedback: str, expand: str = "") -> None:
        """Have a plan made better, or an item put in more detail."""
        ...

    def show_requests(self) -> None:
        """Show what was sent to models."""
        ...

    def show_keys(self, actions: Sequence[Action]) -> None:
        """Show all keys of a place."""
        ...
