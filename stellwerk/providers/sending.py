"""A provider with what surrounds its calls: each layer takes a way of sending and gives one."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from stellwerk.domain.goal import SourceKind
from stellwerk.errors import ProviderError, StellwerkError
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import LanguageModel, ModelReply, ModelRequest

Send: TypeAlias = Callable[[ModelRequest], Awaitable[ModelReply]]


@dataclass(frozen=True, slots=True)
class Contained:
    """Sends a request by a provider that may be anybody's: what goes wrong is a ModelError.

    Attributes:
        send: Sends it.
        name: The provider's name.
    """

    send: Send
    name: str

    async def __call__(self, request: ModelRequest) -> ModelReply:
        """Answer a request.

        Raises:
            ModelError: It failed, or what came is no answer that can be kept.
        """
        try:
            reply = await self.send(request)
            if not isinstance(reply, ModelReply):
                raise TypeError(f"it gave {type(reply).__name__} for an answer")  # noqa: TRY301
            json.dumps(reply.data)
        except ModelError:
            raise
        except ProviderError as error:
            kind = FailureKind.BAD_REQUEST
            raise ModelError(kind, error.message, error.hint) from error
        except (StellwerkError, TimeoutError):
            raise
        except Exception as error:
            msg = f"The provider {self.name} broke down: {type(error).__name__}: {error}."
            hint = "Report it to whoever made that provider."
            raise ModelError(FailureKind.GARBLED, msg, hint) from error
        return reply


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
