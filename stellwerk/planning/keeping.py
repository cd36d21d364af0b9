"""Notes written anew: what a draft did not change stays as a person wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from stellwerk.domain.notes import Notes, Part, Section, compose, parse, tidy
from stellwerk.domain.text import one_line
from stellwerk.planning.composing import written_notes
from stellwerk.planning.drafts import PackageDraft

_ORDER: Final = tuple(Part)


def rewritten_notes(text: str, asked: PackageDraft, draft: PackageDraft, language: str) -> str:
    """Return notes with those sections written anew that a draft says otherwise.

    The others stay letter by letter, unknown ones too; a criterion that stays stays ticked.

    Args:
        text: The notes as they are.
        asked: The draft they could have been made of.
        draft: What became of that.
        language: Of headings.
    """
    before, after = _said(asked), _said(draft)
    changed = {part for part in Part if before[part] != after[part]}
    if not changed:
        return text
    old, new = parse(text), parse(written_notes(draft, language))
    fresh = {each.part: each for each in new.sections if each.part in changed}
    if Part.CRITERIA in fresh:
        fresh[Part.CRITERIA] = _ticked(fresh[Part.CRITERIA], old)
    sections: list[Section] = []
    for each in _headed(old):
        if each.part not in changed:
            sections.append(each)
        elif (coming := fresh.pop(each.part, None)) is not None:
            sections.append(replace(coming, heading=each.heading or coming.heading))
    for part in _ORDER:
        if part in fresh:
            sections.insert(_place(sections, part), fresh[part])
    return tidy(compose(Notes(tuple(_apart(each) for each in sections))))


def strange_sections(text: str) -> str:
    """Return the sections of notes that no draft knows."""
    strange = (each for each in parse(text).sections if each.part is None and each.heading)
    return "".join(each.heading + each.body for each in strange)


def _said(draft: PackageDraft) -> Mapping[Part, Any]:
    """Return what a draft says in each section, without regard to white space."""
    return {
        Part.SUMMARY: one_line(draft.summary),
        Part.STEPS: [one_line(each) for each in draft.steps],
        Part.CRITERIA: [one_line(each) for each in draft.done_when],
        Part.RISKS: [(one_line(each.risk), one_line(each.mitigation)) for each in draft.risks],
        Part.SOURCES: [(each.url, one_line(each.title)) for each in draft.sources],
        Part.IMAGES: [(each.url, one_line(each.title)) for each in draft.images],
    }


def _headed(notes: Notes) -> tuple[Section, ...]:
    """Return sections; text before all headings is the summary where there is no other."""
    known = any(each.part is Part.SUMMARY for each in notes.sections)
    return tuple(
        replace(each, part=Part.SUMMARY) if not (each.heading or known) else each
        for each in notes.sections
    )


def _ticked(criteria: Section, old: Notes) -> Section:
    """Return criteria with those ticked that were ticked before, word for word."""
    done = {f"- [ ] {one_line(text)}" for ticked, text in old.criteria if ticked}
    lines = criteria.body.split("\n")
    told = (each.replace("[ ]", "[x]", 1) if each in done else each for each in lines)
    return replace(criteria, body="\n".join(told))


def _place(sections: list[Section], part: Part) -> int:
    """Return where a section that was not there goes: behind those that precede it."""
    earlier = _ORDER[: _ORDER.index(part)]
    before = [at for at, each in enumerate(sections) if each.part in earlier]
    if before:
        return before[-1] + 1
    known = (at for at, each in enumerate(sections) if each.part is not None)
    return next(known, len(sections))


def _apart(section: Section) -> Section:
    """Return a section that ends so that another can follow."""
    heading = section.heading
    return Section(
        section.part,
        heading if heading.endswith("\n") or not heading else f"{heading}\n",
        f"{section.body.rstrip()}\n\n" if section.body.strip() else "\n",
    )
