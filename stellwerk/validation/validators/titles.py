"""SW502: two items of one kind with the same title.

Bad (titles): Book the hall | Book the hall
Good (titles): Book the hall | Book the band
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from stellwerk.domain.text import shortened
from stellwerk.validation.findings import (
    Aspect,
    Code,
    Finding,
    Per,
    Severity,
    Subject,
    Validator,
)
from stellwerk.validation.wording import plain

DOUBLE: Final = Code(
    *("SW502", Severity.WARNING, "Two items of one kind have the same title."),
    *(Aspect.COHERENCE, 1.0, Per.PACKAGE),
)


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each item whose title stood before."""
    plan = subject.plan
    tasks = (task for route in plan.routes for task in route.tasks)
    yield from _twins(subject, ((route.uid, route.title) for route in plan.routes))
    yield from _twins(subject, ((task.uid, task.title) for task in tasks))
    yield from _twins(subject, ((each.uid, each.title) for each in plan.packages))


def _twins(subject: Subject, items: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for uid, title in items:
        bare = plain(title)
        if bare and seen.setdefault(bare, uid) != uid:
            ref, other = subject.plan.ref(uid), subject.plan.ref(seen[bare])
            message = f"{ref} has the title of {other}: “{shortened(title, 80)}”."
            hint = f"Say what is different: `stellwerk rename {ref} TITLE`; or remove one."
            yield DOUBLE.at(ref, message, hint, quote=title)


VALIDATOR: Final = Validator((DOUBLE,), check)
