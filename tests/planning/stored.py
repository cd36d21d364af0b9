"""Stored plans to be rewritten by a model that says what a test wants it to say."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from stellwerk.domain.births import Births
from stellwerk.domain.edits.surgery import replaced
from stellwerk.domain.notes import tidy
from stellwerk.domain.refs import NO_REFS
from stellwerk.domain.work import digest
from stellwerk.planning.composing import written_notes
from stellwerk.planning.drafts import PackageDraft
from stellwerk.planning.rewriting import ModelWriter, draft_of
from stellwerk.planning.wish import Wish
from stellwerk.testing.clock import FrozenClock
from stellwerk.testing.scripted_provider import Script, ScriptedProvider
from stellwerk.validation.findings import Subject
from tests.planning.drafts import package, panel
from tests.validation.notation import plan_of

Value = TypeVar("Value")
WISH = Wish("Learn to juggle")


def stored(text: str, notes: Mapping[str, str] | None = None) -> Subject:
    """Return a plan in the notation of validators, with notes: own ones, or those of drafts."""
    plan, texts = plan_of(text), dict(notes or {})
    for each in plan.packages:
        draft = PackageDraft.model_validate(package(each.uid))
        texts.setdefault(each.uid, written_notes(draft, "en"))
    for each in tuple(plan.packages):
        texts[each.uid] = tidy(texts[each.uid])
        plan = replaced(plan, replace(each, notes=digest(texts[each.uid])))
    return Subject(plan, {uid: note for uid, note in texts.items() if note})


def scripted(script: Script) -> ScriptedProvider:
    """Return a model that answers every stage."""
    model = ScriptedProvider(script)
    model.stages = model.stages | {"review", "refine", "expand"}
    return model


def writer(subject: Subject, script: Script) -> ModelWriter:
    """Return who writes a plan's work packages anew."""
    plan = subject.plan
    book = NO_REFS.following(replace(plan, routes=(), edges=(), switches=(), people=()), plan)
    uids = (f"new{number}" for number in range(1, 1000))
    births = Births(FrozenClock().now, lambda: next(uids))
    return ModelWriter(panel(scripted(script)), WISH, subject, book, births)


def as_asked(subject: Subject, uid: str, **changes: Any) -> dict[str, Any]:
    """Return a work package as a model is shown it, with something changed."""
    plan = subject.plan
    draft = draft_of(plan, plan.package(uid), subject.notes.get(uid, ""))
    return {**draft.model_dump(), **changes}


def ran(work: Coroutine[Any, Any, Value]) -> Value:
    """Return what comes of something asynchronous."""
    return asyncio.run(work)
