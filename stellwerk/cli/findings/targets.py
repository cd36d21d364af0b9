"""What a call names: goals, and documents that were not stored."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from stellwerk.cli.desk import Desk
from stellwerk.cli.documents import STDIN, Broken, Source, read_or_broken, source_of, steady
from stellwerk.domain.births import Births
from stellwerk.domain.plan import Plan
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import ExchangeError, NotFoundError
from stellwerk.exchange.document import Document


class Target(NamedTuple):
    """A plan to look at.

    Attributes:
        name: Slug of the goal, or what the document was called.
        plan: The plan; None of a document that breaks what no plan can break.
        notes: Texts of its notes by package uid.
        base: The goal as it is stored; None of a document.
        source: The texts of a document; None of a goal.
        document: What was read from them.
        broken: The rules a document breaks.
        births: Identities and time for what a document does not say them of; the same
            each time it is read.
    """

    name: str
    plan: Plan | None
    notes: Mapping[str, str]
    base: Snapshot | None = None
    source: Source | None = None
    document: Document | None = None
    broken: tuple[Broken, ...] = ()
    births: Births | None = None


def target_of(desk: Desk, named: str | None) -> Target:
    """Return what an argument names: a file, if there is one, else a goal.

    Without an argument it is the goal that is meant.

    Raises:
        NotFoundError: It is neither.
        ExchangeError: The file holds no plan.
    """
    if named is None:
        return _stored(desk, desk.named)
    if named == STDIN or Path(named).exists():
        return _read(desk, source_of(named))
    if Path(named).suffix or Path(named).name != named:
        raise NotFoundError(f"There is no file or folder {named}.", "Check its path.")
    try:
        return _stored(desk, named)
    except NotFoundError as error:
        error.hint = f"{error.hint} There is no file of that name either.".strip()
        raise


def whole(target: Target) -> Plan:
    """Return the plan of a target; one that breaks what no plan can break is an error."""
    if target.plan is not None:
        return target.plan
    rules = " ".join(each.rule for each in target.broken)
    msg = f"{target.name} holds a plan that cannot be: {rules}"
    raise ExchangeError(msg, f"`stellwerk validate {target.name}` says where.")


def _stored(desk: Desk, slug: str | None) -> Target:
    base = desk.dispatcher.open(slug)
    goal = base.plan.goal
    return Target(goal.slug, base.plan, desk.stellwerk.store.notes(goal.uid), base)


def _read(desk: Desk, source: Source) -> Target:
    importer = desk.stellwerk.plugins.load("importers", source.form)
    births = desk.dispatcher.births
    found = read_or_broken(source, importer, steady(births))
    if isinstance(found, Document):
        read = Target(source.name, found.plan, found.notes, source=source, document=found)
        return read._replace(births=births)
    return Target(source.name, None, {}, source=source, broken=found)
