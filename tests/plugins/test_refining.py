"""Refiners of other packages work beside ours, and harm nothing when they are broken."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.fields import Estimate, Rename, Resize, Rewrite
from stellwerk.domain.edits.items import Need, Unneed
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.plan import Plan
from stellwerk.errors import ProviderError
from stellwerk.plugins.discovery import Plugins
from stellwerk.plugins.refining import refiners
from stellwerk.plugins.soundness import sound
from stellwerk.validation.judging import judged
from stellwerk.validation.refiners import ALL
from stellwerk.validation.refining import Material, Proposal, changed, proposals, refined
from tests.cli.test_processes import install
from tests.planning.stored import stored

SOURCE = """
from stellwerk.plugins.api import Batch, ModelError, FailureKind, Proposal, Refiner, Rename

async def shout(material):
    for package in material.subject.plan.packages:
        if package.title.islower():
            title = package.title.upper()
            yield_ = Rename(package.uid, title)
            return [Proposal("another name", yield_, "It is not loud.")]
    return []

async def breaks(material):
    return [1 / 0]

async def rubbish(material):
    good = material.subject.plan.package("r1.1.1")
    return [
        None, 1, "x", {"edit": 1},
        Proposal("x", None, "why"), Proposal("x", Rename, "why"), Proposal("x", good, "why"),
        Proposal("x", Rename("r1.1.1", 5), "why"), Proposal("x", Rename("r1.1.1", None), "why"),
        Proposal("x", Batch((1, 2)), "why"), Proposal("x", Rename("r1.1.1", "ok"), 7),
    ]

async def fails(material):
    raise ModelError(FailureKind.SERVER_ERROR, "It is down.")

def not_even_async(material):
    return []

SHOUT = Refiner("shout", shout)
BREAKS = Refiner("breaks", breaks)
RUBBISH = Refiner("rubbish", rubbish)
FAILS = Refiner("fails", fails, needs_model=True)
SYNC = Refiner("sync", not_even_async)
NUMBER = 42
"""
SUBJECT = stored("r1.1.1-2")


def installed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *names: str
) -> tuple[Proposal, ...]:
    """Return what refiners of another package propose, installed for this test."""
    points = "".join(f"{name.lower()} = strange_ref:{name}\n" for name in names)
    install(folder / "site", "strange_ref", SOURCE, f"[stellwerk.refiners]\n{points}")
    monkeypatch.syspath_prepend(str(folder / "site"))
    found = refiners(Plugins())
    assert found[: len(ALL)] == ALL
    strange = found[len(ALL) :]
    plan = SUBJECT.plan
    quiet = changed(SUBJECT, Rename("r1.1.1", "quiet"))
    assert plan != quiet.plan
    return asyncio.run(proposals(strange, Material(quiet, ())))


def test_what_others_propose_comes_under_the_name_they_were_installed_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (each,) = installed(tmp_path, monkeypatch, "SHOUT")
    assert (each.refiner, each.reason) == ("shout", "It is not loud.")
    assert isinstance(each.edit, Rename)
    assert each.edit.title == "QUIET"


def test_whoever_breaks_or_answers_rubbish_proposes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    names = ("BREAKS", "RUBBISH", "SYNC", "NUMBER", "MISSING")
    assert installed(tmp_path, monkeypatch, *names) == ()


def test_those_in_need_of_a_model_are_left_alone_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert installed(tmp_path, monkeypatch, "FAILS") == ()


def test_a_question_that_nobody_answers_is_no_fault_of_the_refiner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """It stops the run with its error, as everywhere."""
    installed(tmp_path, monkeypatch, "FAILS")
    (strange,) = refiners(Plugins())[len(ALL) :]
    with pytest.raises(ProviderError, match="down"):
        asyncio.run(strange.propose(Material(SUBJECT, ())))


def test_with_plugins_switched_off_there_are_only_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    installed(tmp_path, monkeypatch, "SHOUT")
    assert refiners(Plugins(strangers=())) == ALL


class Odd(Rename):
    """An edit of a class that no journal knows."""


class Raising(Rename):
    """An edit that breaks when it is made."""

    def change(self, plan: Plan) -> Plan:
        """Break."""
        raise KeyError(plan)


@pytest.mark.parametrize(
    "edit",
    [
        *(None, 1, "x", Rename, SUBJECT.plan, Rename("r1.1.1", 5)),  # type: ignore[arg-type]
        *(Odd("r1.1.1", "x"), Raising("r1.1.1", "x"), Batch((Odd("r1.1.1", "x"),))),
        *(Resize("r1.1.1", "2", 3), Rewrite("r1.1.1", None, None)),  # type: ignore[arg-type]
        Batch((1,)),  # type: ignore[arg-type]
        Estimate("r1.1.1", "soon", None),  # type: ignore[arg-type]
        Rename(("r1.1.1",), "x"),  # type: ignore[arg-type]
    ],
    ids=repr,
)
def test_rubbish_is_not_sound(edit: object):
    assert not sound(edit, SUBJECT.plan)


@pytest.mark.parametrize(
    "edit",
    [
        Rename("r1.1.1", "x"),
        Need("r1.1.2", "r1.1.1"),
        Batch((Rename("r1.1.1", "x"), Resize("r1.1.2", 2, 3)), "both"),
        Rename("gone", "x"),
        Unneed("r1.1.2", "r1.1.1"),
    ],
    ids=repr,
)
def test_an_edit_is_sound_whether_it_fits_or_not(edit: Edit):
    """One that does not fit is left out in words when it is weighed."""
    assert sound(edit, SUBJECT.plan)
    verdict = judged(SUBJECT)
    made = refined(SUBJECT, verdict, [Proposal("x", edit, "Why.")], judged)
    assert len(made.standing) + len(made.dropped) == 1
    assert replace(made, standing=(), dropped=()).verdict.score.value >= verdict.score.value
