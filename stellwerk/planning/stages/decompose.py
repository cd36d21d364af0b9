"""Decompose: the goal into routes, edges and decisions."""

from __future__ import annotations

from dataclasses import asdict

from stellwerk.planning.asking import Question
from stellwerk.planning.drafts import StructureDraft
from stellwerk.planning.models import LanguageModel
from stellwerk.planning.wish import Wish

QUESTION = Question("decompose", StructureDraft, role="reasoning")


async def decompose(model: LanguageModel, wish: Wish) -> tuple[StructureDraft, str]:
    """Return the structure of a plan for a wish, and who drew it."""
    return await QUESTION.ask(model, wish.title, {"wish": asdict(wish)})
