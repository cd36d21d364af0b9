"""Language models as planning sees them: what it asks, what it gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from stellwerk.domain.goal import SourceKind

Message: TypeAlias = Mapping[str, str]
"""`role` (`system`, `user` or `assistant`) and `content`."""

Role: TypeAlias = Literal["fast", "reasoning"]
Mode: TypeAlias = Literal["schema", "json", "text"]
"""How a provider is asked for JSON: held to a schema, held to JSON, or by the prompt alone."""

FinishReason: TypeAlias = Literal["stop", "length", "refusal", "filtered", "other"]


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question to a model.

    Attributes:
        stage: The stage that asks (`decompose`, `tasks`, `packages`, `review`).
        subject: What it asks about: the goal, a route's key, a task's key.
        inputs: Structured inputs of the prompt, JSON data.
        schema: JSON Schema of the wanted answer.
        prompt: `id@version` of the prompt.
        template: Digest of the prompt's text.
        messages: Renders the prompt; only providers that read text call it.
        role: Whether the answer wants speed or reasoning.
        ask: How many answers to this question were turned down before.
        mode: How the provider is to be asked for JSON.
        max_tokens: The most tokens the answer may have.
    """

    stage: str
    subject: str
    inputs: Mapping[str, Any]
    schema: Mapping[str, Any]
    prompt: str
    messages: Callable[[], list[dict[str, str]]]
    template: str = ""
    role: Role = "fast"
    ask: int = 0
    mode: Mode = "schema"
    max_tokens: int = 16_000


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call used; None where it is not known.

    Attributes:
        input_tokens: All tokens of the question, those read from a cache included.
        cached_tokens: Those of them that the provider read from its cache.
        output_tokens: All tokens of the answer, those of reasoning included.
        reasoning_tokens: Those of them that were spent on reasoning.
        cost_micro: What it cost, in millionths of a US dollar.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_micro: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class ModelReply:
    """One answer of a model.

    Attributes:
        data: The answer as JSON data, where the provider has it parsed.
        text: The answer as raw text.
        model: Who answered: a model's name, a playbook's id.
        finish_reason: Why it ended; anything but `stop` is no whole answer.
        usage: Tokens and cost.
        request_id: By which the provider knows the call; empty if it does not say.
        call: Uid of its row in the call log; empty if it is in none.
        provider: Who was asked, where the call log says so.
        replayed: Whether the call log gave it again, so that nobody was asked.
    """

    data: Any = None
    text: str = ""
    model: str = ""
    finish_reason: FinishReason = "stop"
    usage: Usage = field(default_factory=Usage)
    request_id: str = ""
    call: str = ""
    provider: str = ""
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes.

    Attributes:
        model: The model that is asked.
        base_url: Where it is reached, without credentials.
        parameters: What else shapes its answer (temperature, effort, ...), JSON data.
    """

    model: str
    base_url: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProviderOptions:
    """What a provider gets when it is built.

    Attributes:
        settings: Its own settings by name (`model`, `base_url`, ...); None where unset.
        folders: Folders with the user's own playbooks.
        key: Returns its API key, for the call that needs it; None where there is none.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    folders: tuple[Path, ...] = ()
    key: Callable[[], str] | None = None


class LanguageModel(Protocol):
    """Something that answers stages; retrying, logging and the like wrap around it."""

    @property
    def name(self) -> str:
        """The name it is configured by."""
        ...

    @property
    def kind(self) -> SourceKind:
        """Whether a playbook or a model answers."""
        ...

    @property
    def stages(self) -> frozenset[str]:
        """The stages it can answer."""
        ...

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer a request.

        Raises:
            ProviderError: It cannot.
        """
        ...


@runtime_checkable
class WireModel(LanguageModel, Protocol):
    """A model that is reached over the wire, may fail on the way, and costs something.

    Its calls are recorded, retried, slowed down and counted; `complete` makes one request
    and no more, and raises `ModelError` for whatever goes wrong with it.
    """

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The ways it can be asked for JSON, the strictest first."""
        ...

    def target(self, request: ModelRequest) -> Target:
        """Return where a request would go, without asking anybody."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
