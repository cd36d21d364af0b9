"""Decisions and their options, brought into agreement with the edges.

The options of a decision are exactly the edges that leave its route. An option without an
edge gets one. An edge without an option is left out if every option leads to the same
route anyway, for then it says nothing; any other one is a mistake that only the model can
mend: it may be a forgotten option, or work that comes in any case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from stellwerk.domain.limits import MAX_TITLE
from stellwerk.planning.replies import listing, scalars
from stellwerk.planning.replies.edging import Edge, arrow_parts
from stellwerk.planning.replies.keys import Mentions, folded
from stellwerk.planning.replies.naming import DECISION, OPTION, named
from stellwerk.planning.replies.places import Place, Where, quoted

_OPTION: Final = ("to", "label", "tradeoff", "probability")


class Decided(NamedTuple):
    """Decisions, the edges that go with them, and the routes their options lead to."""

    decisions: Any
    edges: list[tuple[str, str]]
    heads: frozenset[str] = frozenset()


def decisions(
    value: Any, edges: list[Edge], mentions: Mentions, where: Where, place: Place
) -> Decided:
    """Return the decisions of an answer; its edges are completed, or what is wrong is told."""
    found = listing.objects(value, DECISION, "title", place)
    pairs = [(edge.before, edge.after) for edge in edges]
    if not isinstance(found, list):
        return Decided(found, pairs)
    reader = _Reader(mentions, pairs, where)
    made = [reader.decision(each, place / at) for at, each in enumerate(found)]
    whole = _once(
        [(at, each) for at, each in enumerate(made) if _is_whole(each, mentions)], place
    )
    for at, each in whole:
        _add_edges(each, pairs, place / at)
    kept = _without_detours(edges, pairs, {str(each["at"]): each for _, each in whole})
    known = {id(each) for _, each in whole}
    left = [each for each in made if id(each) in known or not _is_whole(each, mentions)]
    heads = (_head_of(option) for _, each in whole for option in each["options"])
    return Decided(left, kept, frozenset(heads))


class _Reader:
    """Reads decisions of one answer."""

    def __init__(self, mentions: Mentions, edges: list[tuple[str, str]], where: Where) -> None:
        self._mentions = mentions
        self._edges = edges
        self._where = where

    def decision(self, value: Any, place: Place) -> Any:
        """Return one decision with our keys."""
        if not isinstance(value, dict):
            return value
        fields = named(value, DECISION, place)
        scalars.set_texts(fields, ("title", "prompt"), place)
        prompt = fields.get("prompt")
        if not fields.get("title") and isinstance(prompt, str) and len(prompt) <= MAX_TITLE:
            fields["title"] = prompt
            place.note("the prompt taken as the title")
        scalars.fit_title(fields, "title", "prompt", place)
        chosen = fields.pop("chosen", None)
        options = self._options(fields.get("options"), fields.get("at"), place / "options")
        fields["at"] = self._at(fields.get("at"), options, place / "at")
        if isinstance(options, list):
            told = _first(fields.get("recommended"), chosen)
            fields["recommended"] = self._recommended(told, options, place / "recommended")
            options = [_only_option(each) for each in options]
        return {**fields, "options": options}

    def _options(self, value: Any, at: Any, place: Place) -> Any:
        found = listing.objects(value, OPTION, "label", place)
        if not isinstance(found, list):
            return found
        tail = self._mentions.find(at)
        if not found and tail:
            heads = [head for before, head in self._edges if before == tail]
            found = [{"to": head} for head in heads] if len(heads) > 1 else []
            if found:
                place.note(f"taken from the edges that leave {tail}")
        made = [self._option(each, place / number) for number, each in enumerate(found)]
        made = [
            each for at, each in enumerate(made) if not _stands(each, made[:at], place / at)
        ]
        whole = [each for each in made if isinstance(each, dict) and "probability" in each]
        odds = [each["probability"] for each in whole]
        places = [place / number / "probability" for number, _ in enumerate(whole)]
        for each, share in zip(whole, scalars.percentages(odds, places), strict=True):
            each["probability"] = share
        return made

    def _option(self, value: Any, place: Place) -> Any:
        if not isinstance(value, dict):
            return value
        fields = named(value, OPTION, place)
        scalars.set_texts(fields, ("label", "tradeoff"), place)
        label = fields.get("label")
        if (
            "to" not in fields
            and isinstance(label, str)
            and len(parts := arrow_parts(label)) == 2
        ):
            fields.update(label=parts[0], to=parts[1])
        fields["to"] = self._head({**value, **fields}, place)
        if not fields.get("label") and isinstance(fields["to"], str):
            fields["label"] = self._mentions.title(fields["to"])
            place.note("the title of its route taken as the label")
        scalars.fit_title(fields, "label", "tradeoff", place)
        if "probability" in fields:
            odds = fields["probability"]
            fields["probability"] = scalars.share(odds, self._where, place / "probability")
        return fields

    def _head(self, fields: dict[str, Any], place: Place) -> Any:
        """Return the key of the route an option leads to."""
        told, index, keys = fields.get("to"), fields.get("index"), self._mentions.keys
        if told is None and type(index) is int and 0 <= index < len(keys):
            place.note(f"route number {index}, counted from 0, is {keys[index]}")
            return keys[index]
        found = self._mentions.find(told)
        if found is None and told in (None, ""):
            named_so = (fields.get("key"), fields.get("label"))
            found = next((key for key in map(self._mentions.find, named_so) if key), None)
            if found is None:
                (place / "to").wrong("leads nowhere; give the key of the route it leads to")
        elif found is None:
            self._mentions.tell_missing(told, "route", place / "to")
        return told if found is None else found

    def _at(self, value: Any, options: Any, place: Place) -> Any:
        """Return the route of a decision: as told, or the one before all of its options."""
        if found := self._mentions.find(value):
            return found
        if value not in (None, ""):
            self._mentions.tell_missing(value, "route", place)
            return value
        told = options if isinstance(options, list) else []
        heads = [each.get("to") for each in told if isinstance(each, dict)]
        tails = [{a for a, b in self._edges if b == head} for head in heads]
        common = set.intersection(*tails) if tails else set()
        if len(common) == 1:
            (found,) = common
            place.note(f"{found}, for it comes before all of the options")
            return found
        place.wrong("is missing; give the key of the route at whose end the decision stands")
        return ""

    def _recommended(self, value: Any, options: list[Any], place: Place) -> Any:
        """Return the key of the option that is recommended, None if none is."""
        whole = [each for each in options if isinstance(each, dict)]
        heads = {each.get("to"): each for each in whole if isinstance(each.get("to"), str)}
        flagged = [each.get("to") for each in whole if each.get("recommended") is True]
        if value is None and len(flagged) == 1:
            return flagged[0]
        if scalars.nothing(value):
            return None
        if type(value) is int and 0 <= value < len(whole):
            place.note(f"option number {value}, counted from 0")
            return whole[value].get("to")
        labels = {folded(each.get("label")): each.get("to") for each in whole}
        found = labels.get(folded(value)) or self._mentions.find(value)
        if found not in heads:
            place.note(f"left out, for {quoted(value)} is no option")
            return None
        return found


def _stands(option: Any, before: list[Any], place: Place) -> bool:
    """Whether the same option stands before; another one to the same route is told."""
    if not isinstance(option, dict) or not option.get("to"):
        return False
    for each in before:
        if isinstance(each, dict) and each.get("to") == option["to"]:
            if folded(each.get("label")) == folded(option.get("label")):
                place.note("left out, for the same option stands before it")
                return True
            told = f"another option leads to {quoted(option['to'])}; each needs its own route"
            (place / "to").wrong(told)
    return False


def _only_option(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: value[name] for name in _OPTION if name in value}


def _is_whole(value: Any, mentions: Mentions) -> bool:
    """Whether a decision has a route and at least two options that lead to routes."""
    options = value.get("options") if isinstance(value, dict) else None
    if (
        not isinstance(options, list)
        or len(options) < 2
        or value.get("at") not in mentions.keys
    ):
        return False
    return all(_head_of(each) in mentions.keys for each in options)


def _head_of(option: Any) -> str:
    head = option.get("to") if isinstance(option, dict) else None
    return head if isinstance(head, str) else ""


def _once(
    whole: list[tuple[int, dict[str, Any]]], place: Place
) -> list[tuple[int, dict[str, Any]]]:
    """Return one decision for each route, with its position; another one is told."""
    kept: dict[str, tuple[int, dict[str, Any]]] = {}
    for at, each in whole:
        if each["at"] not in kept:
            kept[each["at"]] = (at, each)
        elif kept[each["at"]][1] == each:
            (place / at).note("left out, for the same decision stands before it")
        else:
            (place / at / "at").wrong(f"{each['at']} has a decision already; a route has one")
    return list(kept.values())


def _add_edges(
    decision: Mapping[str, Any], edges: list[tuple[str, str]], place: Place
) -> None:
    """Add the edges of options that have none."""
    for at, option in enumerate(decision["options"]):
        pair = (decision["at"], option["to"])
        if pair[0] == pair[1]:
            (place / "options" / at / "to").wrong("leads back to the route of its decision")
        elif pair not in edges:
            edges.append(pair)
            (place / "options" / at).note(f"got its edge {pair[0]} -> {pair[1]}")


def _without_detours(
    written: list[Edge], edges: list[tuple[str, str]], by_route: dict[str, dict[str, Any]]
) -> list[tuple[str, str]]:
    """Return the edges without those beside a decision that say nothing; others are told."""
    kept = list(edges)
    for edge in written:
        decision = by_route.get(edge.before)
        heads = {_head_of(each) for each in decision["options"]} if decision else {edge.after}
        if edge.after in heads:
            continue
        pair = (edge.before, edge.after)
        if all(edge.after in _reached(head, edges) for head in heads):
            kept.remove(pair)
            edge.place.note(f"left out, for every option leads to {edge.after} anyway")
        else:
            edge.place.wrong(
                f"{pair[0]} -> {pair[1]} leaves a route with a decision, but is none of its"
                " options; make it an option, or let it leave a route behind one"
            )
    return kept


def _reached(start: str, edges: list[tuple[str, str]]) -> set[str]:
    """Return the routes that can be reached from one."""
    seen, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        for before, after in edges:
            if before == node and after not in seen:
                seen.add(after)
                waiting.append(after)
    return seen


def _first(*values: Any) -> Any:
    return next((each for each in values if each is not None), None)
