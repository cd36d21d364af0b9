"""Running the pipeline for the command line: live progress, then the summary."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from stellwerk.cli.charset import charset
from stellwerk.cli.desk import Desk
from stellwerk.cli.present.plans import head_lines, plan_data
from stellwerk.cli.streams import as_json
from stellwerk.domain.limits import SIZES
from stellwerk.domain.railway import railway_of
from stellwerk.domain.refs import NO_REFS
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import StellwerkError, UsageError
from stellwerk.planning.events import Emit, Event, Found, RunStarted, StageDone
from stellwerk.planning.pipeline import Planned, plan_goal
from stellwerk.planning.wish import Wish
from stellwerk.railway.text import draw
from stellwerk.validation.findings import Severity

_STYLES = ("auto", "plain", "json", "none")


def make_plan(desk: Desk, wish: Wish, provider: str | None, progress: str) -> Planned:
    """Run the pipeline with the configured provider, telling its progress on stderr.

    Raises:
        ProviderError: Nobody could plan.
    """
    model = desk.stellwerk.provider(provider)
    births = desk.dispatcher.births
    tell = _teller(desk, progress)
    try:
        with desk.stellwerk.log() as log:
            return asyncio.run(plan_goal(wish, model, births, _both(tell, log)))
    except* StellwerkError as group:
        error: BaseException = group
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
    raise error


def _both(one: Emit, other: Emit) -> Emit:
    def listen(event: Event) -> None:
        one(event)
        other(event)

    return listen


def show_plan(desk: Desk, wish: Wish, made: Planned, *, dry_run: bool) -> None:
    """Store a finished plan, unless it is a dry run, and show it."""
    composition = made.composition
    if dry_run:
        snapshot = Snapshot(composition.plan, NO_REFS, 0)
    else:
        title = f"planned “{composition.plan.goal.title}”"
        snapshot = desk.dispatcher.adopt(composition.plan, composition.notes, title).after
        desk.dispatcher.store.select(desk.dispatcher.author, snapshot.plan.goal.uid)
    _say_limits(desk, wish, made)
    desk.answer("plan", plan_data(snapshot), _summary(desk, snapshot, dry_run=dry_run))


def _summary(desk: Desk, snapshot: Snapshot, *, dry_run: bool) -> str:
    plan, ink = snapshot.plan, desk.ink
    lines = [*head_lines(snapshot, railway_of(plan), ink), ""]
    lines += draw(plan, desk.width, charset=charset(desk), paint=ink)
    if dry_run:
        return "\n".join([*lines, "", ink("dim", "Dry run: nothing was stored.")])
    steps = (
        ("stellwerk next", "what to do first, and why"),
        ("stellwerk show r1.1.1", "a work package with its notes"),
        ("stellwerk export --into plan", "the plan as Markdown"),
    )
    wide = max(len(command) for command, _ in steps)
    told = (
        f"  {ink('cyan', f'{command:<{wide}}')}  {ink('dim', why)}" for command, why in steps
    )
    return "\n".join([*lines, "", *told])


def _say_limits(desk: Desk, wish: Wish, made: Planned) -> None:
    """Say what was asked for and could not be had, and what validators found."""
    routes = len(made.composition.plan.routes)
    size = SIZES.get(wish.size)
    if size and not size.routes[0] <= routes <= size.routes[1]:
        desk.say(
            f"The plan has {routes} routes: playbooks have one size, --size needs a model."
        )
    if wish.context and made.composition.plan.goal.source.kind == "playbook":
        desk.say("A playbook cannot weigh the context; it was kept in the goal's description.")
    serious = [f for f in made.findings if f.severity is not Severity.INFO]
    for finding in serious[:5]:
        desk.say(f"{finding.code} {finding.message}")


@dataclass
class _Live:
    """Progress on one line of a terminal that is written over and over."""

    desk: Desk
    done: dict[str, int] = field(default_factory=dict)

    def __call__(self, event: Event) -> None:
        if isinstance(event, StageDone):
            self.done[event.stage] = self.done.get(event.stage, 0) + event.count
            told = ", ".join(f"{count} {_COUNTED[name]}" for name, count in self.done.items())
            sys.stderr.write(f"\r\x1b[K{told}")
        elif not isinstance(event, RunStarted | Found) and self.done:
            sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


_COUNTED = {"decompose": "routes", "tasks": "tasks", "packages": "work packages"}


def _teller(desk: Desk, style: str) -> Callable[[Event], None]:
    """Return what is done with events (UsageError for an unknown style)."""
    if style not in _STYLES:
        raise UsageError(
            f"There is no progress style {style!r}.", f"Use {', '.join(_STYLES)}."
        )
    if style == "json":
        return _write_json
    if style == "none" or desk.quiet:
        return lambda _: None
    if style == "auto" and sys.stderr.isatty() and not desk.json:
        return _Live(desk)
    return lambda event: _tell(desk, event)


def _tell(desk: Desk, event: Event) -> None:
    match event:
        case RunStarted():
            desk.say(f"Planning with {event.provider} ...")
        case StageDone():
            told = f"{event.count} {_COUNTED[event.stage]} for {event.subject}"
            desk.say(f"  {told} ({event.model})", level=1)


def _write_json(event: Event) -> None:
    data = {"event": type(event).__name__, **asdict(event)}
    print(as_json(data), file=sys.stderr)
