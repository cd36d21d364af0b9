"""Recording: each request is in the call log before it is sent, each answer before it is used.

The log answers too: what a run was told before it was interrupted, and what any run was told
when exactly the same was asked (design: content key, then provider).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from stellwerk.planning.asking import Brake
from stellwerk.planning.events import CallDone, CallStarted, Emit, Origin
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import ModelReply, ModelRequest, Usage, WireModel
from stellwerk.planning.runs import Call, CallLog, Run
from stellwerk.providers.budget import Budget, counted
from stellwerk.providers.clock import Clock
from stellwerk.providers.pricing import Prices
from stellwerk.providers.sending import Send
from stellwerk.providers.throttle import Throttle

_VERSION: Final = 1
"""Of the content key; counted up when what an answer depends on changes."""
_SLOWING: Final = frozenset({FailureKind.RATE_LIMITED, FailureKind.OVERLOADED})


@dataclass(frozen=True, slots=True)
class Recorder:
    """Keeps the call log of one run.

    Attributes:
        run: The run.
        log: The call log.
        new_uid: Gives a call its identity.
        clock: Says when it was.
        budget: What the run may use.
        prices: What calls cost.
        emit: Hears of what happens.
        brake: Once pulled, nothing more is sent.
        reuse: For how long other runs may reuse an answer.
    """

    run: Run
    log: CallLog
    new_uid: Callable[[], str]
    clock: Clock
    budget: Budget
    prices: Prices
    emit: Emit
    brake: Brake
    reuse: timedelta

    def recall(self, request: ModelRequest) -> ModelReply | None:
        """Return the answer this run got to a question before, whoever gave it."""
        call = self.log.settled(self.run.uid, question_key(request))
        return self._replayed(call, "resumed") if call else None

    def accept(self, reply: ModelReply, *, repaired: bool) -> None:
        """Remember that an answer was made into a draft, so that other runs may reuse it."""
        if reply.call:
            until = self.clock.now() + self.reuse if self.reuse else None
            self.log.accept(reply.call, repaired=repaired, expires_at=until)

    def known(self, call: Call) -> ModelReply | None:
        """Return the answer to a request, if the log has it."""
        answered = self.log.answered(self.run.uid, call.key)
        if answered:
            return self._replayed(answered, "resumed")
        if self.run.fresh or not self.reuse:
            return None
        reusable = self.log.reusable(call.key, self.clock.now())
        if reusable is None:
            return None
        self.log.reused(reusable.uid)
        return self._replayed(reusable, "reused")

    def _replayed(self, call: Call, origin: Origin) -> ModelReply | None:
        if call.reply is None:
            return None
        who = (call.stage, call.subject, call.provider, call.model)
        self.emit(CallDone(*who, Usage(), 0.0, origin))
        told: dict[str, Any] = {"call": call.uid, "provider": call.provider, "usage": Usage()}
        return replace(call.reply, **told, replayed=True)


@dataclass(frozen=True, slots=True)
class Recording:
    """Sends one request and records it.

    Attributes:
        send: Sends it.
        model: Who is asked.
        recorder: The run's call log.
        throttle: How many requests may be on their way.
        timeout: Seconds an answer may take, however slowly it drips in.
        admit: Refuses a request that waited for its slot for too long (ModelError).
    """

    send: Send
    model: WireModel
    recorder: Recorder
    throttle: Throttle
    timeout: float
    admit: Callable[[], None]

    async def __call__(self, request: ModelRequest) -> ModelReply:
        """Answer a request from the log, or send it.

        Raises:
            ModelError: It failed, or is beyond the budget.
        """
        call = self._call(request)
        known = self.recorder.known(call)
        if known is not None:
            return known
        async with self.recorder.budget.reserve(
            call.reserved_tokens, call.reserved_micro
        ) as reservation:
            reservation.cancel()  # what waits for a slot and is turned away costs nothing
            async with self.throttle.slot() as since:
                self.admit()
                reservation.settle(Usage())
                try:
                    reply = await self._sent(request, call, since)
                except ModelError as error:
                    reservation.settle(counted(error.usage, error.kind))
                    raise
            reservation.settle(reply.usage)
            return reply

    async def _sent(self, request: ModelRequest, call: Call, since: int) -> ModelReply:
        recorder, clock = self.recorder, self.recorder.clock
        attempt = recorder.log.attempts(call.run, call.key) + 1
        call = replace(call, attempt=attempt, started_at=clock.now())
        told = (call.stage, call.subject, call.provider, call.model)
        recorder.log.begin(call)
        recorder.emit(CallStarted(*told, attempt))
        started = clock.monotonic()
        try:
            reply = await self._timed(request)
        except ModelError as error:
            if error.kind in _SLOWING:
                self.throttle.slow(since, error.retry_after or 0.0)
            error.call = call.uid
            error.usage = self._priced(call.model, error.usage)
            recorder.log.fail(
                call.uid, error.kind, error.message, error.usage, error.raw, clock.now()
            )
            raise
        self.throttle.ease()
        usage = self._priced(call.model, reply.usage)
        reply = replace(reply, usage=usage, call=call.uid, provider=call.provider)
        recorder.log.finish(call.uid, reply, clock.now())
        recorder.emit(CallDone(*told, usage, clock.monotonic() - started, "asked"))
        return reply

    async def _timed(self, request: ModelRequest) -> ModelReply:
        try:
            async with asyncio.timeout(self.timeout):
                return await self.send(request)
        except TimeoutError:
            msg = f"{self.model.name} gave no whole answer in {self.timeout:g} seconds."
            hint = f"Set ai.{self.model.name}.timeout_seconds if it should have more."
            raise ModelError(FailureKind.TIMEOUT, msg, hint) from None

    def _priced(self, model: str, usage: Usage) -> Usage:
        if usage.cost_micro is not None:
            return usage
        price = self.recorder.prices.price(self.model.name, model)
        return replace(usage, cost_micro=price.cost(usage)) if price else usage

    def _call(self, request: ModelRequest) -> Call:
        target = self.model.target(request)
        messages = request.messages()
        parameters = {**target.parameters, "max_tokens": request.max_tokens}
        price = self.recorder.prices.price(self.model.name, target.model)
        text = canonical(messages)
        asked = tokens_of(text) + tokens_of(canonical(request.schema))
        identity = {
            "v": _VERSION,
            "provider": self.model.name,
            "base_url": target.base_url,
            "model": target.model,
            "template": request.template,
            "messages": messages,
            "schema": request.schema,
            "mode": request.mode,
            "parameters": parameters,
            "ask": request.ask,
        }
        return Call(
            uid=self.recorder.new_uid(),
            run=self.recorder.run.uid,
            key=digest(identity),
            question=question_key(request),
            stage=request.stage,
            subject=request.subject,
            ask=request.ask,
            attempt=1,
            provider=self.model.name,
            base_url=target.base_url,
            model=target.model,
            prompt=request.prompt,
            template=request.template,
            schema=digest(request.schema),
            mode=request.mode,
            parameters=canonical(parameters),
            request=text,
            reserved_tokens=asked + request.max_tokens,
            reserved_micro=price.most(asked, request.max_tokens) if price else None,
            started_at=self.recorder.clock.now(),
        )


def question_key(request: ModelRequest) -> str:
    """Return the digest of what is asked, whoever answers it and however often it is asked."""
    return digest(
        {
            "v": _VERSION,
            "template": request.template,
            "stage": request.stage,
            "inputs": request.inputs,
            "schema": request.schema,
        }
    )


def tokens_of(text: str) -> int:
    """Return the most tokens a text can reasonably have: one for three bytes."""
    return len(text.encode()) // 3 + 16


def canonical(data: Any) -> str:
    """Return JSON that is the same for the same data."""
    return json.dumps(
        data, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def digest(data: Any) -> str:
    """Return the SHA-256 of data's canonical JSON, hexadecimal."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()
