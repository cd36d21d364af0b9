"""What to do next: order, reasons, and that everything suggested can really be begun."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given

from stellwerk.analytics.upcoming import upcoming
from stellwerk.domain.goal import Goal
from stellwerk.domain.plan import Edge, Plan, Route
from stellwerk.domain.railway import railway_of
from stellwerk.domain.work import Standing, Status, Task, WorkPackage
from tests.domain.plans import fork_of
from tests.strategies import Drawn, drawn_plans

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def package(uid: str, length: int, *needs: str, status: Status = Status.TODO) -> WorkPackage:
    """Return a work package of a length in units of an hour."""
    return WorkPackage(
        *(uid, ord(uid[-1]), uid, NOW),
        length=length,
        needs=tuple(sorted(needs)),
        standing=Standing(status),
    )


def plan_of(*routes: tuple[str, list[WorkPackage]], edges: tuple[Edge, ...] = ()) -> Plan:
    """Return a plan with one task a route."""
    made = tuple(
        Route(uid, n, uid, NOW, tasks=(Task(f"t{n}", 1, "T", NOW, packages=tuple(packages)),))
        for n, (uid, packages) in enumerate(routes, 1)
    )
    return Plan(Goal("g", "g", "G", NOW), made, edges)


@given(drawn=drawn_plans())
def test_everything_suggested_can_be_begun_and_nothing_is_left_out(drawn: Drawn):
    """Suggestions are the ready work packages and the ready decisions."""
    railway = railway_of(drawn.plan)
    suggested = [each.uid for each in upcoming(drawn.plan).suggestions]
    assert sorted(suggested) == sorted((*railway.ready, *railway.decisions))


@given(drawn=drawn_plans())
def test_work_is_ordered_by_float_then_by_what_hangs_behind_it(drawn: Drawn):
    """Decisions come first; then the tightest, then the longest tail."""
    suggestions = upcoming(drawn.plan).suggestions
    work = [each for each in suggestions if each.total_float is not None]
    assert [*suggestions[len(suggestions) - len(work) :]] == work
    keys = [(round(each.total_float or 0, 6), -round(each.tail, 6)) for each in work]
    assert keys == sorted(keys)


def test_the_critical_package_comes_before_a_longer_one_with_slack():
    """A (3 h) leads to b (5 h); c (6 h) can wait 2 h."""
    plan = plan_of(("r", [package("a", 3), package("b", 5, "a"), package("c", 6)]))
    first, second = upcoming(plan).suggestions
    assert (first.uid, first.total_float, first.tail) == ("a", 0, 8)
    assert first.reason == "on the critical path: 5 h of work hang behind it"
    assert (second.uid, second.total_float) == ("c", 2)
    assert second.reason == "can wait 2 h without delaying the end; nothing waits for it"


def test_equal_packages_keep_their_written_order():
    """Ties are broken by the plan, not by chance."""
    plan = plan_of(("r", [package("b", 2), package("a", 2)]))
    assert [each.uid for each in upcoming(plan).suggestions] == ["b", "a"]


def test_work_on_the_next_route_waits_for_this_one():
    """A predecessor never ranks below its successor, for that is not there yet."""
    plan = plan_of(("r", [package("a", 1)]), ("s", [package("b", 8)]), edges=(Edge("r", "s"),))
    assert [each.uid for each in upcoming(plan).suggestions] == ["a"]


def test_what_is_going_on_is_told_apart():
    """Work in progress and work on hold are not suggested again."""
    doing, waiting = (
        package(u, 1, status=s) for u, s in (("a", Status.DOING), ("b", Status.WAITING))
    )
    found = upcoming(plan_of(("r", [doing, waiting, package("c", 1)])))
    assert (found.doing, found.waiting) == (("a",), ("b",))
    assert [each.uid for each in found.suggestions] == ["c"]


def test_an_open_switch_that_is_reached_comes_first():
    """Nothing behind it is settled until it is decided, so it is said first and why."""
    plan = fork_of(2)
    first = upcoming(plan).suggestions[0]
    assert first.uid == plan.switches[0].uid
    assert first.total_float is None
    assert "until it is decided" in first.reason
