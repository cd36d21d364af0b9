"""How a stage asks a model: prompt, schema and draft tied together in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Literal, TypeVar

from stellwerk.planning.drafts import Draft
from stellwerk.planning.models import LanguageModel, ModelRequest
from stellwerk.planning.prompts import prompt
from stellwerk.planning.structured import draft_of

Answer = TypeVar("Answer", bound=Draft)


@dataclass(frozen=True, slots=True)
class Question(Generic[Answer]):
    """A stage's question.

    Attributes:
        stage: Name of the stage and of its prompt.
        draft: What is expected as an answer.
        role: Whether the answer wants speed or reasoning.
    """

    stage: str
    draft: type[Answer]
    role: Literal["fast", "reasoning"] = "fast"

    async def ask(
        self, model: LanguageModel, subject: str, inputs: Mapping[str, Any]
    ) -> tuple[Answer, str]:
        """Return the draft and who answered (ProviderError)."""
        template = prompt(self.stage)
        request = ModelRequest(
            stage=self.stage,
            subject=subject,
            inputs=inputs,
            schema=self.draft.model_json_schema(),
            prompt=template.label,
            messages=partial(template.render, inputs),
            role=self.role,
        )
        reply = await model.complete(request)
        asked = f"{self.stage} of “{subject}”"
        return draft_of(self.draft, reply, asked), reply.model
