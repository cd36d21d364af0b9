"""Verbs that mean about the same: a playbook that names one of them is meant by the others too."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_KIN: Final = tuple(
    tuple(group.split(", "))
    for group in (
        "launch, release, ship, publish, bring, roll out",
        "write, draft, author, finish writing, hand in, turn in, complete",
        "organise, organize, plan, host, hold, arrange, put on, set up",
        "learn, take up, pick up, master, get into",
        "renovate, refurbish, remodel, redecorate, restore, do up, modernise, modernize",
        "move, relocate",
        "find, land, look for, search for, seek, secure",
        "run, finish, complete, train for, prepare for, get ready for",
        "open, start, set up, found, establish",
        "migrate, port, upgrade, switch over",
        "lernen, auffrischen, verbessern, üben, beherrschen",
        "veröffentlichen, herausbringen, launchen, auf den markt bringen, rausbringen",
        "laufen, joggen, mitlaufen, finishen, bestreiten, absolvieren, durchlaufen",
        "organisieren, planen, veranstalten, ausrichten, auf die beine stellen",
        "schreiben, verfassen, abgeben, fertigstellen, fertig schreiben",
        "renovieren, sanieren, modernisieren, umbauen",
        "eröffnen, gründen, aufmachen, starten",
        "migrieren, umziehen, umstellen, überführen",
        "finden, suchen, bekommen",
    )
)


@lru_cache(maxsize=256)
def with_kin(leads: tuple[str, ...]) -> tuple[str, ...]:
    """Return lead verbs and those that mean about the same as the first ones of them.

    A group comes along if at least two of its verbs are named, or the first one is.
    """
    known = {lead.lower() for lead in leads}
    more = (
        verb
        for group in _KIN
        if group[0] in known or len(known & set(group)) > 1
        for verb in group
        if verb not in known
    )
    return (*leads, *dict.fromkeys(more))
