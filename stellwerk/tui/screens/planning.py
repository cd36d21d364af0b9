"""Planning a new goal."""

from __future__ import annotations

from typing import ClassVar

from stellwerk.bootstrap import Stellwerk
from stellwerk.planning.events import Emit
from stellwerk.planning.wish import wish_of
from stellwerk.tui.actions import PLANNING
from stellwerk.tui.running import Running


class PlanningPlace(Running):
    """A planning run.

    Args:
        goal: In somebody's words.
    """

    place: ClassVar[str] = PLANNING

    def __init__(self, goal: str) -> None:
        super().__init__(goal)
        self._goal = goal

    def carry_out(self, services: Stellwerk, run: str, hear: Emit) -> str:
        """Plan, or go on with a run; return the uid of the goal."""
        settings, planner = services.settings, self.planner(services)
        choice = services.providers.choose((), offline=settings.ai.offline)
        if run:
            made = planner.resume(planner.runs.run(run), choice, hear)
        else:
            planning = settings.planning
            wish = wish_of(self._goal, size=planning.size, language=planning.language)
            if choice.models:
                wish = services.context().informed(wish)
            made = planner.plan(wish, choice, hear)
        goal = made.snapshot.plan.goal.uid
        services.store.select(services.dispatcher.author, goal)
        return goal

    def made(self, found: str) -> None:
        """Show the railway of the new goal."""
        self.app.pop_screen()
        self.box.open_goal(found)
