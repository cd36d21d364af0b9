"""Excerpts: what is looked up on one is what the whole plan would have said."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from stellwerk.analytics.upcoming import upcoming
from stellwerk.domain.critical_path import critical_path
from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.fields import Rename
from stellwerk.domain.edits.items import Need
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.excerpt import excerpt_of, filled, fits, packages_in
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import goal_status, progress_of, railway_of
from stellwerk.domain.work import PackageLine, Standing, Status, WorkPackage
from tests.domain.plans import two_routes
from tests.strategies import MODEST, Step, histories, plans


@MODEST
@given(plans())
def test_the_railway_of_an_excerpt_is_that_of_the_plan(plan: Plan):
    """Signals, what is ready, progress, the critical path and what comes next."""
    excerpt = excerpt_of(plan, ())
    assert all(isinstance(package, PackageLine) for package in excerpt.packages)
    assert railway_of(excerpt) == railway_of(plan)
    assert progress_of(excerpt) == progress_of(plan)
    assert goal_status(excerpt) is goal_status(plan)
    assert critical_path(excerpt) == critical_path(plan)
    assert upcoming(excerpt) == upcoming(plan)


@MODEST
@given(plans(), st.data())
def test_an_excerpt_is_filled_with_the_packages_that_are_wanted(
    plan: Plan, data: st.DataObject
):
    """Filling its lines one by one or at once makes the same excerpt, and the plan at last."""
    uids = [package.uid for package in plan.packages]
    wanted = data.draw(st.sets(st.sampled_from(uids))) if uids else set()
    full = [package for package in plan.packages if package.uid in wanted]
    found = filled(excerpt_of(plan, ()), full)
    assert found == excerpt_of(plan, wanted)
    fresh = replace(found, checked=False).index
    assert found.index.refs == fresh.refs
    for name in ("items", "parents", "after", "before", "switch_at", "_held"):
        assert getattr(found.index, name) == getattr(fresh, name)
    assert filled(excerpt_of(plan, ()), plan.packages) == plan == excerpt_of(plan, uids)


@MODEST
@given(histories())
def test_an_edit_leaves_an_index_that_is_right(steps: tuple[Step, ...]):
    """Whether it was carried over from the plan before or built anew."""
    for step in steps:
        assert step.before.plan.index.refs
        after = apply(step.edit, step.before.plan)
        fresh = replace(after, checked=False).index
        for name in ("items", "parents", "after", "before", "switch_at", "refs", "_held"):
            assert getattr(after.index, name) == getattr(fresh, name)


@MODEST
@given(plans())
def test_one_ref_is_what_all_refs_say(plan: Plan):
    """Looked up alone, before or after the refs of all, a ref and its item are the same."""
    alone = replace(plan, checked=False).index
    refs = plan.index.refs
    assert {uid: alone.ref(uid) for uid in alone.items} == refs
    assert {ref: alone.find(ref) for ref in refs.values()} == plan.index.by_ref
    assert alone.ref("nobody") == plan.index.ref("nobody") == "?"
    for ref in ("r0", "d0.a", "p0", "x1", "", "r1.1.1.1", "p1.1", "d1.a.a", *refs.values()):
        assert alone.find(ref) == plan.index.by_ref.get(ref) == plan.index.find(ref)
    assert "refs" not in alone.__dict__


def test_items_stand_for_the_packages_they_hold():
    """Routes and tasks for all in them, packages for themselves, others for none."""
    plan = excerpt_of(two_routes(), {"a"})
    assert list(packages_in(plan, ["r1", "c"])) == ["a", "b", "c"]
    assert list(packages_in(plan, ["tr2", "ada", "nobody"])) == ["c"]


def test_an_edit_fits_an_excerpt_that_has_what_it_touches():
    """A line is not enough, and an edit of the structure needs the whole plan."""
    plan = excerpt_of(two_routes(), {"a"})
    done = SetStatus("a", Standing(Status.DONE))
    assert fits(done, plan)
    assert fits(Batch((done, Rename("r2", "x"))), plan)
    assert not fits(Rename("b", "x"), plan)
    assert not fits(Batch((done, Rename("b", "x"))), plan)
    assert not fits(Need("a", "c"), plan)


def test_a_line_answers_as_its_package_does():
    """To whatever the rules of the railway ask it."""
    plan = two_routes()
    for package in plan.packages:
        line = excerpt_of(plan, ()).package(package.uid)
        assert isinstance(package, WorkPackage)
        assert (line.settled, line.hours(2.0)) == (package.settled, package.hours(2.0))
        assert (line.waiting_for, line.assignee) == (package.waiting_for, package.assignee)
