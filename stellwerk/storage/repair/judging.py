"""What is left of each goal of a damaged database, and what is done about it.

A plan is checked against its journal, and made again from it where rows of it are lost.
Nothing is called whole that was not looked at.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from stellwerk.domain.plan import Plan
from stellwerk.domain.refs import NO_REFS
from stellwerk.storage.copies.ownership import GOALS
from stellwerk.storage.repair import mending
from stellwerk.storage.repair.evidence import Evidence
from stellwerk.storage.repair.mending import Gone
from stellwerk.storage.repair.replaying import Replayed, names_of, replayed, texts_of

_BOOK: Final = frozenset({"ref_counters", "ref_aliases"})


class State(StrEnum):
    """What became of a goal.

    Of a `whole` goal nothing was lost, nor of a `rebuilt` one, whose plan was made again
    from its journal. The plan of a `kept` one is whole, something beside it is not. A
    `partial` one lacks parts of its plan. Of a `lost` one nothing is left.
    """

    WHOLE = "whole"
    REBUILT = "rebuilt"
    KEPT = "kept"
    PARTIAL = "partial"
    LOST = "lost"


@dataclass(slots=True)
class Verdict:
    """What is found out about a goal, step by step.

    Attributes:
        uid: The goal.
        slug: As far as it is known.
        title: As far as it is known.
        revision: The last one there was, as far as it is known.
        state: What became of it.
        missing: Revisions that are lost.
        gone: Rows that are lost.
        remarks: What else is not as it was, or not known, in sentences.
        plan: What the plan has to be in the end, where that is known.
        replay: What its journal leads to, where that can be told.
        headless: Whether the goal's own row is lost.
        checked: Whether the plan is what its journal leads to.
        gapped: Whether entries had to be put where some are lost.
    """

    uid: str
    slug: str = ""
    title: str = ""
    revision: int = 0
    state: State = State.WHOLE
    missing: tuple[int, ...] = ()
    gone: list[Gone] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    plan: Plan | None = None
    replay: Replayed | None = None
    headless: bool = False
    checked: bool = False
    gapped: bool = False


def judged(connection: sqlite3.Connection, uid: str, evidence: Evidence) -> Verdict:
    """Look at what is left of a goal, and rebuild its plan if it takes that and can be."""
    verdict = Verdict(uid, gone=list(evidence.gone.get(uid, ())))
    steps = evidence.steps(uid)
    there = mending.goal_here(connection, uid)
    goal, revision = there or (None, 0)
    verdict.revision = max([revision, *evidence.revisions.get(uid, ())])
    verdict.missing = tuple(r for r in range(1, verdict.revision + 1) if r not in steps)
    found = replayed(goal, steps, verdict.revision)
    if isinstance(found, Replayed):
        verdict.replay = found
    elif not verdict.missing and found.revision:
        told = f"Revision {found.revision} of the journal does not lead on any more."
        verdict.remarks.append(told)
    if goal is None:
        _name(connection, verdict, evidence)
    else:
        verdict.slug, verdict.title = goal.slug, goal.title
    sound = (
        revision == verdict.revision
        and uid not in evidence.broken
        and not any(each.table in evidence.plan for each in verdict.gone)
    )
    verdict.plan = mending.plan_here(connection, uid) if goal and sound else None
    _decide(connection, verdict, evidence)
    return verdict


def looked_beside(
    connection: sqlite3.Connection, verdict: Verdict, evidence: Evidence
) -> None:
    """Mend notes and refs of a goal that is kept, and say what is not known of it."""
    plan = mending.plan_here(connection, verdict.uid)
    if plan is None or verdict.state is State.LOST:
        return
    texts = texts_of(evidence.steps(verdict.uid))
    lost, taken = mending.mend_notes(connection, plan, texts)
    packages = {package.uid for package in plan.packages}
    verdict.gone = lost + [
        each
        for each in verdict.gone
        if each.table != "notes" or each.known.get("uid") not in packages
    ]
    verdict.plan = None if lost else verdict.plan
    if taken and verdict.state is State.WHOLE:
        verdict.state = State.REBUILT
    _mend_book(connection, verdict, plan, evidence)
    verdict.gapped = mending.mend_journal(connection, verdict.uid, verdict.missing)
    if verdict.replay and verdict.replay.odd:
        odd = ", ".join(map(str, verdict.replay.odd))
        verdict.remarks.append(f"These revisions read otherwise than they were made: {odd}.")
    unsure = evidence.unsure(verdict.uid) - _seen_through(verdict, evidence)
    if unsure:
        told = ", ".join(sorted(unsure))
        verdict.remarks.append(
            f"Rows of these tables may be missing, or not as they were: {told}."
        )


def settled(connection: sqlite3.Connection, verdict: Verdict, evidence: Evidence) -> None:
    """Say what became of a goal, once everything is mended; one without a plan is lost."""
    plan = mending.plan_here(connection, verdict.uid)
    if plan is None:
        verdict.state = State.LOST
        return
    verdict.slug, verdict.title = plan.goal.slug, plan.goal.title
    if verdict.plan is not None and verdict.plan != _called(plan, verdict.plan.goal.slug):
        verdict.state = State.PARTIAL
        verdict.remarks.append("The plan came out different from what it was.")
    verdict.checked = verdict.replay is not None and verdict.replay.plan == plan
    if any(each.table.partition(".")[0] in evidence.plan for each in verdict.gone):
        verdict.state = State.PARTIAL
    lossless = not (verdict.missing or verdict.gone or verdict.remarks)
    if verdict.state is not State.PARTIAL and not lossless:
        verdict.state = State.KEPT


def names_in(
    connection: sqlite3.Connection, verdict: Verdict, evidence: Evidence
) -> dict[str, str]:
    """Return what the items of a goal are called, as far as that is known."""
    names = names_of(evidence.steps(verdict.uid))
    plan = mending.plan_here(connection, verdict.uid)
    if plan is not None:
        names |= {uid: plan.name(uid) for uid in plan.index.items}
    return names


def _name(connection: sqlite3.Connection, verdict: Verdict, evidence: Evidence) -> None:
    """Give a goal whose row is lost, or means nothing, the slug that is left of it."""
    verdict.headless = True
    rows = connection.execute("SELECT slug FROM goals WHERE uid = ?", (verdict.uid,))
    slugs = [row[0] for row in rows]
    slugs += [row.known.get("slug") for row in verdict.gone if row.table == GOALS]
    verdict.slug = next((slug for slug in slugs if slug), "")
    connection.execute("DELETE FROM goals WHERE uid = ?", (verdict.uid,))
    if verdict.replay is None:
        return
    goal = verdict.replay.plan.goal
    verdict.title = goal.title
    if not verdict.slug:
        verdict.slug = goal.slug
        verdict.remarks.append("The goal's row is lost; its slug may have been another one.")
    if "journal" in evidence.unsure(verdict.uid):
        verdict.remarks.append("The goal's row is lost; there may be later revisions.")
    plan = _called(verdict.replay.plan, verdict.slug)
    verdict.replay = replace(verdict.replay, plan=plan)


def _decide(connection: sqlite3.Connection, verdict: Verdict, evidence: Evidence) -> None:
    """Keep a plan that is sound, rebuild one that is not, else see what is left."""
    here, replay = verdict.plan, verdict.replay
    sure = not evidence.plan & evidence.unsure(verdict.uid)
    if here is not None and replay is not None and here == replay.plan:
        return
    if here is not None and sure:
        if replay is not None:
            told = "The plan differs from what its journal leads to; it was kept as it is."
            verdict.remarks.append(told)
        return
    if replay is not None:
        texts = texts_of(evidence.steps(verdict.uid))
        mending.rebuild(connection, replay.plan, texts, verdict.revision)
        verdict.state, verdict.plan = State.REBUILT, replay.plan
        verdict.gone = [each for each in verdict.gone if each.table not in evidence.plan]
        return
    verdict.state = State.PARTIAL if mending.goal_here(connection, verdict.uid) else State.LOST
    verdict.plan = None
    if verdict.state is State.PARTIAL:
        verdict.gone += mending.drop_senseless(connection, verdict.uid)


def _mend_book(
    connection: sqlite3.Connection, verdict: Verdict, plan: Plan, evidence: Evidence
) -> None:
    """Count refs anew where what was handed out is lost; former refs can be found again."""
    touched = {*evidence.unsure(verdict.uid), *(each.table for each in verdict.gone)}
    if not touched & _BOOK and verdict.state in (State.WHOLE, State.REBUILT):
        return
    mending.mend_book(connection, plan, verdict.replay.book if verdict.replay else NO_REFS)
    query = "SELECT ref FROM ref_aliases WHERE goal_uid = ?"
    there = {row[0] for row in connection.execute(query, (verdict.uid,))}
    verdict.gone = [
        each
        for each in verdict.gone
        if each.table != "ref_aliases" or each.known.get("ref") not in there
    ]


def _seen_through(verdict: Verdict, evidence: Evidence) -> frozenset[str]:
    """Return the tables whose rows were all seen, whatever may be missing in them.

    A plan that is the journal's has all its rows, and a journal without gaps up to the
    revision of its goal has all its entries. Notes are known by their digests.
    """
    seen = {"notes"}
    if verdict.replay is not None:
        seen |= evidence.plan - {GOALS}
    if not verdict.missing and not verdict.headless:
        seen.add("journal")
    return frozenset(seen)


def _called(plan: Plan, slug: str) -> Plan:
    return replace(plan, goal=replace(plan.goal, slug=slug))
