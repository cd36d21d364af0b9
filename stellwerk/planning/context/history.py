"""History: how long earlier work really took, in figures; never its notes or people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from stellwerk.domain.work import WorkPackage
from stellwerk.planning.context.passage import Passage, Sort
from stellwerk.planning.context.records import Record, Records
from stellwerk.planning.similarity.words import stem, tokens

NEAREST: Final = 5
NEAR: Final = 0.2
"""Goals that are less like the new one are no comparison."""
_KINDS: Final = {
    "finding out": "research compare find look read interview survey measure list collect analyse"
    " recherchieren vergleichen finden suchen lesen befragen messen sammeln analysieren",
    "writing": "write draft document describe publish edit schreiben entwerfen verfassen texten"
    " dokumentieren veröffentlichen",
    "building": "build implement develop code create make set install design program bauen"
    " entwickeln programmieren erstellen einrichten installieren umsetzen",
    "buying and booking": "buy order book purchase rent hire pay kaufen bestellen buchen mieten"
    " bezahlen beauftragen",
    "practising": "practise practice learn train study run exercise rehearse üben lernen"
    " trainieren laufen wiederholen",
    "talking": "talk call meet ask invite tell present negotiate agree besprechen anrufen treffen"
    " fragen einladen vorstellen verhandeln",
    "checking": "test check review verify prove try prüfen testen kontrollieren abnehmen",
    "deciding and planning": "decide choose plan agree fix settle schedule budget entscheiden"
    " wählen planen festlegen",
}
_KIND_OF: Final = {
    stem(word): kind for kind, words in reversed(_KINDS.items()) for word in words.split()
}
_OTHER: Final = "other work"


class Tally(NamedTuple):
    """Work that is done, as far as its hours were logged.

    Attributes:
        packages: How many work packages.
        estimated: Their hours as they were estimated.
        spent: Their hours as they were logged.
    """

    packages: int
    estimated: float
    spent: float

    @property
    def told(self) -> str:
        """The figures in words."""
        ratio = f" ({self.spent / self.estimated:.2f} times)" if self.estimated else ""
        return (
            f"{self.packages} with logged hours: estimated {self.estimated:.3g} h,"
            f" took {self.spent:.3g} h{ratio}"
        )


def history(known: Records) -> list[Passage]:
    """Return what earlier work took against its estimate."""
    if not known.all:
        return []
    done = sum(len(record.done) for record in known.all)
    lines = [f"Done so far: {done} work packages of {len(known.all)} goals."]
    pairs = [(each, record) for record in known.all for each in record.done]
    if whole := _tally(pairs):
        lines.append(f"All: {whole.told}.")
    lines += _by_kind(pairs)
    near = [record for record in known.all if record.score >= NEAR][:NEAREST]
    if near:
        lines.append("Of these the nearest to the goal:")
        lines += [f"- {record.title}: {_figures(record)}" for record in near]
    return [Passage(Sort.HISTORY, "", "\n".join(lines))]


@lru_cache(maxsize=1024)
def kind_of(title: str) -> str:
    """Return the kind of work a title speaks of, by its first word that says so."""
    kinds = (_KIND_OF.get(stem(word)) for word in tokens(title))
    return next((kind for kind in kinds if kind), _OTHER)


def _by_kind(pairs: Sequence[tuple[WorkPackage, Record]]) -> list[str]:
    found: dict[str, list[tuple[WorkPackage, Record]]] = {}
    for package, record in pairs:
        found.setdefault(kind_of(package.title), []).append((package, record))
    told = [(kind, tally) for kind in found if (tally := _tally(found[kind]))]
    told.sort(key=lambda each: (-each[1].spent, each[0]))
    return [f"{kind}: {tally.told}." for kind, tally in told] if len(told) > 1 else []


def _tally(pairs: Iterable[tuple[WorkPackage, Record]]) -> Tally | None:
    logged = [
        (package.hours(record.plan.goal.unit_hours), package.standing.spent_hours)
        for package, record in pairs
        if package.standing.spent_hours
    ]
    if not logged:
        return None
    spent = sum(hours or 0.0 for _, hours in logged)
    return Tally(len(logged), sum(hours for hours, _ in logged), spent)


def _figures(record: Record) -> str:
    done, count = record.done, sum(1 for _ in record.plan.packages)
    told = ["finished" if record.finished else f"{len(done)} of {count} work packages done"]
    if tally := _tally((each, record) for each in done):
        told.append(tally.told)
    if days := _days(done):
        told.append(f"{days} days from first start to last end")
    return "; ".join(told) + "."


def _days(done: Sequence[WorkPackage]) -> int | None:
    begun: list[datetime] = []
    ended: list[datetime] = []
    for each in done:
        if each.standing.finished_at:
            ended.append(each.standing.finished_at)
            begun.append(each.standing.started_at or each.standing.finished_at)
    return (max(ended) - min(begun)).days + 1 if ended else None
