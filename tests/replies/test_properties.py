"""Whatever comes, it becomes a draft that makes a plan, or a typed failure."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.goal import Source
from stellwerk.domain.plan import Plan
from stellwerk.errors import ProviderError
from stellwerk.planning.composing import composed, skeleton
from stellwerk.planning.drafts import (
    Draft,
    PackagesDraft,
    RefinedDraft,
    ReviewDraft,
    RouteDraft,
    StructureDraft,
    TaskDraft,
    TasksDraft,
)
from stellwerk.planning.enriching import Chapter
from stellwerk.planning.failures import ModelError
from stellwerk.planning.models import ModelReply
from stellwerk.planning.structured import Drafted, Where, draft_of
from stellwerk.planning.wish import Wish
from tests.planning.drafts import births, long_line, package, packages, structure, tasks
from tests.replies.corpus import cases
from tests.strategies import MODEST

KINDS = (StructureDraft, TasksDraft, PackagesDraft, RefinedDraft, ReviewDraft)
NAMES = (
    "title key id from to before after options steps tasks packages routes edges decisions at"
    " recommended probability hours length grade needs risks notes kind next summary problems"
).split()
TEXTS = st.sampled_from(
    ("r1", "r2", "r1.1", "r1.1.1", "r1 -> r2", "2 Tage", "60 %", "7 von 10", "1.234,5", "- a")
) | st.text(max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)
GOOD = (
    structure(),
    long_line(6),
    tasks("r1", 3),
    packages("r1.1", 2),
    package("r1.1.1", needs=["r1.1.2", "r2.1"]),
)
SHORT = [case.text for case in cases() if len(case.text) < 3000]
WHERE = st.builds(Where, st.sampled_from(("", "r1", "r1.1", "r1.1.1")))
JUNK = st.sampled_from(
    (
        *"{}[]\"',:\\\x00\ud800“",
        *(
            "NaN",
            "...",
            "<think>",
            "//",
            "/*",
            "```",
            '{"a":',
            "9" * 5000,
            "->",
            "null",
            "0,5",
        ),
    )
)


def drafted(kind: type[Draft], reply: ModelReply, where: Where) -> Drafted[Any] | None:
    """Return what a reply becomes, None if it fails as it may."""
    failure: ModelError
    try:
        return draft_of(kind, reply, "x", where)
    except ModelError as error:
        failure = error
    assert failure.problems
    assert failure.message.startswith("The answer of ")
    return None


def check(kind: type[Draft], reply: ModelReply, where: Where) -> None:
    """Read a reply; a draft that comes of it stays as it is, and makes a plan or an error."""
    made = drafted(kind, reply, where)
    if made is None:
        return
    again = draft_of(kind, ModelReply(data=made.draft.model_dump()), "x", where)
    assert (again.draft, again.notes, again.repaired) == (made.draft, (), False)
    try:
        plan = planned(made.draft)
    except ProviderError:
        assert not isinstance(made.draft, StructureDraft)
    else:
        assert plan is None or isinstance(plan, Plan)


def planned(draft: Draft) -> Plan | None:
    """Return the plan that a draft makes, alone or with the least beside it."""
    if isinstance(draft, StructureDraft):
        return skeleton(Wish("Juggle"), draft)
    if isinstance(draft, PackagesDraft):
        return whole(TasksDraft(tasks=[TaskDraft(key="r1.1", title="Throw")]), draft)
    if isinstance(draft, TasksDraft):
        filled = [PackagesDraft.model_validate(packages(task.key)) for task in draft.tasks]
        return whole(draft, *filled)
    return None


def whole(steps: TasksDraft, *filled: PackagesDraft) -> Plan:
    """Return a plan of one route."""
    route = RouteDraft(key="r1", title="Learn")
    line = StructureDraft(routes=[route])
    chapter = Chapter(route, steps, filled)
    return composed(Wish("Juggle"), line, [chapter], Source(), births()).plan


@st.composite
def bent(draw: st.DrawFn, value: Any) -> Any:
    """Draw a good answer with something in it replaced, renamed, left out or repeated."""
    if draw(st.integers(0, 19)) == 0:
        return draw(VALUES)
    if isinstance(value, dict):
        return {
            draw(st.sampled_from(NAMES)) if draw(st.integers(0, 39)) == 0 else name: draw(
                bent(each)
            )
            for name, each in value.items()
            if draw(st.integers(0, 39))
        }
    if isinstance(value, list):
        made = [draw(bent(each)) for each in value if draw(st.integers(0, 29))]
        return made + made[-1:] if draw(st.integers(0, 19)) == 0 else made
    return value


@st.composite
def scratched(draw: st.DrawFn, text: str) -> str:
    """Draw a text with a few characters left out or junk put in."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 5)))
        text = text[:at] + draw(JUNK | st.just("")) + text[end:]
    return text


