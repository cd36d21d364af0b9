"""Wishes on the map become edits that keep the plan whole and can be taken back."""

from __future__ import annotations

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.births import Births
from stellwerk.domain.edits.edit import apply
from stellwerk.domain.plan import Plan
from stellwerk.domain.refs import NO_REFS
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.work import Status
from stellwerk.errors import PlanError
from stellwerk.tui import navigation, wishes
from stellwerk.tui.impact import impact
from stellwerk.tui.session import sight_of
from stellwerk.tui.weighing import ways
from tests.railway.plans import NOW, any_graph, plan_of, railway_graph, switched
from tests.tui.journeys import journey

BIRTHS = Births(NOW, (f"new{number}" for number in count()).__next__)


def at(plan: Plan) -> Snapshot:
    """Return a plan as it is held."""
    return Snapshot(plan, NO_REFS.following(Plan(plan.goal), plan), 1)


def graphs() -> st.SearchStrategy[Plan]:
    """Return plans of any shape, some of their forks with switches."""
    return st.builds(
        lambda seed, like: switched(
            plan_of(*(railway_graph(8, seed) if like else any_graph(seed, 9))), seed
        ),
        st.integers(0, 400),
        st.booleans(),
    )


@given(graphs(), st.data())
def test_whatever_is_wanted_can_be_taken_back(plan: Plan, data: st.DataObject):
    uid = data.draw(st.sampled_from([route.uid for route in plan.routes]))
    base = at(plan)
    wanted = data.draw(
        st.sampled_from(
            [
                lambda: wishes.route_after(base, BIRTHS, uid, "New"),
                lambda: wishes.route_before(base, BIRTHS, uid, "New"),
                lambda: wishes.branching(base, BIRTHS, uid, "Which?", ["A", "B"]),
                lambda: wishes.package_after(base, BIRTHS, uid, "Do it"),
            ]
        )
    )
    try:
        edit = wanted()
        after = apply(edit, plan)
    except PlanError:
        return  # a switch stands in the way, and the plan is what it was
    assert after != plan
    assert apply(edit.invert(plan), after) == plan


@given(graphs())
def test_each_way_of_a_switch_is_weighed(plan: Plan):
    for switch in plan.switches:
        found = ways(plan, switch.uid)
        assert [each.label for each in found] == [each.label for each in switch.options]
        assert all(each.hours >= 0 for each in found)


@given(graphs())
def test_the_impact_of_deleting_anything_can_be_told(plan: Plan):
    for uid in plan.index.items:
        assert impact(plan, uid)[-1] == "u brings it back."


@given(graphs(), st.lists(st.sampled_from(["on", "back", "next", "before"]), max_size=20))
def test_walking_never_leaves_the_map(plan: Plan, keys: list[str]):
    sight = sight_of(at(plan))
    here = sight.scene.stations[0].uid
    for key in keys:
        step = 1 if key in ("on", "next") else -1
        if key in ("on", "back"):
            there = navigation.along(sight.scene, here, step)
        else:
            there = navigation.neighbour(sight.scene.stations, here, step)
        here = there or here
        assert sight.station(here)


@given(st.integers(0, 300))
def test_no_two_stations_have_the_same_letters_and_none_begins_another(number: int):
    found = navigation.hints([str(each) for each in range(number)])
    letters = list(found.values())
    assert len(set(letters)) == len(letters) == number
    assert len({len(each) for each in letters}) <= 1


def test_a_package_is_added_where_the_cursor_is():
    plan = journey()
    after = apply(wishes.package_after(at(plan), BIRTHS, "k1", "Between"), plan)
    assert [p.title for p in after.route("u1").packages][1] == "Between"
    after = apply(wishes.package_after(at(plan), BIRTHS, "t1", "Last"), plan)
    assert [p.title for p in after.route("u1").packages][-1] == "Last"
    after = apply(wishes.package_after(at(plan), BIRTHS, "u5", "Alone"), plan)
    assert [p.title for p in after.route("u5").packages] == ["Alone"]


def test_what_is_next_is_what_is_begun_then_what_is_ready():
    plan = journey()
    first = wishes.next_package(plan.route("u1"), ["k2"])
    assert first is not None
    assert first.uid == "k2"
    edit = wishes.starting(at(plan), BIRTHS, "k1")
    begun = wishes.next_package(apply(edit, plan).route("u1"), ["k2"])
    assert begun is not None
    assert begun.uid == "k1"
    assert wishes.next_package(plan.route("u5"), []) is None


def test_starting_twice_stops_again():
    plan = journey()
    started = apply(wishes.starting(at(plan), BIRTHS, "k1"), plan)
    assert started.package("k1").status is Status.DOING
    stopped = apply(wishes.starting(at(started), BIRTHS, "k1"), started)
    assert stopped.package("k1").status is Status.TODO
