"""A place of the app: a screen whose keys come from the table of actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, cast

from textual.binding import Binding, BindingType
from textual.screen import Screen

from stellwerk.errors import ConflictError, StellwerkError, StorageError
from stellwerk.tui.actions import GOALS, Action, actions_of
from stellwerk.tui.box import Box

Value = TypeVar("Value")


def bindings_of(place: str) -> list[BindingType]:
    """Return the keys of a place."""
    return [
        Binding(
            ",".join(each.keys),
            method_of(each.name),
            each.title,
            show=each.footer,
            tooltip=each.help,
            id=each.name,
            priority=each.name in ("next_station", "previous_station"),
        )
        for each in actions_of(place)
    ]


def method_of(name: str) -> str:
    """Return how Textual calls an action: the ways of a switch are one with a number."""
    if name == "quit":
        return "app.quit"
    return f"choose({name.removeprefix('choose_')})" if name.startswith("choose_") else name


class Place(Screen[str | None]):
    """A screen of the app; it may end with the uid of an item that is wanted next.

    Attributes:
        place: Its name in the table of actions.
    """

    place: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init_subclass__(cls, **options: Any) -> None:
        """Give each place its keys."""
        if cls.place:
            cls.BINDINGS = bindings_of(cls.place)
        super().__init_subclass__(**options)

    @property
    def box(self) -> Box:
        """The app."""
        return cast(Box, self.app)

    @property
    def offered(self) -> list[Action]:
        """What can be done here, for the footer, the palette and the help."""
        return actions_of(self.place)

    def attempt(self, work: Callable[[], Value]) -> Value | None:
        """Do something that may be refused; what went wrong is told, and nothing is lost."""
        try:
            return work()
        except ConflictError as error:
            self.renew()
            self.told(error)
        except StellwerkError as error:
            if isinstance(error, StorageError):
                self.box.stellwerk.store.close()  # the next call opens what is there then
            self.told(error)
        return None

    def written(self, text: str) -> str | None:
        """Return a text as somebody left it in an editor; None, told why, if that failed."""
        from stellwerk.tui.editor import edited_text

        return self.attempt(lambda: edited_text(self.app, text))

    def told(self, error: StellwerkError) -> None:
        """Tell what went wrong, and what to do next."""
        text = f"{error.message}\n{error.hint}" if error.hint else error.message
        self.app.clear_notifications()
        self.notify(text, severity="error", timeout=8, markup=False)

    def say(self, text: str) -> None:
        """Tell what was done."""
        self.app.clear_notifications()
        self.notify(text, timeout=3, markup=False)

    def renew(self) -> None:
        """Read what is shown again, and show it."""
        self.refresh_plan()

    def refresh_plan(self) -> None:
        """Show what has changed, where this place shows a plan."""

    def action_back(self) -> None:
        """Go one step back."""
        if len(self.app.screen_stack) > 2:
            self.app.pop_screen()
        elif self.place == GOALS:
            self.say("Press q to leave.")
        else:
            self.box.show_goals()

    def action_palette(self) -> None:
        """Find an action by name."""
        self.app.action_command_palette()

    def action_requests(self) -> None:
        """Show what was sent to models."""
        self.box.show_requests()

    def action_help(self) -> None:
        """Show all keys."""
        self.box.show_keys(self.offered)
