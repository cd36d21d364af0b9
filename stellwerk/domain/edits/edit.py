"""What every edit can do, and how one is applied."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from stellwerk.domain.invariants import broken_rules
from stellwerk.domain.plan import Plan
from stellwerk.domain.value import Value
from stellwerk.errors import EditError, PlanError

Touch: TypeAlias = tuple[str, str]
"""(uid, field): a field that an edit writes. The field `*` is the item's whole life; the
empty field says that the edit rests on the item being there. `("*", "*")` is everything."""

WHOLE: Touch = ("*", "*")


class Edit(Value, ABC):
    """One change of a plan.

    Attributes:
        structural: Whether it can break an invariant, or give birth to or move items.
    """

    __slots__ = ()
    structural: ClassVar[bool] = True

    @abstractmethod
    def change(self, plan: Plan) -> Plan:
        """Return the changed plan, its invariants not yet checked.

        Raises:
            EditError: The edit does not fit this plan.
        """

    @abstractmethod
    def invert(self, plan: Plan) -> Edit:
        """Return the edit that takes this one back; `plan` is the plan before it."""

    @property
    @abstractmethod
    def touches(self) -> frozenset[Touch]:
        """The fields it writes and the items it rests on."""

    @property
    def texts(self) -> Mapping[str, str]:
        """Notes it brings along, by digest."""
        return {}

    @abstractmethod
    def says(self, before: Plan, after: Plan) -> str:
        """Return one line that tells a person what it does."""


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class FieldEdit(Edit):
    """An edit that writes fields of one item and leaves the shape of the plan alone."""

    structural: ClassVar[bool] = False
    field: ClassVar[str]
    uid: str

    @property
    def touches(self) -> frozenset[Touch]:
        """The one field it writes."""
        return frozenset({(self.uid, self.field)})

    @abstractmethod
    def says(self, before: Plan, after: Plan) -> str:
        """Return one line that tells a person what it does."""


def apply(edit: Edit, plan: Plan) -> Plan:
    """Return the plan after an edit.

    Raises:
        EditError: The edit does not fit, its values are out of range, or the result
            would break a hard invariant.
    """
    try:
        after = edit.change(plan)
    except EditError:
        raise
    except PlanError as error:
        raise EditError(error.message, error.hint, error.rules) from error
    if edit.structural and (rules := broken_rules(after)):
        raise EditError(" ".join(rules), rules=rules)
    return after


def clash(one: frozenset[Touch], other: frozenset[Touch]) -> Touch | None:
    """Return a field on which two edits cannot both stand as made, or None."""
    if WHOLE in one or WHOLE in other:
        return WHOLE if one and other else None
    fields: dict[str, set[str]] = {}
    for uid, field in other:
        fields.setdefault(uid, set()).add(field)
    for uid, field in sorted(one):
        against = fields.get(uid, set())
        if "*" in against or (field == "*" and against) or (field and field in against):
            return uid, field
    return None
