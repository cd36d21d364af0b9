"""Wishes become edits that leave the line whole, or are refused with a way on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from stellwerk.domain.births import Births
from stellwerk.domain.edits.compound import (
    linking,
    moving,
    new_route,
    new_switch,
    new_task,
    removal,
    together,
    unlinking,
)
from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.fields import Assign, Rename
from stellwerk.domain.edits.items import Add, Move, Need, Unneed
from stellwerk.domain.edits.lines import Choose, Connect, Disconnect, Recommend
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.plan import Edge, Plan, RouteKind
from stellwerk.domain.refs import RefBook
from stellwerk.errors import EditError
from stellwerk.testing.clock import CountedUids
from tests.domain.plans import NOW, a_goal, a_package, a_route, fork_of, two_routes
from tests.strategies import MODEST, Drawn, drawn_plans

BIRTHS = Births(NOW, CountedUids())


def book_of(plan: Plan) -> RefBook:
    """Return the book of a plan nothing was ever removed from."""
    return RefBook().following(Plan(plan.goal), plan)


def lines(plan: Plan) -> list[tuple[str, str]]:
    """Return the edges by ref."""
    return [(plan.ref(edge.tail), plan.ref(edge.head)) for edge in plan.edges]


def routed(
    plan: Plan, title: str, *, after: tuple[str, ...], before: tuple[str, ...] = ()
) -> Plan:
    """Return the plan with a new route."""
    edit = new_route(plan, book_of(plan), BIRTHS, title, after=after, before=before)
    return apply(edit, plan)


def test_a_new_route_is_laid_between():
    """The edge it replaces is cut; written order follows the line."""
    plan = routed(two_routes(), "Between", after=("r1",), before=("r2",))
    assert sorted(lines(plan)) == [("r1", "r3"), ("r3", "r2")]
    assert [route.title for route in plan.routes] == ["Route r1", "Between", "Route r2"]
    assert plan.routes[1].kind is RouteKind.TRUNK


def test_a_new_route_behind_a_switch_is_an_option():
    """It becomes a branch, and the decision has one way more."""
    plan = routed(fork_of(2), "Third", after=("r",))
    option = plan.switches[0].options[2]
    assert (option.label, plan.ref(option.uid), plan.ref(option.head)) == (
        "Third",
        "d1.c",
        "r4",
    )
    assert plan.route(option.head).kind is RouteKind.BRANCH


def test_a_new_route_may_take_an_option_s_place_on_the_line():
    """Between a switch and one of three heads: the option goes, a new one comes."""
    plan = routed(fork_of(3), "Before h3", after=("r",), before=("h3",))
    assert [plan.ref(option.head) for option in plan.switches[0].options] == ["r2", "r3", "r5"]
    assert ("r5", "r4") in lines(plan)


def test_a_first_route_stands_alone():
    """Without anything before it a route is a root, written last."""
    plan = routed(Plan(a_goal()), "First", after=())
    assert [plan.ref(route.uid) for route in plan.routes] == ["r1"]
    assert plan.edges == ()


def test_routes_and_packages_link_among_their_kind():
    """A need between packages, an edge between routes, an option where a switch is."""
    plan = two_routes()
    book = book_of(plan)
    assert linking(plan, book, BIRTHS, "b", "a") == Need("b", "a")
    assert unlinking(apply(Need("b", "a"), plan), "b", "a") == Unneed("b", "a")
    assert unlinking(plan, "r2", "r1") == Disconnect(Edge("r1", "r2"))
    fork = apply(Add(a_route("h3", 9), "goal"), fork_of(2))
    linked = apply(linking(fork, book_of(fork), BIRTHS, "h3", "r"), fork)
    assert linked.switches[0].options[2].label == "Route h3"
    assert linking(fork, book, BIRTHS, "h2", "h1") == Connect(Edge("h1", "h2"))


def test_a_route_and_a_package_cannot_be_linked():
    """Both are named, and what can be linked is said."""
    plan = two_routes()
    with pytest.raises(EditError, match=r"r1\.1\.1 Package a and r2 Route r2 are of two"):
        linking(plan, book_of(plan), BIRTHS, "a", "r2")
    with pytest.raises(EditError, match="two kinds, so they are not linked"):
        unlinking(plan, "r2", "a")
    with pytest.raises(EditError, match="p1 Ada and p1 Ada are of two kinds"):
        linking(plan, book_of(plan), BIRTHS, "ada", "ada")


def test_an_edge_beside_a_switch_is_unlinked_as_told():
    """An edge that is no option of the switch cannot be there, so the edit is refused."""
    plan = fork_of(3)
    edit = unlinking(plan, "r", "r")
    assert edit == Disconnect(Edge("r", "r"))
    with pytest.raises(EditError, match="r1 Route r does not need r1 Route r"):
        apply(edit, plan)


def test_a_switch_turns_edges_into_options():
    """In written order; routes that only it leads to become branches."""
    heads = (a_route("x", 2), a_route("y", 3))
    edges = (Edge("r", "x"), Edge("r", "y"), Edge("x", "y"))
    plan = Plan(a_goal(), (a_route("r", 1), *heads), edges)
    after = apply(new_switch(plan, book_of(plan), BIRTHS, "r", "Which?"), plan)
    assert [option.label for option in after.switches[0].options] == ["Route x", "Route y"]
    kinds = [route.kind for route in after.routes]
    assert kinds == [RouteKind.TRUNK, RouteKind.BRANCH, RouteKind.TRUNK]


def test_a_switch_needs_two_ways_and_no_other_switch():
    """Refused with the number of ways there are, or the switch that is there."""
    plan = two_routes()
    with pytest.raises(EditError, match="r1 Route r1 leads to one route;") as caught:
        new_switch(plan, book_of(plan), BIRTHS, "r1", "Which?")
    assert "--after r1" in caught.value.hint
    with pytest.raises(EditError, match="r2 Route r2 leads to no route;"):
        new_switch(plan, book_of(plan), BIRTHS, "r2", "Which?")
    with pytest.raises(EditError, match="r1 Route r has the switch d1 Which way"):
        new_switch(fork_of(2), RefBook(), BIRTHS, "r", "Which?")


def test_a_task_comes_last_or_where_it_is_put():
    """Its number is new either way."""
    plan = two_routes()
    for at, titles in ((None, ["Task r1", "New"]), (0, ["New", "Task r1"])):
        after = apply(new_task(plan, book_of(plan), BIRTHS, "New", "r1", at), plan)
        assert [task.title for task in after.routes[0].tasks] == titles


def test_a_move_within_a_holder_keeps_the_number():
    """Elsewhere the item gets the holder's next number."""
    plan = two_routes()
    assert moving(plan, book_of(plan), "b", "tr1", 0) == Move("b", "tr1", 0, 2)
    assert moving(plan, book_of(plan), "b", "tr2", 0) == Move("b", "tr2", 0, 2)
    assert moving(plan, book_of(plan), "r2", "goal", 0) == Move("r2", "goal", 0, 2)


