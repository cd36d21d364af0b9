"""Earlier goals when a new one is planned: suggested, reused, and told to models."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Final

import typer

from stellwerk.cli.desk import Desk
from stellwerk.cli.planning import show_copy
from stellwerk.domain.goal import Goal
from stellwerk.domain.limits import SIZES
from stellwerk.domain.refs import NO_REFS
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import StellwerkError, UsageError
from stellwerk.planning.similarity.reusing import copied
from stellwerk.planning.similarity.search import Candidate, Similar, compared
from stellwerk.planning.similarity.vectors import HashedEmbedder
from stellwerk.planning.wish import Wish
from stellwerk.plugins.choosing import Choice

Reuse = Annotated[
    str | None,
    typer.Option(
        "--reuse",
        metavar="SLUG|ask|never",
        help="Copy the plan of that goal; or ask whether to, or look for none.",
    ),
]
ASK: Final = "ask"
NEVER: Final = "never"
_SHOWN: Final = 3


@dataclass
class Earlier:
    """The goals there were before a wish.

    Attributes:
        desk: The call.
        wish: What is to be planned.
        reuse: What `--reuse` says.
        fresh: Whether nothing of before is to be taken.
        store: Whether plan and vectors are stored.
        silent: Whether nothing may be sent, not even to an embedder.
    """

    desk: Desk
    wish: Wish
    reuse: str | None = None
    fresh: bool = False
    store: bool = True
    silent: bool = False

    @cached_property
    def similar(self) -> Similar:
        """Finds those that are like it."""
        found = self.desk.stellwerk.similar(self.desk.say)
        found.keep = self.store and not self.silent
        if self.silent and not found.builtin:
            self.desk.say("As nothing is sent, earlier goals are compared by words here.")
            found.embedder = HashedEmbedder()
        return found

    def reused(self) -> bool:
        """Whether a copy of an earlier plan was made and shown; else like ones are told of.

        Raises:
            NotFoundError: `--reuse` names no goal.
            UsageError: It contradicts another flag.
        """
        if self.reuse == NEVER:
            return False
        if self.reuse is not None and self.fresh:
            msg = "--fresh plans anew, and --reuse does not."
            raise UsageError(msg, "Leave one of them out.")
        if self.reuse not in (None, ASK):
            goal = self.desk.dispatcher.find(str(self.reuse))
            self._copy(compared(self.wish, goal, 1.0))
            return True
        best = next(iter(self._suggestions()), None)
        if best and self._taken(best):
            self._copy(best)
            return True
        return False

    def informed(self, choice: Choice | None = None) -> Wish:
        """Return the wish with what models are told besides, and say what that is.

        Args:
            choice: Who plans: playbooks alone are told nothing.
        """
        if choice is not None and not choice.models:
            return self.wish
        desk = self.desk
        wish = desk.stellwerk.context(self.similar, desk.say).informed(self.wish)
        told = ", ".join(each.source for each in wish.background)
        desk.say(f"Told besides the goal: {told or 'nothing'}.", level=1)
        return wish

    def _suggestions(self) -> list[Candidate]:
        """Return the goals that are like the new one, the nearest first, and say which."""
        found: list[Candidate] = []
        if not self.desk.stellwerk.database.exists():
            return found  # looking would make it
        with suppress(StellwerkError):  # a plan can be made without
            near = self.similar.nearest(self.wish)
            found = [each for each in near if each.worth_saying][:_SHOWN]
        for each in found if not self.desk.json else ():
            self.desk.say(suggestion(each))
        return found

    def _taken(self, best: Candidate) -> bool:
        """Whether the nearest goal's plan is taken: by somebody's yes, or by the settings."""
        slug = best.goal.slug
        if self.reuse == ASK and self.desk.interactive:
            return typer.confirm(f"Reuse the plan of {slug}?", err=True)
        planning = self.desk.settings.planning
        sure = best.reusable and best.score >= planning.cache_similarity_threshold
        if not (planning.enable_semantic_caching and sure) or self.reuse == ASK or self.fresh:
            return False
        return not self.similar.builtin and self._fits(best.goal)

    def _fits(self, goal: Goal) -> bool:
        """Whether a plan has the size that was asked for."""
        size = SIZES.get(self.wish.size)
        routes = len(self.desk.dispatcher.store.load(goal.uid).plan.routes) if size else 0
        return size is None or size.routes[0] <= routes <= size.routes[1]

    def _copy(self, source: Candidate) -> None:
        """Make a goal with a copy of an earlier plan, and show it."""
        desk, goal = self.desk, source.goal
        old = desk.dispatcher.store.load(goal.uid)
        notes = desk.dispatcher.store.notes(goal.uid)
        made = copied(old.plan, notes, self.wish, desk.dispatcher.births)
        after = Snapshot(made.plan, NO_REFS, 0)
        if self.store:
            says = f"took over the plan of {goal.slug}"
            after = desk.dispatcher.adopt(made.plan, made.notes, says).after
        for gate in source.failed:
            desk.say(f"Mind that {gate.reason}.")
        desk.say(
            f"The plan is that of {goal.slug}, with nothing done, decided or assigned."
            " To plan anew: --reuse never"
        )
        show_copy(desk, after, stored=self.store)


def suggestion(found: Candidate) -> str:
    """Return the sentence that tells of an earlier goal, and why it is not the same."""
    goal = f"{found.goal.slug} ({found.score:.2f})"
    step = f"Reuse its plan: --reuse {found.goal.slug}"
    if found.reusable:
        return f"Like an earlier goal: {goal}. {step}"
    return f"Near an earlier goal: {goal}, but {found.failed[0].reason}. {step}"
