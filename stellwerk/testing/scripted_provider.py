"""A language model that says what a test has written down for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import Any, TypeAlias

from stellwerk.domain.goal import SourceKind
from stellwerk.errors import ProviderError
from stellwerk.planning.models import ModelReply, ModelRequest

Answer: TypeAlias = ModelReply | Exception | str | Mapping[str, Any] | list[Any]
"""A whole reply, an error to raise, raw text, or data as if it were parsed already."""

Script: TypeAlias = (
    Mapping[tuple[str, str], Answer] | Callable[[ModelRequest], Answer | Awaitable[Answer]]
)
"""Answers by (stage, subject), or a function of the request, which may be asynchronous.

An answer under `(stage, "")` is for every subject of that stage that has none of its own.
"""


class ScriptedProvider:
    """A provider that needs no network: the same request gets the same answer.

    Attributes:
        requests: What it was asked, in order, the unanswered included.

    Args:
        script: What it answers.
        model: The name it signs with, where an answer is not a whole reply.
    """

    name = "scripted"
    kind = SourceKind.MODEL
    stages = frozenset({"decompose", "tasks", "packages"})

    def __init__(self, script: Script, model: str = "script") -> None:
        self.requests: list[ModelRequest] = []
        self._script = script
        self._model = model

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer a request as the script says.

        Raises:
            ProviderError: The script has no answer for it, or says so.
        """
        self.requests.append(request)
        answer = self._answer(request)
        if isawaitable(answer):
            answer = await answer
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, ModelReply):
            return answer
        if isinstance(answer, str):
            return ModelReply(text=answer, model=self._model)
        return ModelReply(data=answer, model=self._model)

    def _answer(self, request: ModelRequest) -> Answer | Awaitable[Answer]:
        if callable(self._script):
            return self._script(request)
        for key in ((request.stage, request.subject), (request.stage, "")):
            if key in self._script:
                return self._script[key]
        msg = f"The script has no answer for {request.stage} of {request.subject!r}."
        raise ProviderError(msg)
