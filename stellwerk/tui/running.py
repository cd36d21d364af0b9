"""Work that asks models, while one looks on: stages, calls, tokens, cost, and what goes wrong."""

from __future__ import annotations

import os
from abc import abstractmethod
from time import monotonic
from typing import Any

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from stellwerk.bootstrap import Stellwerk, build
from stellwerk.domain.text import one_line
from stellwerk.errors import StellwerkError
from stellwerk.planner import Planner
from stellwerk.planning.events import CallFailed, Emit, Event, FailedOver, RunStarted
from stellwerk.planning.interruption import Stop
from stellwerk.planning.progress import Progress, advanced
from stellwerk.tui.place import Place
from stellwerk.tui.widgets.footer import Keyline

_TITLES = {
    "decompose": "Routes",
    "tasks": "Tasks",
    "packages": "Work packages",
    "review": "Review",
    "refine": "Refinement",
}


class Running(Place):
    """A place that has something done in a thread, on a connection of its own.

    Args:
        title: What is done, or about what.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._progress = Progress()
        self._told: list[str] = []
        self._run = ""
        self._stop = Stop()
        self._going = False
        self._waiting: object = None

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Static(Text(one_line(self._title), "bold", no_wrap=True), id="head")
        with VerticalScroll(id="sheet"):
            yield Static(id="fields")
            yield Static(id="notes")
        yield Keyline(id="keys")

    def on_mount(self) -> None:
        """Begin."""
        self._timer = self.set_interval(0.2, self._show)
        self.begin()

    @abstractmethod
    def carry_out(self, services: Stellwerk, run: str, hear: Emit) -> object:
        """Do it, in the thread; return what comes of it.

        Args:
            services: On a connection of its own.
            run: Uid of the run to go on with, if there is one.
            hear: Hears what happens.
        """

    @abstractmethod
    def made(self, found: Any) -> None:
        """Show what came of it."""

    def planner(self, services: Stellwerk) -> Planner:
        """Return what asks models, its requests remembered without keys."""
        redactor = services.redactor()
        requests = self.box.requests
        return services.planner(
            redactor, lambda heard: requests.append(redactor.scrub_data(heard))
        )

    def begin(self, run: str = "") -> None:
        """Begin, or go on with a run."""
        self._stop, self._going, self._progress = Stop(), True, Progress()
        self._work(run)
        self._show()

    @work(thread=True, exclusive=True, group="running", exit_on_error=False)
    def _work(self, run: str) -> None:
        app, stop = self.app, self._stop
        services = build(self.box.stellwerk.settings, os.environ)
        try:
            with stop.heeded(), services.log() as log:

                def hear(event: Event) -> None:
                    self._hear(event)
                    log(event)

                found = self.carry_out(services, run, hear)
            app.call_from_thread(self._ended, stop, found)
        except KeyboardInterrupt:
            app.call_from_thread(self._failed, "Stopped.", "Press r to go on.")
        except StellwerkError as error:
            app.call_from_thread(self._failed, error.message, error.hint)
        finally:
            services.store.close()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Break off with what nobody foresaw, instead of standing still."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error

    def _hear(self, event: Event) -> None:
        """Take up an event; a timer shows it."""
        self._progress = advanced(self._progress, event, monotonic())
        if isinstance(event, RunStarted):
            self._run = event.run
        elif isinstance(event, CallFailed):
            again = f" It is asked again in {event.wait:.0f} s." if event.wait else ""
            self._told.append(f"{event.provider}: {event.reason}{again}")
        elif isinstance(event, FailedOver):
            self._told.append(f"{event.to} is asked instead of {event.provider}.")

    def on_unmount(self) -> None:
        """Stop what goes on when nobody looks on any more."""
        self._stop.request()

    def _show(self) -> None:
        if not self.is_attached:
            return
        progress = self._progress
        text = Text()
        if progress.provider:
            text.append(
                f"with {one_line(progress.provider)} {one_line(progress.model)}\n\n", "dim"
            )
        for name, stage in progress.stages.items():
            mark = "[x]" if stage.started and stage.done >= stage.started else "[>]"
            count = f"{stage.done}/{max(stage.known, stage.started)}"
            text.append(f"{mark} {_TITLES.get(name, name):<14} {count:>7}")
            text.append(f"  {stage.results} made\n" if stage.results else "\n", "dim")
        spent = progress.spent
        if spent.calls:
            cost = f", ${spent.cost_micro / 1_000_000:.4f}" if spent.cost_micro else ""
            tokens = spent.input_tokens + spent.output_tokens
            text.append(f"\n{spent.calls} calls, {tokens:,} tokens{cost}", "bold")
        if self._going:
            seconds = progress.elapsed(monotonic()) if progress.began is not None else 0.0
            text.append(f"\n{seconds:.0f} s; x stops it, and it can go on later.", "dim")
        self.query_one("#fields", Static).update(text)
        self.query_one("#notes", Static).update(Text("\n".join(self._told[-8:])))
        wanted = ("stop", "help") if self._going else ("again", "back", "help")
        keys = self.query_one(Keyline)
        offered = [each for each in self.offered if each.name in wanted]
        keys.show(offered, self.box.keys, plain=self.box.charset.plain)

    def _ended(self, stop: Stop, found: object) -> None:
        self._going = False
        if stop.requested:
            return
        if self.is_active:
            self.made(found)
        else:
            self._waiting = found

    def on_screen_resume(self) -> None:
        """Show what came of it while something lay over this place."""
        if (found := self._waiting) is not None:
            self._waiting = None
            self.call_after_refresh(self.made, found)

    def note(self, text: str) -> None:
        """Tell something where troubles are told."""
        self._told.append(text)
        self._show()

    def _failed(self, message: str, hint: str) -> None:
        self._going = False
        self._told += [message, hint]
        self._show()

    def action_stop(self) -> None:
        """Stop planning."""
        self._stop.request()

    def action_again(self) -> None:
        """Go on with the run, or begin anew if there was none."""
        if not self._going:
            self.begin(self._run)
