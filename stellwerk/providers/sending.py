"""A provider with what surrounds its calls: each layer takes a way of sending and gives one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from stellwerk.domain.goal import SourceKind
from stellwerk.planning.models import LanguageModel, ModelReply, ModelRequest

Send: TypeAlias = Callable[[ModelRequest], Awaitable[ModelReply]]


class Surrounded:
    """A language model that sends its requests through layers.

    Args:
        model: The model itself.
        send: Its layers.
    """

    def __init__(self, model: LanguageModel, send: Send) -> None:
        self._model = model
        self._send = send

    @property
    def name(self) -> str:
        """The provider's name."""
        return self._model.name

    @property
    def kind(self) -> SourceKind:
        """The provider's kind."""
        return self._model.kind

    @property
    def stages(self) -> frozenset[str]:
        """What the provider answers."""
        return self._model.stages

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer a request.

        Raises:
            ModelError: All layers gave up.
        """
        return await self._send(request)
