"""Actions that ask: each question is there before the next key is heard."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar

from textual.screen import ModalScreen, Screen

Steps: TypeAlias = Generator[ModalScreen[Any], Any, None]
"""Yields questions, and gets what was answered."""
Asker = TypeVar("Asker", bound=Screen[Any])
Told = ParamSpec("Told")


def questions(
    action: Callable[Concatenate[Asker, Told], Steps],
) -> Callable[Concatenate[Asker, Told], None]:
    """Return an action that asks what its steps yield, one question after the other.

    The first question is put at once, not by a task that begins after more keys were heard:
    what somebody types ahead is an answer, never a command.
    """

    @wraps(action)
    def asking(self: Asker, /, *args: Told.args, **options: Told.kwargs) -> None:
        steps = action(self, *args, **options)

        def go_on(answer: object) -> None:
            try:
                question = steps.send(answer)
            except StopIteration:
                return
            self.app.push_screen(question, go_on)

        go_on(None)

    return asking
