"""The app: where it begins, its palette and its colours."""

from __future__ import annotations

import asyncio
import signal
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar, Final

from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.command import DiscoveryHit, Hit, Provider
from textual.worker import WorkerFailed

from stellwerk.bootstrap import Stellwerk
from stellwerk.railway.glyphs import UNICODE, Charset
from stellwerk.tui.actions import Action, keymap
from stellwerk.tui.place import Place, method_of
from stellwerk.tui.session import Session
from stellwerk.tui.themes import DAY, NIGHT, NOTES
from stellwerk.tui.widgets.asking import Typed
from stellwerk.tui.widgets.footer import key_name

_REQUESTS: Final = 200
"""So many requests are remembered."""


class Palette(Provider):
    """The actions of the place in front, by what they do."""

    async def discover(self) -> AsyncIterator[DiscoveryHit]:
        """Yield all of them."""
        for title, run, help_ in self._found():
            yield DiscoveryHit(title, run, help=help_)

    async def search(self, query: str) -> AsyncIterator[Hit]:
        """Yield those that fit some letters."""
        matcher = self.matcher(query)
        for title, run, help_ in self._found():
            score = matcher.match(f"{title} {help_}")
            if score > 0:
                yield Hit(score, matcher.highlight(title), run, help=help_)

    def _found(self) -> Iterator[tuple[str, partial[Any], str]]:
        screen = self.screen
        if isinstance(screen, Place):
            for each in screen.offered:
                run = partial(screen.run_action, method_of(each.name))
                yield each.help, run, f"{each.title} ({', '.join(map(key_name, each.keys))})"


class SignalBox(App[None]):
    """Stellwerk on a whole terminal.

    Args:
        stellwerk: The wired services.
        goal: Uid of the goal to open; None shows all goals.
        charset: The characters of drawings.
    """

    TITLE = "Stellwerk"
    CSS_PATH = "style.tcss"
    COMMANDS: ClassVar = {Palette}
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(
        self, stellwerk: Stellwerk, goal: str | None = None, charset: Charset = UNICODE
    ) -> None:
        super().__init__()
        self.stellwerk = stellwerk
        self.goal = goal
        self.charset = charset
        self.keys = dict(keymap(stellwerk.settings.tui.keys))
        """Keys that settings gave to actions, by name."""
        self.requests: deque[Mapping[str, Any]] = deque(maxlen=_REQUESTS)
        """What was sent to models since the app began, and what came back, without keys."""
        for each in (NIGHT, DAY):
            self.register_theme(each)
        theme = stellwerk.settings.tui.theme
        # As dark as Textual's own: only the colours differ, and no style sheet is read twice.
        self.set_reactive(App.theme, NIGHT.name)
        self.stylesheet.set_variables(self.get_css_variables())
        if theme in self.available_themes and theme != NIGHT.name:
            self.theme = theme
        self.set_keymap(self.keys)
        self.console.push_theme(NOTES)

    def on_mount(self) -> None:
        """Open the first place."""
        from stellwerk.tui.screens.goals import Goals

        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            # Windows, threads other than the first, and platforms without them.
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))
        theme = self.stellwerk.settings.tui.theme
        if theme and theme != self.theme:
            self.notify(
                f"There is no theme {theme!r}: it has its own colours.", severity="warning"
            )
        if self.goal is None:
            self.push_screen(Goals())
        else:
            self.open_goal(self.goal)

    @property
    def fault(self) -> Exception | None:
        """What broke the app, if something did."""
        found = self._exception
        worked = found.error if isinstance(found, WorkerFailed) else None
        return worked if isinstance(worked, Exception) else found

    def _fatal_error(self) -> None:
        """Leave; whoever ran the app tells of the fault, as of any other of a verb."""
        self._close_messages_no_wait()

    async def on_key(self, event: events.Key) -> None:
        """Give a question what is typed, in the order of typing.

        Textual writes a character as soon as the field hears it, but runs what other keys do
        only here: in `ctrl+u` and a word typed quickly, the word would be deleted.
        """
        if isinstance(self.screen, Typed):
            await self.screen.take(event)

    def show_goals(self) -> None:
        """Leave everything for the list of goals."""
        from stellwerk.tui.screens.goals import Goals

        while len(self.screen_stack) > 2:
            self.pop_screen()
        if not isinstance(self.screen, Goals):
            self.switch_screen(Goals())

    def open_goal(self, uid: str) -> None:
        """Show the railway of a goal."""
        from stellwerk.tui.screens.railway import RailwayPlace

        self.goal = uid
        self.push_screen(RailwayPlace(uid))

    def show_history(self, session: Session, about: str = "") -> None:
        """Show who changed what, in all of a plan or in one item."""
        from stellwerk.tui.screens.history import HistoryPlace

        self.push_screen(HistoryPlace(session, about))

    def show_proposals(self, session: Session, feedback: str, expand: str = "") -> None:
        """Have a plan made better, or an item put in more detail."""
        from stellwerk.tui.screens.proposals import ProposalsPlace, Wanted

        self.push_screen(ProposalsPlace(session, Wanted(feedback, expand)))

    def show_requests(self) -> None:
        """Show what was sent to models."""
        from stellwerk.tui.screens.requests import RequestsPlace

        self.push_screen(RequestsPlace())

    def show_keys(self, actions: Sequence[Action]) -> None:
        """Show all keys of a place."""
        from stellwerk.tui.screens.keys import Keys

        self.push_screen(Keys(actions, self.keys))