@MODEST
@given(st.sampled_from(KINDS), st.text(max_size=300), WHERE)
def test_any_text_is_a_draft_or_a_failure(kind: type[Draft], text: str, where: Where):
    """Nothing else escapes."""
    check(kind, ModelReply(text=text), where)


@MODEST
@given(st.sampled_from(KINDS), VALUES, WHERE)
def test_any_data_is_a_draft_or_a_failure(kind: type[Draft], data: Any, where: Where):
    """As it is handed over, and as text."""
    check(kind, ModelReply(data=data), where)
    check(kind, ModelReply(text=json.dumps(data)), where)


@MODEST
@given(st.sampled_from(KINDS), st.sampled_from(GOOD).flatmap(bent), WHERE)
def test_any_bent_answer_is_a_draft_or_a_failure(kind: type[Draft], data: Any, where: Where):
    """Also if it was meant for another stage."""
    check(kind, ModelReply(data=data), where)


@MODEST
@given(st.sampled_from(GOOD).flatmap(bent), WHERE)
def test_a_bent_structure_keeps_the_hard_invariants(data: Any, where: Where):
    """If it is a draft at all."""
    check(StructureDraft, ModelReply(data=data), where)


@MODEST
@given(st.sampled_from(KINDS), st.sampled_from(SHORT).flatmap(scratched), WHERE)
def test_any_scratched_reply_is_a_draft_or_a_failure(
    kind: type[Draft], text: str, where: Where
):
    """The corpus once more, with other faults on top of its own."""
    check(kind, ModelReply(text=text), where)


WORDS = st.text("abcdefghij XYZäöü", min_size=1, max_size=30).map(str.strip).filter(bool)


@st.composite
def sound_structures(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a structure with nothing to mend: forks, merges and decisions that fit."""
    count = draw(st.integers(1, 7))
    keys = [f"r{number}" for number in range(1, count + 1)]
    titles = draw(st.lists(WORDS, min_size=count, max_size=count, unique_by=str.casefold))
    pairs = [(a, b) for at, a in enumerate(keys) for b in keys[at + 1 :]]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    decisions = []
    for key in keys:
        heads = [after for before, after in edges if before == key]
        if len(heads) > 1 and draw(st.booleans()):
            options = [{"to": head, "label": draw(WORDS)} for head in heads]
            decisions.append({"at": key, "title": draw(WORDS), "options": options})
    return {
        "title": draw(WORDS),
        "routes": [
            {"key": key, "title": title} for key, title in zip(keys, titles, strict=True)
        ],
        "edges": [{"before": before, "after": after} for before, after in edges],
        "decisions": decisions,
    }


@MODEST
@given(sound_structures())
def test_a_sound_structure_passes_unchanged(data: dict[str, Any]):
    """Nothing is mended that is not broken."""
    made = draft_of(StructureDraft, ModelReply(text=json.dumps(data)))
    assert made == Drafted(StructureDraft.model_validate(data))
    assert isinstance(skeleton(Wish("Juggle"), made.draft), Plan)


@MODEST
@given(st.lists(WORDS, min_size=6, max_size=9), st.integers(1, 8), st.integers(0, 10))
def test_a_sound_package_passes_unchanged(steps: list[str], length: int, grade: int):
    """Word for word."""
    data = {"packages": [package("r1.1.1", steps=steps, length=length, grade=grade)]}
    made = draft_of(PackagesDraft, ModelReply(text=json.dumps(data)), "", Where("r1.1"))
    assert made == Drafted(PackagesDraft.model_validate(data))
