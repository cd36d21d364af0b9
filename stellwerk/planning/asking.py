"""How a stage asks: one model after the other, each until its answer is a valid draft."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

from stellwerk.errors import ProviderError
from stellwerk.planning.drafts import Draft
from stellwerk.planning.events import CallRepaired, Emit, FailedOver, ignore
from stellwerk.planning.failures import FINAL, FailureKind, ModelError
from stellwerk.planning.models import LanguageModel, ModelReply, ModelRequest, Role
from stellwerk.planning.prompts import Prompt, PromptShelf
from stellwerk.planning.structured import Drafted, Where, draft_of

Answer = TypeVar("Answer", bound=Draft)
Check = Callable[[Answer], Sequence[str]]
"""Says in full sentences what is wrong with a draft beyond its shape."""

_LAST_ANSWER: Final = 24_000
"""So many characters of an answer that did not fit go back to the model."""
_GROWTH: Final = 2
_QUESTIONS: Final = {
    "decompose": "the question for the routes",
    "tasks": "the question for the tasks",
    "packages": "the question for the work packages",
    "review": "the question for a review",
    "refine": "the question for an improvement",
    "expand": "the question for smaller work packages",
}
"""How an error calls a question, before what it is about."""


class Checkpoints(Protocol):
    """Remembers answers that were made into drafts, so that no run pays for them twice."""

    def recall(self, request: ModelRequest) -> ModelReply | None:
        """Return the answer this run got to a question before, whoever gave it."""
        ...

    def accept(self, reply: ModelReply, *, repaired: bool) -> None:
        """Remember that an answer was made into a draft."""
        ...


class NoCheckpoints:
    """Remembers nothing: for answers that cost nothing."""

    def recall(self, request: ModelRequest) -> ModelReply | None:  # noqa: ARG002
        """Return None."""
        return None

    def accept(self, reply: ModelReply, *, repaired: bool) -> None:
        """Do nothing."""


@dataclass
class Brake:
    """Stops a run: what is being sent ends, nothing else begins.

    Attributes:
        pulled: Whether it stops.
        cause: The first error that made it stop.
    """

    pulled: bool = False
    cause: Exception | None = None
    _noticed: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def pull(self, cause: Exception) -> None:
        """Stop the run because of an error; a later one changes nothing."""
        self.pulled = True
        self.cause = self.cause or cause
        self._noticed.set()

    def check(self) -> None:
        """Refuse to begin anything once it is pulled (ModelError)."""
        if self.pulled:
            raise ModelError(FailureKind.STOPPED, "The run stopped before this was asked.")

    async def rest(self, wait: Coroutine[Any, Any, None]) -> None:
        """Wait, but no longer than until it is pulled (ModelError then)."""
        waits = [asyncio.ensure_future(each) for each in (wait, self._noticed.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
        self.check()


@dataclass(frozen=True, slots=True)
class Panel:
    """Who answers the questions of a run.

    Attributes:
        models: The models, in the order in which they are asked.
        shelf: The prompts.
        max_repairs: How often a model is asked to correct its answer.
        emit: Hears of what happens.
        checkpoints: Remembers the answers.
        brake: Pulled when the run cannot succeed any more.
        run: Uid of the run, if it is recorded.
    """

    models: tuple[LanguageModel, ...]
    shelf: PromptShelf = field(default_factory=PromptShelf)
    max_repairs: int = 2
    emit: Emit = ignore
    checkpoints: Checkpoints = field(default_factory=NoCheckpoints)
    brake: Brake = field(default_factory=Brake)
    run: str = ""

    def answering(self, stage: str) -> tuple[LanguageModel, ...]:
        """Return the models that answer a stage."""
        return tuple(model for model in self.models if stage in model.stages)


class Answered(NamedTuple, Generic[Answer]):
    """A draft with who made it.

    Attributes:
        draft: The draft.
        provider: Name of the provider.
        model: The model, or the playbook.
    """

    draft: Answer
    provider: str
    model: str


@dataclass(frozen=True, slots=True)
class Question(Generic[Answer]):
    """A stage's question.

    Attributes:
        stage: Name of the stage and of its prompt.
        draft: What is expected as an answer.
        role: Whether the answer wants speed or reasoning.
        max_tokens: The most tokens the answer may have; an answer that is cut off may have
            more once.
        divisible: Whether less is asked for when an answer is cut off. One that was cut off
            before the run stopped is then not asked for again.
    """

    stage: str
    draft: type[Answer]
    role: Role = "fast"
    max_tokens: int = 16_000
    divisible: bool = False

    async def ask(
        self,
        panel: Panel,
        subject: str,
        inputs: Mapping[str, Any],
        where: Where,
        check: Check[Answer] = lambda _: (),
    ) -> Answered[Answer]:
        """Return the first valid draft.

        Args:
            panel: Who is asked.
            subject: What the question is about, as events and errors name it.
            inputs: Of the prompt, JSON data.
            where: What an answer is about, as far as it decides how it is read.
            check: Says what is wrong with a draft beyond its shape.

        Raises:
            ProviderError: Nobody gave one.
        """
        request = self.request(panel.shelf.prompt(self.stage), subject, inputs)
        inquiry = _Inquiry(self.draft, panel, request, where, check, self.divisible)
        if (known := inquiry.known()) is not None:
            return known
        panel.brake.check()
        models = panel.answering(self.stage)
        errors: list[tuple[str, ProviderError]] = []
        for model, following in zip(models, (*models[1:], None), strict=False):
            try:
                return await inquiry.consult(model, last=following is None)
            except ProviderError as error:
                errors.append((model.name, error))
                if panel.brake.pulled or _final(error):
                    raise
                if following:
                    told = (model.name, following.name, error.message)
                    panel.emit(FailedOver(self.stage, subject, *told))
        raise _nobody(self.stage, errors)

    def request(self, prompt: Prompt, subject: str, inputs: Mapping[str, Any]) -> ModelRequest:
        """Return the first request for an answer."""
        return ModelRequest(
            stage=self.stage,
            subject=subject,
            inputs=inputs,
            schema=_schema_of(self.draft),
            prompt=prompt.label,
            messages=lambda: prompt.render(inputs),
            template=prompt.digest,
            role=self.role,
            max_tokens=self.max_tokens,
        )


@dataclass(frozen=True, slots=True)
class _Inquiry(Generic[Answer]):
    """One question on its way to an answer that fits."""

    draft: type[Answer]
    panel: Panel
    first: ModelRequest
    where: Where
    check: Check[Answer]
    divisible: bool = False

    def known(self) -> Answered[Answer] | None:
        """Return the draft this run made of an answer before it stopped."""
        reply = self.panel.checkpoints.recall(self.first)
        if reply is None:
            return None
        try:
            drafted = self._drafted(reply)
        except ModelError:  # it fitted then; what is asked of an answer has changed since
            return None
        return Answered(drafted.draft, reply.provider, reply.model)

    async def consult(self, model: LanguageModel, *, last: bool) -> Answered[Answer]:
        """Ask one model until its answer fits, or it was asked often enough.

        Answers from before the run stopped count, too. Where none of them fits and nobody
        else can be asked, the question is put anew: else no run could go on after them.
        """
        panel, request, repairs = self.panel, self.first, 0
        while True:
            reply = await model.complete(request)
            try:
                drafted = self._drafted(reply)
            except ModelError as error:
                again = self._after(request, error, repairs)
                if again is None and last and reply.replayed and self._renewed(error):
                    request, repairs = replace(self.first, ask=request.ask + 1), 0
                    continue
                self._tell(model, error, again=again is not None)
                if again is None:
                    raise
                repairs += again.ask - request.ask
                request = again
            else:
                if drafted.notes or drafted.repaired:
                    self._tell(model, None, again=False, notes=drafted.notes)
                panel.checkpoints.accept(reply, repaired=drafted.repaired)
                return Answered(drafted.draft, reply.provider or model.name, reply.model)

    def _after(
        self, request: ModelRequest, error: ModelError, repairs: int
    ) -> ModelRequest | None:
        """Return what is asked after an answer that was no draft, if anything is."""
        if error.kind is FailureKind.TRUNCATED and request.max_tokens < self._most:
            return replace(request, max_tokens=self._most)
        if error.kind in _MENDABLE and repairs < self.panel.max_repairs:
            return self._again(request, error)
        return None

    def _renewed(self, error: ModelError) -> bool:
        return not (self.divisible and error.kind is FailureKind.TRUNCATED)

    @property
    def _most(self) -> int:
        return self.first.max_tokens * _GROWTH

    def _drafted(self, reply: ModelReply) -> Drafted[Answer]:
        asked = _QUESTIONS.get(
            self.first.stage, f"the question of the stage {self.first.stage}"
        )
        asked = f"{asked} of “{self.first.subject}”"
        drafted = draft_of(self.draft, reply, asked, self.where)
        if problems := tuple(self.check(drafted.draft)):
            msg = f"The answer of {reply.model} to {asked} does not fit: {' '.join(problems)}"
            kind = FailureKind.INVALID
            raise ModelError(kind, msg, usage=reply.usage, raw=reply.text, problems=problems)
        return drafted

    def _again(self, request: ModelRequest, error: ModelError) -> ModelRequest:
        """Return the first question with the last answer and what was wrong with it."""
        repair = self.panel.shelf.prompt("repair")
        first = self.first.messages

        def messages() -> list[dict[str, str]]:
            inputs = {"stage": request.stage, "problems": list(error.problems)}
            asked = [m for m in repair.render(inputs) if m["role"] == "user"]
            raw = error.raw[:_LAST_ANSWER].encode(errors="replace").decode()
            return [*first(), {"role": "assistant", "content": raw or "(nothing)"}, *asked]

        return replace(request, messages=messages, ask=request.ask + 1)

    def _tell(
        self,
        model: LanguageModel,
        error: ModelError | None,
        *,
        again: bool,
        notes: tuple[str, ...] = (),
    ) -> None:
        told = notes if error is None else error.problems or (error.message,)
        request = self.first
        self.panel.emit(
            CallRepaired(request.stage, request.subject, model.name, tuple(told), again)
        )


@cache
def _schema_of(draft: type[Draft]) -> Mapping[str, Any]:
    return draft.model_json_schema()


_MENDABLE: Final = frozenset({FailureKind.NOT_JSON, FailureKind.INVALID})


TOO_MUCH: Final = frozenset({FailureKind.TRUNCATED, FailureKind.CONTEXT_TOO_LONG})
"""What may be answered if less is asked for."""


def _final(error: ProviderError) -> bool:
    return isinstance(error, ModelError) and error.kind in FINAL


def _nobody(stage: str, errors: Sequence[tuple[str, ProviderError]]) -> ProviderError:
    """Return the error that says why nobody answered."""
    if not errors:
        return ProviderError(
            f"No provider answers the stage {stage}.", "See `stellwerk providers`."
        )
    if len(errors) == 1:
        return errors[0][1]
    told = " ".join(f"{name}: {error.message}" for name, error in errors)
    msg, hint = f"Nobody could answer. {told}", errors[0][1].hint
    kinds = (error.kind for _, error in errors if isinstance(error, ModelError))
    if kind := next((each for each in kinds if each in TOO_MUCH), None):
        return ModelError(kind, msg, hint)
    return ProviderError(msg, hint)
