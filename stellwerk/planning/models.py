"""Language models as planning sees them: what it asks, what it gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from stellwerk.domain.goal import SourceKind


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question to a model.

    Attributes:
        stage: The stage that asks (`decompose`, `tasks`, `packages`).
        subject: What it asks about: the goal, a route's key, a task's key.
        inputs: Structured inputs of the prompt, JSON data.
        schema: JSON Schema of the wanted answer.
        prompt: `id@version` of the prompt.
        messages: Renders the prompt; only providers that read text call it.
        role: Whether the answer wants speed or reasoning.
    """

    stage: str
    subject: str
    inputs: Mapping[str, Any]
    schema: Mapping[str, Any]
    prompt: str
    messages: Callable[[], list[dict[str, str]]]
    role: Literal["fast", "reasoning"] = "fast"


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call used; None where it is not known."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_micro: int | None = None


@dataclass(frozen=True, slots=True)
class ModelReply:
    """One answer of a model.

    Attributes:
        data: The answer as JSON data, where the provider has it parsed.
        text: The answer as raw text.
        model: Who answered: a model's name, a playbook's id.
        finish_reason: `stop`, `length`, `refusal`.
        usage: Tokens and cost.
    """

    data: Any = None
    text: str = ""
    model: str = ""
    finish_reason: str = "stop"
    usage: Usage = field(default_factory=Usage)


class LanguageModel(Protocol):
    """Something that answers stages; retrying, logging and the like wrap around it."""

    name: str
    kind: SourceKind
    stages: frozenset[str]

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer a request.

        Raises:
            ProviderError: It cannot.
        """
        ...
