"""Asking for JSON in the strictest way a provider knows, one step down where it refuses.

What it refused is read from the call log, so the next run does not try it again for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TypeAlias

from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import Mode, ModelReply, ModelRequest, Target, WireModel
from stellwerk.providers.sending import Send

Refused: TypeAlias = Callable[[Target], Collection[str]]
"""Returns the modes that were refused at a target lately."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Sends a request in the strictest mode that was not refused.

    Attributes:
        send: Sends it.
        model: Whose modes they are.
        refused: Knows what was refused before.
        tell: Hears of the model and the mode when it steps down.
    """

    send: Send
    model: WireModel
    refused: Refused
    tell: Callable[[str, Mode], None]

    async def __call__(self, request: ModelRequest) -> ModelReply:
        """Answer a request.

        Raises:
            ModelError: Also that not even the simplest mode is supported.
        """
        target = self.model.target(request)
        refused = self.refused(target)
        *stricter, simplest = self.model.modes
        for mode in stricter:
            if mode in refused:
                continue
            try:
                return await self.send(replace(request, mode=mode))
            except ModelError as error:
                if error.kind is not FailureKind.UNSUPPORTED:
                    raise
                simpler = self.model.modes[self.model.modes.index(mode) + 1]
                self.tell(target.model, simpler)
        return await self.send(replace(request, mode=simplest))
