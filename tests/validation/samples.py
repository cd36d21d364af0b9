"""Small plans with notes, and the reader of the examples in docstrings of validators of texts.

The parts of an example, and what its text is:

    steps, criteria, risks      a line of that section
    summary, sources            that section
    title                       the title of a work package
    titles "a | b"              titles of work packages
    package "title :: line"     a work package with a step, among lines about nothing of it
    packages "a :: x | b :: y"  work packages with a step each
    notes "5 steps, 1 image"    a note with so much of everything
    options "label :: tradeoff | ..."   the options of a decision
    goal "goal :: line"         the title of a goal, and a step
    effort "goal :: N hours"    the title of a goal, and the hours of its six work packages
    order "A > B"               titles of work packages one after the other
    figures "a | b"             summaries of work packages
    split "N x title :: N hours, N steps | ... > ..."   work packages on routes
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from stellwerk.domain.goal import Goal
from stellwerk.domain.notes import Part, bulleted, numbered, written
from stellwerk.domain.plan import Edge, Option, Plan, Route, Switch
from stellwerk.domain.work import Task, ThreePoint, WorkPackage
from stellwerk.testing.clock import FrozenClock
from stellwerk.validation.findings import Finding, Validator
from stellwerk.validation.subject import Subject

NOW = FrozenClock().now
BRACED: Mapping[str, str] = {
    "nine long sentences": " ".join(
        f"On floor {n} the electrician drills eleven holes beside the lift shaft."
        for n in range(9)
    ),
    "forty words of which every other project could be made": " ".join(
        ("The goal of the work is to define what is needed and to make sure that it is done.",)
        * 3
    ),
    "forty words with names, tools and places": " ".join(
        (
            "Anna drives the lorry from Graz to Linz, where Paul unloads oak boards by forklift.",
        )
        * 3
    ),
}
"""What stands for words in braces."""


@dataclass(frozen=True)
class Work:
    """A work package as tests name it.

    Attributes:
        title: Its title.
        bodies: Bodies of its sections.
        hours: Of its estimate.
        grade: How hard it is.
    """

    title: str = "Sew the sails"
    bodies: Mapping[Part, str] | None = None
    hours: float | None = None
    grade: int = 3


def subject(*routes: Sequence[Work], goal: str = "A goal", language: str = "en") -> Subject:
    """Return a plan of routes one after the other, each of some work packages."""
    held, notes = list[Route](), dict[str, str]()
    for number, works in enumerate(routes, 1):
        packages = []
        for at, work in enumerate(works, 1):
            uid = f"r{number}.1.{at}"
            estimate = ThreePoint(work.hours, work.hours, work.hours) if work.hours else None
            package = WorkPackage(
                uid, at, work.title, NOW, grade=work.grade, estimate=estimate
            )
            packages.append(package)
            notes[uid] = written(work.bodies or {}, language)
        task = Task(f"r{number}.1", 1, f"Quay {number}", NOW, packages=tuple(packages))
        held.append(Route(f"r{number}", number, f"Harbour {number}", NOW, tasks=(task,)))
    edges = sorted(Edge(tail.uid, head.uid) for tail, head in pairwise(held))
    return Subject(
        Plan(Goal("goal", "a-goal", goal, NOW, language=language), tuple(held), tuple(edges)),
        notes,
    )


def told(validator: Validator, plan: Subject) -> list[str]:
    """Return code and ref of what a validator finds."""
    return [f"{each.code} {each.ref}".strip() for each in validator(plan)]


def found(validator: Validator, part: str, text: str, language: str = "en") -> list[Finding]:
    """Return what a validator finds in an example."""
    text = re.sub(r"\{([^{}]+)\}", lambda braced: BRACED.get(braced[1], braced[0]), text)
    return list(validator(_READ[part](text, language)))


def codes(validator: Validator, part: str, text: str, language: str = "en") -> list[str]:
    """Return the codes of what a validator finds in an example, each once."""
    return sorted({each.code for each in found(validator, part, text, language)})


def steps(*lines: str) -> Mapping[Part, str]:
    """Return notes of steps."""
    return {Part.STEPS: numbered(lines)}


def decision(*options: tuple[str, str], work: bool = True) -> Subject:
    """Return a plan with a switch between routes, with work of their own if wanted."""
    ways = [Work(f"Way {label} {at}") for at, (label, _) in enumerate(options)] if work else []
    plan = subject([Work()], *([each] for each in ways)).plan
    routes = list(plan.routes)
    missing = range(len(routes) + 1, len(options) + 2)
    routes += [Route(f"r{number}", number, f"Harbour {number}", NOW) for number in missing]
    chosen = tuple(
        Option(f"d1.{at}", at, label, f"r{at + 1}", NOW, tradeoff)
        for at, (label, tradeoff) in enumerate(options, 1)
    )
    edges = tuple(sorted(Edge("r1", option.head) for option in chosen))
    switch = Switch("d1", 1, "r1", "Which way?", NOW, options=chosen)
    return Subject(replace(plan, routes=tuple(routes), edges=edges, switches=(switch,)))


def _pair(text: str) -> tuple[str, str]:
    one, _, other = text.partition("::")
    return one.strip(), other.strip()


def _parts(text: str, mark: str = "|") -> list[str]:
    return [part.strip() for part in text.split(mark)]


def _line(part: Part, mark: str) -> Callable[[str, str], Subject]:
    def read(text: str, language: str) -> Subject:
        return subject([Work(bodies={part: f"{mark}{text}"})], language=language)

    return read


def _package(text: str, language: str) -> Subject:
    title, line = _pair(text)
    bodies = {
        Part.STEPS: numbered((line,)),
        Part.CRITERIA: bulleted(("4 of 7 lamps burn", "Both locks turn"), "- [ ]"),
        Part.RISKS: bulleted(
            ("Frost cracks pipes → drain them", "Mould grows → open windows")
        ),
        Part.SOURCES: "- https://www.gov.uk/browse/housing-local-services (Local services)\n"
        * 2,
    }
    return subject([Work(title, bodies)], language=language)


def _packages(text: str, language: str) -> Subject:
    pairs = map(_pair, _parts(text))
    return subject([Work(title, steps(line)) for title, line in pairs], language=language)


def _notes(text: str, language: str) -> Subject:
    counts = {name.rstrip("s"): int(n) for n, name in map(str.split, _parts(text, ","))}
    lines = {
        part: [f"{part} {n}" for n in range(counts.get(word, 0))]
        for part, word in zip(Part, _SINGULAR, strict=True)
    }
    bodies = {
        Part.SUMMARY: " ".join(lines[Part.SUMMARY]),
        Part.STEPS: numbered(tuple(lines[Part.STEPS])),
        Part.CRITERIA: bulleted(tuple(lines[Part.CRITERIA]), "- [ ]"),
        Part.RISKS: bulleted(tuple(f"{each} → {each}" for each in lines[Part.RISKS])),
        Part.SOURCES: bulleted(tuple(f"https://a.org/{n}" for n in lines[Part.SOURCES])),
        Part.IMAGES: bulleted(tuple(f"https://a.org/{n}" for n in lines[Part.IMAGES])),
    }
    return subject([Work(bodies=bodies)], language=language)


_SINGULAR = ("summary", "step", "criteria", "risk", "source", "image")


def _goal(text: str, language: str) -> Subject:
    title, line = _pair(text)
    return subject([Work(bodies=steps(line))], goal=title, language=language)


def _effort(text: str, language: str) -> Subject:
    title, hours = _pair(text)
    share = float(hours.removesuffix(" hours")) / 6
    return subject([Work(hours=share) for _ in range(6)], goal=title, language=language)


def _split(text: str, language: str) -> Subject:
    return subject(*([*_works(route)] for route in text.split(" > ")), language=language)


def _works(text: str) -> list[Work]:
    works = []
    for times, title, hours, count in _WORK.findall(text):
        lines = steps(*(f"Nail board {n}" for n in range(int(count or 0))))
        works += [Work(title.strip(), lines, float(hours))] * int(times or 1)
    return works


_WORK = re.compile(r"(?:(\d+) x )?([^|]+?) :: (\d+) hours?(?:, (\d+) steps)?")
_READ: Mapping[str, Callable[[str, str], Subject]] = {
    "steps": _line(Part.STEPS, "1. "),
    "criteria": _line(Part.CRITERIA, "- [ ] "),
    "risks": _line(Part.RISKS, "- "),
    "summary": _line(Part.SUMMARY, ""),
    "sources": _line(Part.SOURCES, ""),
    "title": lambda text, language: subject([Work(text)], language=language),
    "titles": lambda text, _: subject([Work(each) for each in _parts(text)]),
    "package": _package,
    "packages": _packages,
    "notes": _notes,
    "options": lambda text, _: decision(*map(_pair, _parts(text))),
    "goal": _goal,
    "effort": _effort,
    "order": lambda text, _: subject([Work(each) for each in _parts(text, " > ")]),
    "figures": lambda text, _: subject(
        [Work(bodies={Part.SUMMARY: each}) for each in _parts(text)]
    ),
    "split": _split,
}
