"""Proposals on the command line: shown, accepted as a whole or one by one, and made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple

import typer

from stellwerk.cli.desk import Desk
from stellwerk.cli.present.refinement import Shown, proposals_text, refinement_data, shown
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import UsageError
from stellwerk.refining import Refining, adopting, chosen
from stellwerk.validation.refining import Refined

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Accept every proposal.")]
Accept = Annotated[
    str | None,
    typer.Option("--accept", metavar="NUMBERS", help="Accept some, such as 1,3-5."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change.")]


class Answer(NamedTuple):
    """What somebody says to proposals on the command line.

    Attributes:
        yes: To all of them.
        accept: To those with these numbers.
        dry_run: To none of them, whoever could be asked.
    """

    yes: bool = False
    accept: str | None = None
    dry_run: bool = False


def decide(
    desk: Desk, refining: Refining, refined: Refined, answer: Answer, untouchable: str = ""
) -> None:
    """Show proposals, learn which are accepted, and make those as one edit.

    Args:
        desk: The call.
        refining: The plan.
        refined: What is proposed.
        answer: What somebody says to it beforehand.
        untouchable: Why nothing could be proposed, if nothing could.
    """
    base, notes = refining.base, refining.notes
    refinery = refining.planner.refinery
    before = chosen(base, notes, (), refinery)
    value = before.verdict.score.value
    told = shown(base, notes, refined)
    if untouchable:
        desk.out(untouchable) if not desk.json else desk.say(untouchable)
    elif not desk.json:
        text = proposals_text(refined, value, told, desk.ink, verbose=desk.verbose > 0)
        desk.out(text, paging=answer.yes or answer.dry_run)
    numbers = _accepted(desk, told, answer)
    after: Snapshot | None = None
    if numbers:
        picked = [each.proposal for each in told if each.number in numbers]
        final = chosen(base, notes, picked, refinery, before.verdict)
        for proposal, why in final.dropped:
            desk.say(f"Left out ({proposal.refiner}): {proposal.reason} {why}")
        made = {id(each) for each in final.standing}
        numbers = frozenset(each.number for each in told if id(each.proposal) in made)
        if final.standing:
            after = _made(desk, base, final)
    if desk.json:
        desk.envelope(
            "refinement", refinement_data(base, refined, value, told, numbers, after)
        )
    elif told and after is None:
        desk.say("Nothing was changed." + ("" if _asked(desk, answer) else _HOW))


_HOW: Final = " Accept all with --yes, or some with --accept 1,3."
_QUESTION: Final = "Accept? [y]es to all, [n]one, or numbers"


def _made(desk: Desk, base: Snapshot, final: Refined) -> Snapshot:
    """Make proposals as one edit, and keep the score of the plan after it."""
    count = len(final.standing)
    after = desk.dispatcher.make(base, adopting(base, final)).after
    if after.revision == base.revision + 1:
        desk.stellwerk.grade(after, final.subject.notes, final.verdict)
    else:  # somebody else changed the plan meanwhile
        desk.stellwerk.grade(after, desk.stellwerk.store.notes(after.plan.goal.uid))
    noun, them = ("change", "it") if count == 1 else ("changes", "them")
    value = final.verdict.score.value
    desk.say(f"Made {count} {noun}. Quality {value:.2f}. `stellwerk undo` takes {them} back.")
    return after


def _asked(desk: Desk, answer: Answer) -> bool:
    """Whether somebody is asked what to accept."""
    said = answer.yes or answer.accept is not None or answer.dry_run
    return desk.interactive and not said


def _accepted(desk: Desk, told: Sequence[Shown], answer: Answer) -> frozenset[int]:
    everything = frozenset(each.number for each in told)
    if answer.accept is not None:
        chosen_ones = _numbers(answer.accept, everything)
        return frozenset() if answer.dry_run else chosen_ones
    if answer.yes and not answer.dry_run:
        return everything
    return _prompted(desk, everything) if told and _asked(desk, answer) else frozenset()


def _prompted(desk: Desk, everything: frozenset[int]) -> frozenset[int]:
    """Ask until the answer is one."""
    while True:
        said = typer.prompt(_QUESTION, default="n", err=True).strip().lower()
        if said in ("y", "yes"):
            return everything
        if said in ("n", "no", "none"):
            return frozenset()
        try:
            return _numbers(said, everything)
        except UsageError as error:
            desk.say(f"{error.message} {error.hint}")


def _numbers(text: str, known: frozenset[int]) -> frozenset[int]:
    """Return the numbers in `1,3-5` (UsageError for what is none of those known)."""
    found: set[int] = set()
    for part in re.split(r"[,\s]+", text.strip()):
        match = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", part)
        if not match:
            msg = f"“{part}” is not the number of a proposal."
            raise UsageError(msg, "Write numbers such as 1,3 or 2-5.")
        low, high = int(match[1]), int(match[2] or match[1])
        if not {low, high} <= known or low > high:
            msg = f"There is no proposal {part}."
            there = f"They have the numbers 1 to {len(known)}." if known else "There is none."
            raise UsageError(msg, there)
        found |= set(range(low, high + 1))
    return frozenset(found)