def test_removing_a_route_joins_its_neighbours():
    """What came before it leads to what came after it, without doubling an edge."""
    routes = tuple(a_route(uid, at) for at, uid in enumerate("abcde", 1))
    pairs = ("ac", "bc", "cd", "ce", "ad")
    plan = Plan(a_goal(), routes, tuple(sorted(Edge(*pair) for pair in pairs)))
    after = apply(removal(plan, "c", {}), plan)
    assert lines(after) == [("r1", "r4"), ("r1", "r5"), ("r2", "r4"), ("r2", "r5")]


def test_removing_a_route_behind_a_switch_removes_its_option():
    """The switch's other options stay; behind it nothing is joined to the switch."""
    plan = fork_of(3)
    edges = tuple(sorted((*plan.edges, Edge("h3", "h2"))))
    after = apply(removal(replace(plan, edges=edges), "h3", {}), replace(plan, edges=edges))
    assert after == fork_of(2)


def test_removing_what_is_needed_removes_the_needs():
    """Needs and assignments that named it are dropped, and come back with it."""
    plan = apply(Batch((Need("b", "a"), Assign("b", "ada"))), two_routes())
    for uid in ("a", "ada"):
        edit = removal(plan, uid, {})
        after = apply(edit, plan)
        assert after.package("b").needs == (() if uid == "a" else ("a",))
        assert apply(edit.invert(plan), after) == plan
    alone = removal(two_routes(), "ada", {})
    assert alone.says(two_routes(), two_routes()) == "removed p1 Ada"
    assert not isinstance(alone, Batch)


def test_the_last_two_options_keep_their_switch():
    """A way out of a decision of two is to remove the decision first."""
    for wish in (lambda p: removal(p, "o1", {}), lambda p: removal(p, "h1", {})):
        with pytest.raises(EditError, match="one of the last two options of d1") as caught:
            wish(fork_of(2))
        assert caught.value.hint == "Remove the switch first: `stellwerk remove d1`."


