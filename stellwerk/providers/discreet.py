"""No answer and no error holds a key, whatever a server sends back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from stellwerk.errors import ProviderError
from stellwerk.planning.failures import ModelError
from stellwerk.planning.models import ModelReply, ModelRequest
from stellwerk.providers.redaction import Redactor
from stellwerk.providers.sending import Send


@dataclass(frozen=True, slots=True)
class Discreet:
    """Sends a request and takes keys out of what comes back, before anything is stored or told.

    An answer loses known keys alone, so that nothing else of a plan is changed; an error
    loses what looks like a key too.

    Attributes:
        send: Sends it.
        redactor: Takes keys out.
    """

    send: Send
    redactor: Redactor

    async def __call__(self, request: ModelRequest) -> ModelReply:
        """Answer a request.

        Raises:
            ProviderError: As without it.
        """
        try:
            reply = await self.send(request)
        except ProviderError as error:
            self._clean(error)
            raise
        hidden = self.redactor.without_known
        return replace(
            reply,
            data=_each_text(reply.data, self.redactor),
            text=hidden(reply.text),
            model=hidden(reply.model),
            request_id=hidden(reply.request_id),
        )

    def _clean(self, error: ProviderError) -> None:
        scrub = self.redactor.scrub
        error.message, error.hint = scrub(error.message), scrub(error.hint)
        error.args = (error.message,)
        if isinstance(error, ModelError):
            error.raw, error.request_id = scrub(error.raw), scrub(error.request_id)
            error.problems = tuple(scrub(problem) for problem in error.problems)


def _each_text(data: Any, redactor: Redactor) -> Any:
    """Return JSON data with the known keys taken out of every text."""
    if isinstance(data, str):
        return redactor.without_known(data)
    if isinstance(data, dict):
        return {
            redactor.without_known(str(name)): _each_text(data[name], redactor)
            for name in data
        }
    if isinstance(data, list | tuple):
        return [_each_text(each, redactor) for each in data]
    return data
