"""Edits of the line itself: edges, and how switches are set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from stellwerk.domain.edits.edit import Edit, Touch
from stellwerk.domain.edits.surgery import held, inserted, replaced, without
from stellwerk.domain.plan import Edge, Option, Plan, Route, Switch
from stellwerk.errors import EditError


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Connect(Edit):
    """Lay an edge; from a route with a switch it brings its option.

    Attributes:
        edge: The new edge.
        option: The option it is, if its tail has a switch.
        switch: Uid of that switch.
    """

    edge: Edge
    option: Option | None = None
    switch: str | None = None

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the edge."""
        for uid in (self.edge.tail, self.edge.head):
            if not isinstance(held(plan, uid), Route):
                msg = f"{plan.name(uid)} is not a route."
                raise EditError(msg)
        if self.edge in plan.edges:
            names = f"{plan.name(self.edge.head)} needs {plan.name(self.edge.tail)}"
            msg = f"{names} already."
            raise EditError(msg)
        plan = replace(plan, edges=tuple(sorted((*plan.edges, self.edge))), checked=False)
        if self.option and self.switch:
            plan = inserted(plan, self.option, self.switch, 0)
        return plan

    def invert(self, plan: Plan) -> Edit:
        """Return the edit that lifts the edge."""
        return Disconnect(self.edge, self.option, self.switch)

    @property
    def touches(self) -> frozenset[Touch]:
        """The edge; rests on both routes and on the switch."""
        return _laid(self.edge, self.option, self.switch)

    def says(self, before: Plan, after: Plan) -> str:
        """Tell which route needs which."""
        return f"{after.name(self.edge.head)} needs {after.name(self.edge.tail)}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Disconnect(Edit):
    """Lift an edge, and the option it was."""

    edge: Edge
    option: Option | None = None
    switch: str | None = None

    def change(self, plan: Plan) -> Plan:
        """Return the plan without the edge."""
        if self.edge not in plan.edges:
            names = f"{plan.name(self.edge.head)} does not need {plan.name(self.edge.tail)}"
            msg = f"{names}."
            raise EditError(msg)
        edges = tuple(edge for edge in plan.edges if edge != self.edge)
        cut = replace(plan, edges=edges, checked=False)
        if self.option is None:
            return cut
        if held(plan, self.option.uid) != self.option:
            name = plan.name(self.option.uid)
            msg = f"{name} has changed since its removal was prepared."
            raise EditError(msg, "Look at it again, then remove it.")
        return without(cut, self.option.uid)

    def invert(self, plan: Plan) -> Edit:
        """Return the edit that lays the edge again."""
        return Connect(self.edge, self.option, self.switch)

    @property
    def touches(self) -> frozenset[Touch]:
        """The edge; rests on both routes and on the switch."""
        return _laid(self.edge, self.option, self.switch)

    def says(self, before: Plan, after: Plan) -> str:
        """Tell which route no longer needs which."""
        return f"{after.name(self.edge.head)} no longer needs {after.name(self.edge.tail)}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Choose(Edit):
    """Set a switch to one of its options."""

    structural: ClassVar[bool] = False
    switch: str
    option: str

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the switch set."""
        switch = _switch(plan, self.switch)
        if switch.option(self.option) is None:
            msg = f"{plan.name(self.option)} is not an option of {plan.name(self.switch)}."
            raise EditError(msg)
        return replaced(plan, replace(switch, chosen=self.option))

    def invert(self, plan: Plan) -> Edit:
        """Return the edit back to what was chosen before, or to nothing."""
        return _setting(self.switch, _switch(plan, self.switch).chosen)

    @property
    def touches(self) -> frozenset[Touch]:
        """How the switch is set; rests on the option."""
        return frozenset({(self.switch, "chosen"), (self.option, "")})

    def says(self, before: Plan, after: Plan) -> str:
        """Tell the decision."""
        return f"set {after.name(self.switch)} to {after.name(self.option)}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reopen(Edit):
    """Leave a switch open again."""

    structural: ClassVar[bool] = False
    switch: str

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the switch open."""
        return replaced(plan, replace(_switch(plan, self.switch), chosen=None))

    def invert(self, plan: Plan) -> Edit:
        """Return the edit back to what was chosen before."""
        return _setting(self.switch, _switch(plan, self.switch).chosen)

    @property
    def touches(self) -> frozenset[Touch]:
        """How the switch is set."""
        return frozenset({(self.switch, "chosen")})

    def says(self, before: Plan, after: Plan) -> str:
        """Tell which decision is open again."""
        return f"reopened {after.name(self.switch)}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Recommend(Edit):
    """Recommend an option of a switch, or none, and state how probable each is.

    Attributes:
        switch: Uid of the switch.
        option: Uid of the recommended option, or None.
        odds: Option uid to probability (None clears it); the others stay.
    """

    structural: ClassVar[bool] = False
    switch: str
    option: str | None
    odds: Mapping[str, float | None] = field(default_factory=dict)

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the recommendation."""
        switch = _switch(plan, self.switch)
        for uid in {*self.odds, *([self.option] if self.option else [])}:
            if switch.option(uid) is None:
                msg = f"{plan.name(uid)} is not an option of {plan.name(self.switch)}."
                raise EditError(msg)
        options = tuple(
            replace(option, probability=self.odds.get(option.uid, option.probability))
            for option in switch.options
        )
        return replaced(plan, replace(switch, options=options, recommended=self.option))

    def invert(self, plan: Plan) -> Edit:
        """Return the edit back to the old recommendation and odds."""
        switch = _switch(plan, self.switch)
        odds = {o.uid: o.probability for o in switch.options if o.uid in self.odds}
        return Recommend(self.switch, switch.recommended, odds)

    @property
    def touches(self) -> frozenset[Touch]:
        """The recommendation; rests on the options."""
        named = {*self.odds, *([self.option] if self.option else [])}
        rests = {(uid, "") for uid in named}
        return frozenset({(self.switch, "recommended"), *rests})

    def says(self, before: Plan, after: Plan) -> str:
        """Tell what is recommended, and what is thought of the odds."""
        option = after.name(self.option) if self.option else "nothing"
        told = f"recommended {option} for {after.name(self.switch)}"
        odds = ", ".join(
            f"{after.name(uid)} at {'no odds' if chance is None else format(chance, '.0%')}"
            for uid, chance in self.odds.items()
        )
        same = self.option == before.switch(self.switch).recommended
        return f"put {odds}" if odds and same else f"{told}, {odds}" if odds else told


def _setting(switch: str, chosen: str | None) -> Edit:
    return Reopen(switch) if chosen is None else Choose(switch, chosen)


def _laid(edge: Edge, option: Option | None, switch: str | None) -> frozenset[Touch]:
    touched = {(edge.tail, f"edge {edge.head}"), (edge.tail, ""), (edge.head, "")}
    if option and switch:
        touched |= {(option.uid, "*"), (switch, "")}
    return frozenset(touched)


def _switch(plan: Plan, uid: str) -> Switch:
    item = held(plan, uid)
    if isinstance(item, Switch):
        return item
    msg = f"{plan.name(uid)} is not a switch."
    raise EditError(msg)
