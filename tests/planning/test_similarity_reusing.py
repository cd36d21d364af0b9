"""The plan of an earlier goal, copied for a new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from stellwerk.domain.births import Births
from stellwerk.domain.goal import GoalStatus, Source, SourceKind
from stellwerk.domain.plan import Plan
from stellwerk.domain.work import Standing, Status, digest
from stellwerk.planning.similarity.reusing import copied
from stellwerk.planning.wish import Wish
from stellwerk.testing.clock import CountedUids
from tests.domain.plans import NOW, a_person, fork_of, two_routes

LATER = NOW.replace(year=NOW.year + 1)
NOTES = {
    "a": "## Definition of Done\n\n- [x] One\n  * [X] Two\n1. [x] Three\n- [ ] Four [x]\n"
}
WISH = Wish("Another goal", people=("Mira",))


def worked_on() -> Plan:
    """Return a plan on which much was done by Ada, who got her own dates."""
    plan = two_routes()
    done = Standing(Status.DONE, NOW, NOW, 3.0, "Ada", "because")
    source = Source(SourceKind.PLAYBOOK, "playbooks", "general")
    goal = replace(
        plan.goal,
        status=GoalStatus.ACHIEVED,
        target_date=date(2030, 1, 1),
        source=source,
        quality=0.9,
        unit_hours=2.5,
        prologue="Before.",
        description="Old words.",
    )
    first = plan.routes[0]
    task = first.tasks[0]
    packages = tuple(
        replace(each, standing=done, assignee="ada", notes=digest(NOTES.get(each.uid, "")))
        for each in task.packages
    )
    packages = (packages[0], replace(packages[1], needs=("a",)))
    routes = (replace(first, tasks=(replace(task, packages=packages),)), *plan.routes[1:])
    return replace(plan, goal=goal, routes=routes, people=(a_person(),), checked=True)


def copy_of(plan: Plan, wish: Wish = WISH):
    """Return a copy with uids from 500 on."""
    return copied(plan, NOTES, wish, Births(LATER, CountedUids(500)))


def test_nothing_of_the_old_work_is_in_the_copy():
    """No tick, hour, date, assignee or person of it."""
    made = copy_of(worked_on())
    assert all(each.standing == Standing() for each in made.plan.packages)
    assert all(each.assignee is None for each in made.plan.packages)
    assert [person.name for person in made.plan.people] == ["Mira"]
    goal = made.plan.goal
    assert (goal.status, goal.target_date, goal.quality) == (GoalStatus.PLANNED, None, None)
    assert {each.born_at for each in made.plan.packages} == {LATER}


def test_what_was_ticked_in_the_notes_is_open_again():
    made = copy_of(worked_on())
    (text,) = made.notes.values()
    assert text == NOTES["a"].replace("[x] ", "[ ] ").replace("[X]", "[ ]")
    assert next(made.plan.packages).notes == digest(text)


def test_every_uid_is_fresh_and_everything_still_fits_together():
    old = worked_on()
    made = copy_of(old).plan
    assert set(made.index.items).isdisjoint(old.index.items)
    assert made.goal.uid != old.goal.uid
    titles = [each.title for each in made.packages]
    assert titles == [each.title for each in old.packages]
    one, two, _ = made.packages
    assert two.needs == (one.uid,)
    assert [(made.ref(e.tail), made.ref(e.head)) for e in made.edges] == [("r1", "r2")]


def test_decisions_are_open_again_with_what_was_recommended():
    old = fork_of(3, chosen=2)
    switch = replace(old.switches[0], recommended="o3")
    made = copy_of(replace(old, switches=(switch,), checked=True)).plan
    assert made.switches[0].chosen is None
    recommended = made.switches[0].option(made.switches[0].recommended)
    assert recommended is not None
    assert recommended.label == "Way 3"


def test_the_copy_says_where_it_comes_from():
    """In the description, in the plan's language; and who made the plan stays who made it."""
    goal = copy_of(worked_on()).plan.goal
    assert goal.title == "Another goal"
    assert goal.slug == "another-goal"
    assert goal.source == Source(SourceKind.PLAYBOOK, "playbooks", "general")
    assert goal.description == (
        "Old words.\n\nIts plan was taken over from the goal “A goal” (a-goal)."
    )
    german = replace(worked_on(), goal=replace(worked_on().goal, language="de"), checked=True)
    told = copy_of(german, Wish("Neu", "Anders.", "Hier.")).plan.goal
    assert told.description.startswith("Anders.\n\nHier.\n\nDer Plan ist vom Ziel „A goal“")
    assert (told.unit_hours, told.prologue) == (2.5, "Before.")
