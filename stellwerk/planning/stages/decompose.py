"""Decompose: the goal into routes, edges and decisions."""

from __future__ import annotations

from dataclasses import asdict

from stellwerk.planning.asking import Answered, Check, Panel, Question
from stellwerk.planning.drafts import StructureDraft
from stellwerk.planning.structured import Where
from stellwerk.planning.wish import Caps, Wish

QUESTION = Question("decompose", StructureDraft, role="reasoning")


async def decompose(
    panel: Panel, wish: Wish, caps: Caps, check: Check[StructureDraft]
) -> Answered[StructureDraft]:
    """Return the structure of a plan for a wish.

    Args:
        panel: Who is asked.
        wish: What is planned.
        caps: The most there may be of everything.
        check: Says what is wrong with a structure.
    """
    inputs = {"wish": asdict(wish), "background": wish.told(), "caps": caps._asdict()}
    where = Where(language=wish.language)
    return await QUESTION.ask(panel, wish.title, inputs, where, check)
