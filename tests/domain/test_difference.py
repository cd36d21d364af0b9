"""What differs between two plans is told item by item."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from stellwerk.domain.difference import Difference, Sign, differences
from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.fields import Rename, Resize, SetGoal
from stellwerk.domain.edits.items import Add, Move
from stellwerk.domain.edits.lines import Connect, Disconnect
from stellwerk.domain.plan import Edge
from tests.domain.plans import a_goal, a_person, a_route, two_routes
from tests.strategies import MODEST, Step, histories


@MODEST
@given(histories())
def test_differences_are_told_both_ways(steps: tuple[Step, ...]):
    """What is added one way is removed the other; changes swap old and new."""
    for step in steps:
        there = differences(step.before.plan, step.after.plan)
        back = differences(step.after.plan, step.before.plan)
        assert {_turned(difference) for difference in there} == {_bare(d) for d in back}
        assert differences(step.after.plan, step.after.plan) == ()


def _bare(difference: Difference) -> tuple[object, ...]:
    values = (str(difference.old), str(difference.new))
    name = difference.name if not difference.uid else ""
    return difference.sign, difference.uid, name, difference.field, *values


def _turned(difference: Difference) -> tuple[object, ...]:
    signs = {Sign.ADDED: Sign.REMOVED, Sign.REMOVED: Sign.ADDED}
    sign = signs.get(difference.sign, difference.sign)
    return _bare(replace(difference, sign=sign, old=difference.new, new=difference.old))


def test_a_difference_names_field_and_values():
    """Goal first, then items, then edges, each with its ref and title."""
    old = two_routes()
    new = old
    for edit in (
        SetGoal(("title",), replace(a_goal(), title="Another")),
        Rename("r1", "First"),
        Resize("a", 5, 3),
        Add(a_route("r3", 3), "goal", 2),
        Disconnect(Edge("r1", "r2")),
        Connect(Edge("r1", "r3")),
        Add(a_person("bob", 2), "goal"),
    ):
        new = apply(edit, new)
    assert differences(old, new) == (
        Difference(Sign.CHANGED, "goal", "Another", "title", "A goal", "Another"),
        Difference(Sign.CHANGED, "r1", "r1 First", "title", "Route r1", "First"),
        Difference(Sign.CHANGED, "a", "r1.1.1 Package a", "length", 1, 5),
        Difference(Sign.ADDED, "r3", "r3 Route r3"),
        Difference(Sign.ADDED, "bob", "p2 Bob"),
        Difference(Sign.ADDED, "", "r3 Route r3 needs r1 First"),
        Difference(Sign.REMOVED, "", "r2 Route r2 needs r1 Route r1"),
    )
    assert Difference(Sign.REMOVED, "r3", "r3 Route r3") in differences(new, old)


def test_a_move_shows_as_another_ref():
    """Old and new ref of what moved."""
    old = two_routes()
    new = apply(Move("a", "tr2", 0, 2), old)
    moved = Difference(Sign.CHANGED, "a", "r2.1.2 Package a", "ref", "r1.1.1", "r2.1.2")
    assert differences(old, new) == (moved,)


def test_another_order_is_told_by_the_holder():
    """Only what stayed is compared: births and removals are no new order."""
    old = two_routes()
    first = old.routes[0]
    task = replace(first.tasks[0], packages=first.tasks[0].packages[::-1])
    new = replace(old, routes=(old.routes[1], replace(first, tasks=(task,))))
    told = [(each.uid, each.old, each.new) for each in differences(old, new)]
    assert told == [
        (old.goal.uid, ["r1", "r2"], ["r2", "r1"]),
        (task.uid, ["r1.1.1", "r1.1.2"], ["r1.1.2", "r1.1.1"]),
    ]
    removed = differences(old, replace(old, routes=old.routes[:1], edges=()))
    assert not any(each.field for each in removed)
