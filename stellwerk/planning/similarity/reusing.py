"""The plan of an earlier goal as the beginning of a new one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from stellwerk.domain.births import Births
from stellwerk.domain.goal import Goal, Person
from stellwerk.domain.plan import Edge, Plan, Route, Switch
from stellwerk.domain.text import slugify
from stellwerk.domain.work import Standing, Task, WorkPackage, digest
from stellwerk.planning.composing import Composition
from stellwerk.planning.wish import Wish

_TICKED: Final = re.compile(
    r"^(?P<box>[ \t]*(?:[-*+]|\d+[.)])[ \t]+\[)[xX](?=\])", re.MULTILINE
)
_TAKEN: Final = {
    "en": "Its plan was taken over from the goal “{title}” ({slug}).",
    "de": "Der Plan ist vom Ziel „{title}“ ({slug}) übernommen.",
}


def copied(plan: Plan, notes: Mapping[str, str], wish: Wish, births: Births) -> Composition:
    """Return a new goal with the plan of an earlier one, nothing of it done or decided.

    People, dates, hours spent and choices stay behind; so do the ticks in the notes.
    """
    copier = _Copier(births)
    goal = _goal(plan.goal, wish, births)
    routes = tuple(copier.route(route, notes) for route in plan.routes)
    whole = Plan(
        goal,
        tuple(copier.with_needs(route) for route in routes),
        tuple(sorted(Edge(copier.uid(e.tail), copier.uid(e.head)) for e in plan.edges)),
        tuple(copier.switch(switch) for switch in plan.switches),
        tuple(
            Person(births.new_uid(), number, name, births.now)
            for number, name in enumerate(wish.people, 1)
        ),
    )
    return Composition(whole, copier.notes)


def _goal(old: Goal, wish: Wish, births: Births) -> Goal:
    taken = _TAKEN.get(old.language, _TAKEN["en"]).format(title=old.title, slug=old.slug)
    told = (wish.description or old.description, wish.context, taken)
    return Goal(
        uid=births.new_uid(),
        slug=slugify(wish.title),
        title=wish.title,
        created_at=births.now,
        description="\n\n".join(part.strip() for part in told if part.strip()),
        language=old.language,
        prologue=old.prologue,
        rallying_cry=old.rallying_cry,
        source=old.source,
        unit_hours=old.unit_hours,
    )


class _Copier:
    """Knows which new uid each old one got."""

    def __init__(self, births: Births) -> None:
        self._births = births
        self._uids: dict[str, str] = {}
        self.notes: dict[str, str] = {}

    def uid(self, old: str) -> str:
        """Return the new uid of what had an old one."""
        if old not in self._uids:
            self._uids[old] = self._births.new_uid()
        return self._uids[old]

    def route(self, route: Route, notes: Mapping[str, str]) -> Route:
        """Return a copy of a route; its packages still need old uids."""
        tasks = tuple(self._task(task, notes) for task in route.tasks)
        born = self._births.now
        return replace(route, uid=self.uid(route.uid), born_at=born, tasks=tasks)

    def with_needs(self, route: Route) -> Route:
        """Return a route whose packages need what the old ones needed."""
        tasks = tuple(
            replace(task, packages=tuple(self._needing(each) for each in task.packages))
            for task in route.tasks
        )
        return replace(route, tasks=tasks)

    def switch(self, switch: Switch) -> Switch:
        """Return a copy of a switch that nobody set."""
        born = self._births.now
        options = tuple(
            replace(each, uid=self.uid(each.uid), head=self.uid(each.head), born_at=born)
            for each in switch.options
        )
        return replace(
            switch,
            uid=self.uid(switch.uid),
            route=self.uid(switch.route),
            born_at=born,
            options=options,
            chosen=None,
            recommended=self.uid(switch.recommended) if switch.recommended else None,
        )

    def _task(self, task: Task, notes: Mapping[str, str]) -> Task:
        packages = tuple(
            self._package(each, notes.get(each.uid, "")) for each in task.packages
        )
        born = self._births.now
        return replace(task, uid=self.uid(task.uid), born_at=born, packages=packages)

    def _package(self, package: WorkPackage, text: str) -> WorkPackage:
        uid, text = self.uid(package.uid), _TICKED.sub(r"\g<box> ", text)
        if text:
            self.notes[uid] = text
        return replace(
            package,
            uid=uid,
            born_at=self._births.now,
            notes=digest(text),
            assignee=None,
            standing=Standing(),
        )

    def _needing(self, package: WorkPackage) -> WorkPackage:
        return replace(package, needs=tuple(sorted(self.uid(each) for each in package.needs)))
