"""Proposals to make a plan better: numbered, with what they change, as text and as data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import unified_diff
from typing import Any, Final, NamedTuple

from stellwerk.cli.ink import Ink
from stellwerk.cli.present.history import diff_data, diff_text
from stellwerk.domain.difference import Difference, differences
from stellwerk.domain.snapshot import Snapshot
from stellwerk.validation.findings import Subject
from stellwerk.validation.refining import Proposal, Refined, changed

_LINES: Final = 24
"""Lines of rewritten notes that are shown of one work package."""


class Shown(NamedTuple):
    """One proposal as it is shown.

    Attributes:
        number: By which it is accepted.
        proposal: The proposal.
        says: Its line in the history.
        found: What it changes.
        notes: Title of each work package with rewritten notes, and the lines that differ.
    """

    number: int
    proposal: Proposal
    says: str
    found: tuple[Difference, ...]
    notes: Mapping[str, tuple[str, ...]]


def shown(base: Snapshot, notes: Mapping[str, str], refined: Refined) -> list[Shown]:
    """Return the standing proposals as they are shown, each after those before it."""
    subject, told = Subject(base.plan, notes), []
    for number, proposal in enumerate(refined.standing, 1):
        after = changed(subject, proposal.edit)
        says = proposal.edit.says(subject.plan, after.plan)
        found = tuple(differences(subject.plan, after.plan))
        told.append(Shown(number, proposal, says, found, _rewritten(subject, after)))
        subject = after
    return told


def _rewritten(before: Subject, after: Subject) -> dict[str, tuple[str, ...]]:
    """Return the lines that differ between the notes of work packages, by their names."""
    told = {}
    for uid, text in after.notes.items():
        old = before.notes.get(uid, "")
        if text == old or uid not in before.plan.index.items:
            continue
        lines = unified_diff(old.splitlines(), text.splitlines(), lineterm="", n=0)
        told[after.plan.name(uid)] = tuple(
            line for line in lines if not line.startswith(("---", "+++", "@@"))
        )
    return told


def refinement_data(
    base: Snapshot,
    refined: Refined,
    before: float,
    proposals: Collection[Shown],
    accepted: Collection[int],
    after: Snapshot | None,
) -> dict[str, Any]:
    """Return a refinement as JSON data.

    Args:
        base: The plan before it.
        refined: What was proposed.
        before: Its score before.
        proposals: As they are shown.
        accepted: Numbers of those that were made.
        after: The plan after it; None if nothing was stored.
    """
    return {
        "goal": base.plan.goal.slug,
        "revision": (after or base).revision,
        "score": {"before": before, "after": refined.verdict.score.value},
        "stored": after is not None,
        "proposals": [
            {
                "number": each.number,
                "refiner": each.proposal.refiner,
                "reason": each.proposal.reason,
                "says": each.says,
                **diff_data(each.found),
                "notes": {name: list(lines) for name, lines in each.notes.items()},
                "accepted": each.number in accepted,
            }
            for each in proposals
        ],
        "dropped": [
            {"refiner": proposal.refiner, "reason": proposal.reason, "why": why}
            for proposal, why in refined.dropped
        ],
    }


def proposals_text(
    refined: Refined, before: float, proposals: Collection[Shown], ink: Ink, *, verbose: bool
) -> str:
    """Return proposals as text: what each would change, and what was left out."""
    lines = list(_head(refined, before, len(proposals), ink))
    for each in proposals:
        lines.append(f"\n{ink('cyan', f'{each.number:>2}')}  {ink('bold', each.says)}")
        lines.append(f"    {ink('dim', each.proposal.reason)}")
        plain = tuple(found for found in each.found if found.field != "notes")
        if plain:
            lines += (f"    {line}" for line in diff_text(plain, ink).splitlines())
        for name, changes in each.notes.items():
            lines += _changes(name, changes, ink, verbose=verbose)
    if refined.dropped:
        lines.append("")
        for proposal, why in refined.dropped:
            lines.append(ink("dim", f"Left out ({proposal.refiner}): {proposal.reason} {why}"))
    return "\n".join(lines)


def _head(refined: Refined, before: float, count: int, ink: Ink) -> Iterator[str]:
    if not count:
        yield f"There is nothing to propose. Quality {before:.2f}."
        return
    noun = "proposal" if count == 1 else "proposals"
    after = refined.verdict.score.value
    yield f"{count} {noun}. Quality {before:.2f} -> {ink('bold', f'{after:.2f}')}"


def _changes(name: str, changes: tuple[str, ...], ink: Ink, *, verbose: bool) -> Iterator[str]:
    styles = {"+": "green", "-": "red"}
    kept = changes if verbose else changes[:_LINES]
    yield f"    {ink('yellow', '~')} {name}: notes"
    for line in kept:
        yield f"      {ink(styles.get(line[:1], 'dim'), line)}"
    if len(kept) < len(changes):
        yield ink("dim", f"      ... {len(changes) - len(kept)} more lines; -v shows them")