def test_a_chosen_option_is_reopened_first():
    """What was decided is not removed in passing."""
    plan = apply(Choose("s", "o2"), fork_of(3))
    with pytest.raises(EditError, match=r"d1\.b Way 2 is the chosen option of d1") as caught:
        removal(plan, "o2", {})
    assert caught.value.hint == "Reopen the decision first: `stellwerk choose d1 --none`."


def test_a_recommended_option_loses_its_recommendation_with_its_life():
    """And gets it back when the removal is taken back."""
    plan = apply(Recommend("s", "o3", {"o3": 0.5}), fork_of(3))
    edit = removal(plan, "o3", {})
    after = apply(edit, plan)
    assert after.switches[0].recommended is None
    assert apply(edit.invert(plan), after) == plan


def test_a_route_with_a_switch_is_not_removed():
    """The switch stands in the way, and the hint says how to remove it."""
    with pytest.raises(EditError, match="r1 Route r ends at the switch d1") as caught:
        removal(fork_of(2), "r", {})
    assert caught.value.hint == "Remove the switch first: `stellwerk remove d1`."


def test_a_removed_switch_leaves_a_fork():
    """Its edges stay; all its lines are needed again."""
    plan = fork_of(2)
    assert apply(removal(plan, "s", {}), plan) == replace(plan, switches=())


@MODEST
@given(drawn_plans(min_routes=1))
def test_whatever_can_be_removed_leaves_nothing_that_names_it(drawn: Drawn):
    """Every item of a plan is removed cleanly, or refused with a hint."""
    for uid in drawn.plan.index.items:
        hint, after = "", None
        try:
            after = apply(removal(drawn.plan, uid, drawn.notes), drawn.plan)
        except EditError as error:
            hint = error.hint
        assert hint if after is None else uid not in after.index.items


def test_packages_of_a_removed_task_go_with_it():
    """A task takes what it holds along."""
    plan = two_routes()
    after = apply(removal(plan, "tr1", {}), plan)
    assert [package.uid for package in after.packages] == ["c"]
    assert a_package("a", 1) not in after.packages


def test_one_edit_together_is_itself_and_several_are_a_batch():
    """Nothing is wrapped without need."""
    edits = [Rename("a", "x"), Rename("b", "y")]
    assert together(edits[:1]) == edits[0]
    assert together(edits) == Batch(tuple(edits))


def merged_fork() -> Plan:
    """Return r with a switch to h1 and h2, which meet in m."""
    forked = fork_of(2)
    heads = [option.head for option in forked.switches[0].options]
    edges = tuple(sorted((*forked.edges, *(Edge(head, "m") for head in heads))))
    return replace(forked, routes=(*forked.routes, a_route("m", 9)), edges=edges)


def test_the_option_of_a_removed_branch_leads_to_what_came_after_it():
    """The decision stays: that way is shorter now, and nothing becomes a root."""
    plan = merged_fork()
    first, second = plan.switches[0].options
    after = apply(removal(plan, first.head, {}), plan)
    assert [option.head for option in after.switches[0].options] == ["m", second.head]
    assert set(after.index.before["m"]) == {"r", second.head}


def test_a_branch_that_alone_leads_somewhere_is_not_taken_away_from_under_it():
    """What it leads to would become a root and ready at once."""
    plan = fork_of(3)
    first, second, third = plan.switches[0].options
    beyond = tuple(a_route(uid, n) for n, uid in enumerate(("x", "y"), 20))
    edges = tuple(sorted((*plan.edges, Edge(first.head, "x"), Edge(first.head, "y"))))
    plan = replace(plan, routes=(*plan.routes, *beyond), edges=edges)
    with pytest.raises(EditError, match="Nothing but") as caught:
        removal(plan, first.head, {})
    assert "stellwerk link" in caught.value.hint
    assert third.head != second.head


def test_a_route_laid_between_a_switch_and_a_branch_takes_over_the_option():
    """The decision keeps its options; the way of one of them became longer."""
    plan = merged_fork()
    first, second = plan.switches[0].options
    edit = new_route(plan, book_of(plan), BIRTHS, "New", after=["r"], before=[first.head])
    after = apply(edit, plan)
    new = after.routes[1].uid
    assert [option.head for option in after.switches[0].options] == [new, second.head]
    assert [option.uid for option in after.switches[0].options] == [first.uid, second.uid]
    assert Edge(new, first.head) in after.edges
    assert apply(edit.invert(plan), after) == plan


def test_a_new_route_is_written_where_it_is_wanted():
    plan = two_routes()
    first = new_route(plan, book_of(plan), BIRTHS, "First", after=["r1"], position=0)
    titles = [route.title for route in apply(first, plan).routes]
    assert titles == ["First", "Route r1", "Route r2"]
