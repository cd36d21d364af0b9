"""Edits that do not fit are refused in words; those that do say what they did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stellwerk.domain.edits.edit import WHOLE, Edit, apply
from stellwerk.domain.edits.fields import (
    Assign,
    Describe,
    Estimate,
    Rename,
    Resize,
    Rewrite,
    SetGoal,
    SetKind,
    SetPerson,
    description_of,
)
from stellwerk.domain.edits.items import Add, Move, Need, Remove, Unneed
from stellwerk.domain.edits.lines import Choose, Connect, Disconnect, Recommend, Reopen
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.edits.whole import Batch, ReplacePlan
from stellwerk.domain.goal import GoalStatus
from stellwerk.domain.plan import Edge, Option, Plan, RouteKind
from stellwerk.domain.work import Standing, Status, Task, ThreePoint, digest
from stellwerk.errors import EditError
from tests.domain.plans import NOW, a_goal, a_package, a_person, a_route, fork_of, two_routes

GONE = "The plan no longer has what this edit is about."
FORK = fork_of(3, chosen=1)
NOTED = replace(a_package("n", 2), notes=digest("text"))


def noted() -> Plan:
    """Return the two routes with the package `n`, whose notes are `text`, in the second."""
    return apply(Add(NOTED, "tr2", 1, {"n": "text"}), two_routes())


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Add(a_route("r1", 9), "goal"), "r1 Route r1 is in the plan already."),
        (Add(a_route("new", 1), "goal"), "The ref r1 stands 2 times."),
        (Add(Task("t", 2, "T", NOW), "gone"), GONE),
        (Add(Task("t", 2, "T", NOW), "a"), "r1.1.1 Package a cannot hold that."),
        (Add(a_package("p", 3), "r1"), "r1 Route r1 cannot hold that."),
        (Add(Option("o", 1, "O", "r1", NOW), "r1"), "r1 Route r1 cannot hold that."),
        (
            Add(a_package("p", 3, "gone"), "tr1"),
            "r1.1.3 Package p needs the work package gone",
        ),
        (
            Add(replace(a_package("p", 3), notes="00"), "tr1"),
            "The notes of the work package Package p are not with it.",
        ),
        (
            Remove(a_package("a", 2), "tr1"),
            "r1.1.1 Package a has changed since its removal was prepared.",
        ),
        (Remove(a_route("gone", 1), "goal"), GONE),
        (Remove(two_routes().route("r2"), "goal"), "An edge names the route r2"),
        (Move("gone", "tr1", 0, 1), GONE),
        (Move("a", "gone", 0, 1), GONE),
        (Move("a", "r2", 0, 1), "r2 Route r2 cannot hold that."),
        (Move("ada", "goal", 0, 1), "p1 Ada has no place of its own to move to."),
        (Move("a", "tr2", 0, 1), "The ref r2.1.1 stands 2 times."),
        (Need("a", "gone"), GONE),
        (Need("gone", "a"), GONE),
        (Need("a", "r2"), "Only work packages need each other, not r2 Route r2."),
        (Need("ada", "a"), "Only work packages need each other, not p1 Ada."),
        (Need("a", "a"), "in a circle: r1.1.1 Package a -> r1.1.1 Package a."),
        (Unneed("a", "b"), "r1.1.1 Package a does not need r1.1.2 Package b."),
        (Connect(Edge("r1", "gone")), GONE),
        (Connect(Edge("r1", "a")), "r1.1.1 Package a is not a route."),
        (Connect(Edge("r1", "r2")), "r2 Route r2 needs r1 Route r1 already."),
        (Connect(Edge("r2", "r2")), "r2 Route r2 would come before itself."),
        (Connect(Edge("r2", "r1")), "in a circle: r"),
        (Disconnect(Edge("r2", "r1")), "r1 Route r1 does not need r2 Route r2."),
        (Choose("r1", "o"), "r1 Route r1 is not a switch."),
        (Reopen("gone"), GONE),
        (Rename("gone", "x"), GONE),
        (Describe("a", "x"), "r1.1.1 Package a has notes instead of a description."),
        (Rewrite("a", "other", "x"), "The notes of r1.1.1 Package a are not those"),
        (Rewrite("r1", "", "x"), "r1 Route r1 is not of the kind this edit is for."),
        (Resize("a", 9, 1), "The length must be between 1 and 8, not 9."),
        (Resize("a", 1, 11), "The grade must be between 0 and 10, not 11."),
        (Estimate("a", None, -1), "Elapsed days must be 0 or more, not -1."),
        (Estimate("ada", None, 1), "p1 Ada is not of the kind this edit is for."),
        (SetStatus("r2", Standing()), "r2 Route r2 is not of the kind this edit is for."),
        (Assign("a", "bob"), "r1.1.1 Package a is assigned to bob, who is not in the plan."),
        (SetKind("a", RouteKind.BRANCH), "r1.1.1 Package a is not of the kind"),
        (SetGoal(("colour",), a_goal()), "There is no field colour to set."),
        (SetGoal(("uid",), a_goal()), "There is no field uid to set."),
        (
            SetGoal(("title",), replace(a_goal(), uid="x")),
            "A goal is another goal than A goal.",
        ),
        (SetPerson(("number",), a_person()), "There is no field number to set."),
        (SetPerson(("name",), a_person("bob")), GONE),
        (
            Batch((Rename("r1", "x"), Need("a", "b"), Need("b", "a"))),
            "in a circle: r1.1.",
        ),
        (
            ReplacePlan(two_routes(), Plan(replace(a_goal(), uid="x", title="Other"))),
            "The plan of Other is not one for A goal.",
        ),
        (
            ReplacePlan(two_routes(), noted()),
            "The notes of the work package Package n are not with it.",
        ),
    ],
)
def test_an_edit_that_does_not_fit_is_refused(edit: Edit, sentence: str):
    """Nothing happens, and the reason names refs and titles."""
    with pytest.raises(EditError) as caught:
        apply(edit, two_routes())
    assert sentence in caught.value.message


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Choose("s", "gone"), "? is not an option of d1 Which way?."),
        (Recommend("s", "gone"), "? is not an option of d1 Which way?."),
        (Recommend("s", None, {"h1": 0.5}), "r2 Route h1 is not an option of d1 Which way?."),
        (Recommend("s", None, {"o1": 2.0}), "A probability must be between 0 and 1, not 2."),
        (Move("o1", "s", 0, 9), "d1.a Way 1 has no place of its own to move to."),
        (Move("s", "goal", 0, 9), "d1 Which way? has no place of its own to move to."),
        (Disconnect(Edge("r", "h1")), "without an edge r2 Route h1."),
        (
            Disconnect(
                Edge("r", "h2"), replace(FORK.switches[0].options[1], label="old"), "s"
            ),
            "d1.b Way 2 has changed since its removal was prepared.",
        ),
        (
            Disconnect(Edge("r", "h1"), FORK.switches[0].options[0], "s"),
            "The chosen option of d1 Which way? is not one of its options.",
        ),
        (Connect(Edge("h1", "h2"), Option("x", 9, "X", "h2", NOW), "s"), "without an edge r3"),
        (Remove(FORK.switches[0].options[1], "s"), "without an option r3 Route h2"),
    ],
)
def test_an_edit_that_does_not_fit_a_switch_is_refused(edit: Edit, sentence: str):
    """Options and edges stay together, and a choice is one of the options."""
    with pytest.raises(EditError) as caught:
        apply(edit, FORK)
    assert sentence in caught.value.message


def test_notes_are_not_dropped_without_their_text():
    """A removal or replacement that does not carry the notes could not be taken back."""
    plan = noted()
    with pytest.raises(EditError, match="notes of the work package Package n"):
        apply(Remove(NOTED, "tr2", 1), plan)
    with pytest.raises(EditError, match="notes of the work package Package n"):
        apply(ReplacePlan(plan, two_routes()), plan)
    assert apply(Remove(NOTED, "tr2", 1, {"n": "text"}), plan) == two_routes()
    assert apply(ReplacePlan(plan, two_routes(), {"n": "text"}), plan) == two_routes()


def test_a_refusal_carries_every_broken_rule():
    """The error lists the rules one by one, for those who count them."""
    edit = Batch(
        (Connect(Edge("r2", "r1")), Add(a_person("bob", 1), "goal"), Assign("a", "x"))
    )
    with pytest.raises(EditError) as caught:
        apply(edit, two_routes())
    assert caught.value.rules == (
        "The ref p1 stands 2 times.",
        "r1.1.1 Package a is assigned to x, who is not in the plan.",
    )


def test_a_batch_checks_the_invariants_at_its_end_only():
    """Between its edits a plan may be what no plan could be."""
    third = replace(FORK.switches[0].options[2])
    edit = Batch(
        (Remove(third, "s"), Disconnect(Edge("r", "h3")), Remove(FORK.routes[3], "goal"))
    )
    after = apply(edit, FORK)
    assert after == fork_of(2, chosen=1)
    assert apply(edit.invert(FORK), after) == FORK


def test_replacing_keeps_slug_and_deletion_of_the_goal():
    """A plan that was prepared earlier does not rename the goal or bring it back."""
    now = apply(SetGoal(("slug", "deleted"), replace(a_goal(), slug="b", deleted=True)), FORK)
    after = apply(ReplacePlan(FORK, fork_of(2)), now)
    assert (after.goal.slug, after.goal.deleted) == ("b", True)
    assert len(after.routes) == 3


def test_reopening_an_open_switch_changes_nothing():
    """It is open already, and its inverse leaves it so."""
    plan = fork_of(2)
    assert apply(Reopen("s"), plan) == plan
    assert Reopen("s").invert(plan) == Reopen("s")
    assert Choose("s", "o1").invert(plan) == Reopen("s")
    assert Reopen("s").invert(fork_of(2, chosen=2)) == Choose("s", "o2")


P, D = two_routes(), Standing(Status.DONE)
ARCHIVED = GoalStatus.ARCHIVED


@pytest.mark.parametrize(
    ("plan", "edit", "said"),
    [
        (P, Add(a_route("r3", 3), "goal"), "added r3 Route r3"),
        (P, Remove(a_person(), "goal"), "removed p1 Ada"),
        (P, Move("b", "tr1", 0, 2), "moved r1.1.2 Package b to place 1"),
        (P, Move("b", "tr2", 0, 2), "moved r1.1.2 Package b to r2.1 Task r2 as r2.1.2"),
        (P, Move("r2", "goal", 0, 7), "moved r2 Route r2 to A goal as r7"),
        (P, Need("b", "a"), "r1.1.2 Package b needs r1.1.1 Package a"),
        (
            apply(Need("b", "a"), P),
            Unneed("b", "a"),
            "r1.1.2 Package b no longer needs r1.1.1",
        ),
        (P, Disconnect(Edge("r1", "r2")), "r2 Route r2 no longer needs r1 Route r1"),
        (FORK, Connect(Edge("h1", "h2")), "r3 Route h2 needs r2 Route h1"),
        (FORK, Choose("s", "o2"), "set d1 Which way? to d1.b Way 2"),
        (FORK, Reopen("s"), "reopened d1 Which way?"),
        (FORK, Recommend("s", "o2"), "recommended d1.b Way 2 for d1 Which way?"),
        (FORK, Recommend("s", None), "recommended nothing for d1 Which way?"),
        (P, Rename("ada", "Ida"), "renamed p1 Ada to Ida"),
        (P, Describe("r1", "x"), "described r1 Route r1"),
        (P, Rewrite("a", "", "x"), "rewrote the notes of r1.1.1 Package a"),
        (P, Resize("a", 2, 3), "resized r1.1.1 Package a to length 2, grade 3"),
        (P, Estimate("a", ThreePoint(1, 2, 4.5), 3), "at 1/2/4.5 h and 3 days"),
        (P, Estimate("a", None, None), "estimated r1.1.1 Package a at nothing"),
        (P, SetStatus("a", D), "finished r1.1.1 Package a"),
        (P, SetStatus("a", Standing(Status.TODO)), "reopened r1.1.1 Package a"),
        (P, SetStatus("a", Standing(Status.DOING)), "started r1.1.1 Package a"),
        (
            P,
            SetStatus(
                "a", Standing(Status.WAITING, waiting_for="the\ntown", reason="a\tform")
            ),
            "put on hold r1.1.1 Package a, waiting for the town: a form",
        ),
        (
            P,
            SetStatus("a", Standing(Status.DIVERTED, reason="bought instead")),
            "diverted r1.1.1 Package a: bought instead",
        ),
        (P, Assign("a", "ada"), "assigned r1.1.1 Package a to p1 Ada"),
        (P, Assign("a", None), "assigned r1.1.1 Package a to nobody"),
        (P, SetKind("r1", RouteKind.BRANCH), "made r1 Route r1 a branch"),
        (P, SetGoal(("deleted",), replace(a_goal(), deleted=True)), "deleted the goal"),
        (P, SetGoal(("deleted",), a_goal()), "brought back the goal"),
        (P, SetGoal(("status",), replace(a_goal(), status=ARCHIVED)), "archived the goal"),
        (
            P,
            SetGoal(("title", "prologue"), replace(a_goal(), prologue="a\nb")),
            "set the goal's title to A goal, prologue to a b",
        ),
        (P, SetPerson(("name", "email"), a_person()), "set name, email of p1 Ada"),
        (P, Batch((), "tidied up"), "tidied up"),
        (P, Batch(()), "changed nothing"),
        (P, Batch((Assign("a", "ada"),)), "assigned r1.1.1 Package a to p1 Ada"),
        (
            P,
            Batch((Add(a_route("r3", 3), "goal"), Rename("r3", "x"), Rename("r1", "y"))),
            "added r3 Route r3 and 2 more",
        ),
        (P, ReplacePlan(P, FORK), "replaced the plan: 4 routes, 0 work packages"),
    ],
)
def test_an_edit_tells_what_it_did(plan: Plan, edit: Edit, said: str):
    """One line, with refs and titles, in the past tense of a railway log."""
    assert said in edit.says(plan, apply(edit, plan))


def test_an_edit_of_everything_touches_everything():
    """And carries the texts of the plan that comes."""
    edit = ReplacePlan(two_routes(), noted(), {}, {"n": "text"})
    assert edit.touches == {WHOLE}
    assert dict(edit.texts) == {digest("text"): "text"}


def test_texts_travel_with_the_edits_that_bring_them():
    """Alone and in a batch, by digest; other edits bring none."""
    texts = {digest("text"): "text", digest("b"): "b"}
    added = Add(NOTED, "tr2", 1, {"n": "text"})
    assert Batch((added, Rewrite("a", "", "b"), Rename("a", "x"))).texts == texts
    assert Rename("a", "x").texts == {}


def test_what_an_item_rests_on_is_touched():
    """Adding or removing a package rests on its task, its needs and its assignee."""
    package = replace(a_package("p", 3, "a"), assignee="ada")
    rests = {("tr1", ""), ("a", ""), ("ada", "")}
    assert (
        Add(package, "tr1").touches == Remove(package, "tr1").touches == {("p", "*")} | rests
    )


def test_everything_but_a_package_has_a_description():
    """Under another name where the item calls it so."""
    for uid, plan in (("r1", P), ("tr1", P), ("ada", P), ("s", FORK), ("o1", FORK)):
        described = apply(Describe(uid, "words"), plan)
        assert description_of(described.item(uid)) == "words"
        assert description_of(plan.item(uid)) == ""
    assert description_of(P.package("a")) == ""


def test_a_name_is_one_field_whatever_edit_writes_it():
    """Renaming a person and setting the name meet in the journal's field rule."""
    assert SetPerson(("name",), a_person()).touches == Rename("ada", "x").touches
    assert SetPerson(("notes",), a_person()).touches == Describe("ada", "x").touches
