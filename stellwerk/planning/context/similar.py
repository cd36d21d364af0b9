"""Similar plans: the routes of finished goals that are like the new one, in outline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stellwerk.domain.plan import Route
from stellwerk.domain.railway import Signal
from stellwerk.domain.text import one_line, shortened
from stellwerk.planning.context.passage import Passage, Sort
from stellwerk.planning.context.records import Record, Records
from stellwerk.planning.similarity.search import SAME

MOST: Final = 3
_TITLE: Final = 100


def similar(known: Records) -> list[Passage]:
    """Return the outlines of the plans by which like goals were reached."""
    near = [each for each in known.all if each.finished and each.score >= SAME]
    return [
        Passage(Sort.SIMILAR, record.title, "\n".join(_outline(record, known)), record.score)
        for record in near[:MOST]
    ]


def _outline(record: Record, known: Records) -> Iterator[str]:
    plan = record.plan

    def titled(text: str) -> str:
        return shortened(known.nameless(one_line(text)), _TITLE)

    yield f"A plan that was carried out: {record.title}. The routes that were taken:"
    for number, route in enumerate(_taken(record), 1):
        count = sum(1 for _ in route.packages)
        yield f"{number}. {titled(route.title)} ({count} work packages)"
    for switch in plan.switches:
        if chosen := switch.option(switch.chosen):
            yield f"Decided: {titled(switch.title)} {titled(chosen.label)}."


def _taken(record: Record) -> list[Route]:
    signals = record.railway.signals
    return [each for each in record.plan.routes if signals[each.uid] is not Signal.CLOSED]
