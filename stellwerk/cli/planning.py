"""Planning runs on the command line: who is asked, live progress, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from math import isfinite
from pathlib import Path
from typing import Annotated, Final, NamedTuple, TypeVar

import typer

from stellwerk.cli.charset import charset
from stellwerk.cli.desk import Desk
from stellwerk.cli.present.plans import head_lines, plan_data
from stellwerk.cli.progress import telling
from stellwerk.cli.reporting import log_terminal
from stellwerk.domain.limits import SIZES
from stellwerk.domain.railway import railway_of
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import UsageError
from stellwerk.planner import Made, Order, Planner
from stellwerk.planning.events import Emit, Event
from stellwerk.planning.ports import Graded
from stellwerk.planning.runs import Limits
from stellwerk.planning.stages.review import NOT_REVIEWED
from stellwerk.planning.wish import Wish
from stellwerk.plugins.choosing import Choice
from stellwerk.providers.debug_log import debug_log
from stellwerk.railway.renderer import View
from stellwerk.railway.scene import scene_of
from stellwerk.railway.text import drawn
from stellwerk.validation.findings import Severity

MaxCost = Annotated[
    float | None,
    typer.Option("--max-cost", metavar="USD", help="Stop before the run costs more."),
]
MaxCalls = Annotated[
    int | None, typer.Option("--max-calls", metavar="N", help="Stop before more calls.")
]
MaxTokens = Annotated[
    int | None, typer.Option("--max-tokens", metavar="N", help="Stop before more tokens.")
]
DebugLog = Annotated[
    Path | None,
    typer.Option(
        "--debug-log", metavar="FILE", help="Write requests and replies, without keys."
    ),
]
Progress = Annotated[
    str, typer.Option(help="auto, plain, json or none: how progress is told.")
]

_DOLLAR: Final = 1_000_000


class Asking(NamedTuple):
    """What the flags of `plan` and `resume` say about asking models.

    Attributes:
        provider: Only this one.
        model: This one instead of the configured one.
        max_cost: US dollars a run may cost.
        max_calls: Requests it may make.
        max_tokens: Tokens it may use.
        offline: Whether playbooks may plan in the end.
        fresh: Whether answers of earlier runs are left alone.
        progress: How progress is told.
        debug_log: A file for requests and replies.
    """

    provider: str | None = None
    model: str | None = None
    max_cost: float | None = None
    max_calls: int | None = None
    max_tokens: int | None = None
    offline: bool = True
    fresh: bool = False
    progress: str = "auto"
    debug_log: Path | None = None

    def limits(self) -> Limits:
        """Return what a run may use (UsageError for nothing or less)."""
        for flag in ("max_cost", "max_calls", "max_tokens"):
            value = getattr(self, flag)
            if value is not None and not (value > 0 and isfinite(value)):
                name = flag.replace("_", "-")
                raise UsageError(f"--{name} is {value}.", "It has to be more than 0.")
        cost = None if self.max_cost is None else round(self.max_cost * _DOLLAR)
        return Limits(cost, self.max_calls, self.max_tokens)

    def order(self, *, store: bool = True) -> Order:
        """Return how a goal is to be planned."""
        return Order(self.limits(), self.model or "", self.fresh, store)


Value = TypeVar("Value")


def carry_out(
    desk: Desk,
    asking: Asking,
    names: tuple[str, ...],
    work: Callable[[Planner, Choice, Emit], Value],
) -> Value:
    """Have a planner do some work, telling its progress on stderr and in the log.

    Args:
        desk: The call.
        asking: Its flags.
        names: The providers to ask; those of the settings if there are none.
        work: What is done.

    Raises:
        ProviderError: Nobody could plan.
    """
    desk.events = asking.progress == "json"
    choice = desk.stellwerk.providers.choose(
        names, model=asking.model, offline=asking.offline and desk.settings.ai.offline
    )
    for passed in choice.passed_over:
        desk.say(f"{passed.name} is passed over: {passed.reason} {passed.hint}".strip())
    redactor, listen = desk.stellwerk.redactor(), None
    with ExitStack() as stack:
        if asking.debug_log is not None:
            listen = stack.enter_context(debug_log(asking.debug_log, redactor, desk.say))
        planner = desk.stellwerk.planner(redactor, listen)
        tell = stack.enter_context(telling(desk, asking.progress))
        log = stack.enter_context(desk.stellwerk.log(log_terminal(desk), redactor, desk.say))
        made = work(planner, choice, _both(tell, log))
    for reason in getattr(choice.playbook, "skipped", tuple)():
        desk.say(f"Left out: {reason}")
    return made


def _both(one: Emit, other: Emit) -> Emit:
    def listen(event: Event) -> None:
        one(event)
        other(event)

    return listen


def show_made(desk: Desk, wish: Wish, made: Made, *, stored: bool) -> None:
    """Show a plan that was made, and say what has to be said about it."""
    if stored:
        goal = made.snapshot.plan.goal.uid
        desk.dispatcher.store.select(desk.dispatcher.author, goal)
    _say_limits(desk, wish, made)
    quality = Graded(made.snapshot.revision, made.planned.verdict.score.value)
    text = _summary(desk, made.snapshot, quality, stored=stored)
    desk.answer("plan", plan_data(made.snapshot, quality), text)
    if made.failure is not None:
        desk.say(
            f"This plan comes from a playbook: no model could plan. {made.failure.message}"
        )
        desk.say(f"  → {made.failure.hint}")


def show_copy(desk: Desk, snapshot: Snapshot, *, stored: bool) -> None:
    """Show a plan that was taken over from an earlier goal."""
    if stored:
        desk.dispatcher.store.select(desk.dispatcher.author, snapshot.plan.goal.uid)
    desk.answer("plan", plan_data(snapshot), _summary(desk, snapshot, stored=stored))


def _summary(
    desk: Desk, snapshot: Snapshot, quality: Graded | None = None, *, stored: bool
) -> str:
    plan, ink = snapshot.plan, desk.ink
    lines = [*head_lines(snapshot, railway_of(plan), ink, quality), ""]
    view = View(width=desk.width, charset=charset(desk), paint=ink)
    lines += drawn(scene_of(plan), view)
    if not stored:
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


def _say_limits(desk: Desk, wish: Wish, made: Made) -> None:
    """Say what was asked for and could not be had, and what validators found."""
    plan = made.snapshot.plan
    size = SIZES.get(wish.size)
    playbook = plan.goal.source.kind == "playbook"
    if playbook and size and not size.routes[0] <= len(plan.routes) <= size.routes[1]:
        desk.say(
            f"The plan has {len(plan.routes)} routes: no {wish.size} playbook fits this goal, "
            f"--size {wish.size} needs a model."
        )
    if wish.context and playbook:
        desk.say("A playbook cannot weigh the context; it was kept in the goal's description.")
    told = made.planned.verdict.findings
    serious = [f for f in told if f.severity is not Severity.INFO or f.code == NOT_REVIEWED]
    for finding in serious[:5]:
        desk.say(f"{finding.code} {finding.message}")
