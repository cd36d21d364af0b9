"""What is said about reach holds for every way in which the switches can be set."""

from __future__ import annotations

from hypothesis import assume, given

from stellwerk.domain.plan import Plan
from stellwerk.validation.reach import Reach
from tests.strategies import MODEST, plans
from tests.validation.journeys import travelled
from tests.validation.notation import plan_of


def routes(reach: Reach, bits: int) -> list[str]:
    """Return the uids of a set of routes, in order."""
    return [uid for uid in reach.order if reach.bit[uid] & bits]


def test_before_and_behind_reach_all_the_way():
    """Over options and edges alike."""
    reach = Reach(plan_of("r1 > r2 ? r3 | r4, r3 > r5"))
    assert routes(reach, reach.behind["r1"]) == ["r2", "r3", "r4", "r5"]
    assert routes(reach, reach.before["r5"]) == ["r1", "r2", "r3"]
    assert reach.before["r1"] == reach.behind["r5"] == 0


def test_open_ways_end_at_switches():
    """What is behind a switch may be closed."""
    reach = Reach(plan_of("r1 > r2, r2 ? r3 | r4, r3 > r5"))
    assert routes(reach, reach.open_behind["r1"]) == ["r2"]
    assert routes(reach, reach.open_before["r5"]) == ["r3"]
    assert reach.open_behind["r2"] == reach.open_before["r3"] == 0


def test_where_all_ways_of_a_switch_meet_is_certain():
    """And where only some of them meet is not."""
    reach = Reach(plan_of("r1 ? r2 | r3 | r4, r2 > r5, r3 > r5, r4 > r6, r5 > r6"))
    assert routes(reach, reach.certain["r1"]) == ["r6"]
    assert routes(reach, reach.sure) == ["r1", "r6"]
    assert routes(reach, reach.company["r5"]) == ["r1", "r5", "r6"]
    assert routes(reach, reach.awaited["r5"]) == ["r1", "r2", "r3"]
    assert set(routes(reach, reach.awaited["r6"])) == {"r1", "r2", "r3", "r4", "r5"}


@MODEST
@given(plan=plans())
def test_sure_routes_are_those_travelled_in_every_setting(plan: Plan):
    """Exactly those, and `certain` is right for each route by itself."""
    assume(len(plan.switches) <= 4)
    reach, settings = Reach(plan), travelled(plan)
    everywhere = frozenset.intersection(*settings)
    assert set(routes(reach, reach.sure)) == everywhere
    for uid in reach.order:
        with_it = [live for live in settings if uid in live]
        for live in with_it:
            assert live.issuperset(routes(reach, reach.certain[uid]))
            assert live.issuperset(routes(reach, reach.company[uid]))


@MODEST
@given(plan=plans())
def test_what_is_awaited_comes_before(plan: Plan):
    """Nobody awaits a route from which no way leads to them, nor themselves."""
    reach = Reach(plan)
    for uid in reach.order:
        assert not reach.awaited[uid] & ~reach.before[uid]
        assert not reach.before[uid] & reach.bit[uid]
