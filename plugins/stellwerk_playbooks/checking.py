"""What is wrong with a playbook, read strictly; and whether it is fit to plan with at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from stellwerk.plugins.api import (
    Document,
    ExchangeError,
    Part,
    Severity,
    Switch,
    least_of,
    one_line,
    parse,
    plan_findings,
)
from stellwerk_playbooks.front_matter import effort_flaws, flaws_of, front_of, table_of
from stellwerk_playbooks.playbook import SLOT, SMALL, Playbook, playbook_in
from stellwerk_playbooks.slots import values_of

_BRACES: Final = re.compile(r"\{\{[^{}\n]{0,80}\}\}")
_SAMPLE: Final = {"en": "Reach the goal", "de": "Das Ziel erreichen"}
_MOST: Final = 200


class Flaw(NamedTuple):
    """One thing that is wrong with a playbook.

    Attributes:
        file: Its file.
        code: `file`, `front-matter`, `slot`, `effort`, `plan`, `switch`, or a finding's code.
        severity: `error`: it cannot be planned with; `warning`: it can.
        ref: Of the item it is about; empty for the whole.
        message: One sentence.
        hint: What would mend it.
    """

    file: Path
    code: str
    severity: str
    ref: str
    message: str
    hint: str = ""


class Checked(NamedTuple):
    """A file that was checked.

    Attributes:
        file: The file.
        playbook: What is in it, as far as that could be read.
        flaws: What is wrong with it.
    """

    file: Path
    playbook: Playbook | None
    flaws: tuple[Flaw, ...]


def checked(path: Path) -> Checked:
    """Return what is wrong with the playbook in a file."""
    try:
        playbook = playbook_in(path)
    except ExchangeError as error:
        flaw = Flaw(path, "front-matter", "error", "", error.message, error.hint)
        return Checked(path, None, (flaw,))
    if playbook is None:
        told = f"{path} has no [playbook] table in its front matter."
        hint = "See docs/reference/markdown.md."
        return Checked(path, None, (Flaw(path, "front-matter", "error", "", told, hint),))
    found = [*_of_front(playbook), *_of_slots(playbook), *_of_plan(playbook)]
    return Checked(path, playbook, tuple(found[:_MOST]))


def unfit(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (ref, why) for all that keeps planning from taking a playbook's plan."""
    yield from _empty(document)
    yield from _thin(document)
    for finding in plan_findings(document.plan, document.notes):
        if finding.severity is Severity.ERROR:
            yield finding.ref, finding.message.rstrip(".")


def _empty(document: Document) -> Iterator[tuple[str, str]]:
    plan = document.plan
    for route in plan.routes:
        if not route.tasks:
            yield plan.ref(route.uid), f"{plan.ref(route.uid)} has no task"
        for task in route.tasks:
            if not task.packages:
                yield plan.ref(task.uid), f"{plan.ref(task.uid)} has no work package"


def _thin(document: Document) -> Iterator[tuple[str, str]]:
    for package in document.plan.packages:
        ref = document.plan.ref(package.uid)
        notes = parse(document.notes.get(package.uid, ""))
        counts = (
            (Part.STEPS, len(notes.steps)),
            (Part.CRITERIA, len(notes.criteria)),
            (Part.RISKS, len(notes.risks)),
        )
        for part, count in counts:
            if count < least_of(part):
                yield (
                    ref,
                    f"{ref} has {count} {part}, planning wants at least {least_of(part)}",
                )


def _of_front(playbook: Playbook) -> Iterator[Flaw]:
    path = playbook.path
    try:
        table, front = table_of(path), front_of(path)
    except ExchangeError as error:
        yield Flaw(path, "front-matter", "error", "", error.message, error.hint)
        return
    for told in flaws_of(table):
        code = "slot" if "slots." in told else "front-matter"
        yield Flaw(path, code, "warning", "", told)
    if front is not None:
        for told in effort_flaws(front):
            yield Flaw(path, "effort", "warning", "", told)


def _of_slots(playbook: Playbook) -> Iterator[Flaw]:
    """Yield slots that the text uses and nobody declares, and the other way round."""
    path = playbook.path
    try:
        text = playbook.text()
    except ExchangeError as error:
        yield Flaw(path, "file", "error", "", error.message, error.hint)
        return
    known, used = {slot.name for slot in playbook.slots}, set[str]()
    for at, line in enumerate(text.split("\n"), 1):
        for braces in _BRACES.finditer(line):
            found = SLOT.fullmatch(braces[0])
            used |= {found[1]} if found else set()
            if found is None or found[1] not in known | {"goal"}:
                told = f"{path}:{at}: {one_line(braces[0])[:60]} is no slot of this playbook."
                hint = f"There are: {', '.join(sorted(known | {'goal'}))}."
                yield Flaw(path, "slot", "warning", "", told, hint)
    for name in sorted(known - used - _deciding(playbook)):
        told = f"The slot {name} stands nowhere in the text."
        yield Flaw(
            path, "slot", "warning", "", told, "Use it as {{" + name + "}}, or drop it."
        )


def _deciding(playbook: Playbook) -> set[str]:
    """Return the slots that the effort goes by, which need not stand in the text."""
    effort = playbook.effort
    if effort is None:
        return set()
    weekly = {slot.name for slot in playbook.slots if slot.kind == "horizon"}
    return {effort.by} | (weekly if effort.weekly is not None else set())


def _of_plan(playbook: Playbook) -> Iterator[Flaw]:
    path = playbook.path
    sample = (*playbook.examples, _SAMPLE.get(playbook.language, _SAMPLE["en"]))[0]
    try:
        values = values_of(sample, playbook.slots, playbook.language)
        document = playbook.document(values)
    except ExchangeError as error:
        yield Flaw(path, "plan", "error", "", error.message, error.hint)
        return
    for ref, why in unfit(document):
        yield Flaw(path, "plan", "error", ref, f"{why}.")
    yield from _of_switches(playbook, document)
    for finding in plan_findings(document.plan, document.notes):
        if finding.severity is Severity.WARNING:
            told = finding.message
            yield Flaw(path, finding.code, "warning", finding.ref, told, finding.hint)


def _of_switches(playbook: Playbook, document: Document) -> Iterator[Flaw]:
    plan, path = document.plan, playbook.path
    if not plan.switches and playbook.size != SMALL:
        told = "The plan has no decision at all."
        yield Flaw(path, "switch", "warning", "", told, "Where do sensible people differ?")
    for switch in plan.switches:
        for told in _lacking(switch):
            ref = plan.ref(switch.uid)
            yield Flaw(path, "switch", "warning", ref, f"{ref} {told}.")
        for option in switch.options:
            if not option.tradeoff.strip():
                ref = plan.ref(option.uid)
                told = f"{ref} says nothing of its trade-off."
                hint = "When is it right, what does it cost, what does it close?"
                yield Flaw(path, "switch", "warning", ref, told, hint)


def _lacking(switch: Switch) -> Iterator[str]:
    if not switch.prompt.strip():
        yield "does not say what one must know to decide"
    if switch.recommended is None:
        yield "recommends none of its options"
