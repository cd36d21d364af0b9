"""Planning runs and the call log: what lets a run go on after `kill -9` without paying twice.

Each request to a model is one row of the call log: written as `started` before it is sent and
as `done` with the whole answer before anything acts on it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from stellwerk.errors import StorageError
from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import ModelReply, Usage
from stellwerk.planning.wish import Wish

SHOWN: Final = 8
"""So many characters of a run's uid are shown."""
_ODD: Final = "Nothing is lost. Report it with what `--debug` shows."


class RunStatus(StrEnum):
    """How a run stands. A running one that nobody holds was killed: it is interrupted."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    DONE = "done"


class Purpose(StrEnum):
    """What a run is for; only one that plans can be resumed by itself."""

    PLAN = "plan"
    REFINE = "refine"
    EXPAND = "expand"


class Limits(NamedTuple):
    """What a run may use; None where it may use what it likes.

    Attributes:
        cost_micro: Millionths of a US dollar.
        calls: Requests to models.
        tokens: Tokens of questions and answers together.
    """

    cost_micro: int | None = None
    calls: int | None = None
    tokens: int | None = None


NO_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Run:
    """One planning run.

    Attributes:
        uid: Its identity; what is born in its plan takes identity from it.
        wish: What is planned.
        started_at: When it began, UTC; what is born in its plan is born then.
        providers: Who is asked, in order, as named when it began.
        model: The model asked for with `--model`, or empty.
        offline: Whether playbooks may answer in the end.
        fresh: Whether answers of earlier runs are left alone.
        store: Whether its plan is stored; not so of a dry run.
        limits: What it may use.
        status: How it stands.
        finished_at: When it ended, UTC.
        goal: Uid of the goal it made.
        error: Why it stopped, in one sentence.
        purpose: What it is for.
    """

    uid: str
    wish: Wish
    started_at: datetime
    providers: tuple[str, ...] = ()
    model: str = ""
    offline: bool = True
    fresh: bool = False
    store: bool = True
    limits: Limits = NO_LIMITS
    status: RunStatus = RunStatus.RUNNING
    finished_at: datetime | None = None
    goal: str | None = None
    error: str = ""
    purpose: Purpose = Purpose.PLAN

    @property
    def short(self) -> str:
        """The beginning of its uid, as people see and type it."""
        return self.uid[:SHOWN]


class CallStatus(StrEnum):
    """How a call stands. One that started and never ended may have been billed."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a model and what came of it: a row of the call log.

    Attributes:
        uid: Its identity.
        run: Uid of its run.
        key: Content key: digest of provider, address, model, prompt, messages, schema, mode,
            parameters and number of the ask. The same key asks for the same answer.
        question: Digest of what is asked, whoever answers it: prompt, messages and schema of
            the first ask.
        stage: The stage that asks.
        subject: What it asks about.
        ask: How many answers to the question were turned down before.
        attempt: 1 for the first time this request is sent in its run.
        provider: Who is asked.
        base_url: Where.
        model: Which model.
        prompt: `id@version` of the prompt.
        template: Digest of the prompt's text.
        schema: Digest of the JSON Schema.
        mode: How JSON is asked for.
        parameters: JSON.
        request: The messages, JSON.
        reserved_tokens: The most it can use.
        reserved_micro: The most it can cost; None if no price is known.
        started_at: When it was sent, UTC.
        status: How it stands.
        reply: The whole answer; None until there is one, and when it was forgotten.
        failure: Why it failed, if it did.
        error: The same in a sentence.
        usage: What it used.
        finished_at: When it ended, UTC.
        accepted: Whether its answer was made into a draft.
        repaired: Whether that took a repair of its text.
        expires_at: Until when other runs may reuse its answer; None if they may not.
        reused: How often its answer stood in for a call of a later run.
    """

    uid: str
    run: str
    key: str
    question: str
    stage: str
    subject: str
    ask: int
    attempt: int
    provider: str
    base_url: str
    model: str
    prompt: str
    template: str
    schema: str
    mode: str
    parameters: str
    request: str
    reserved_tokens: int
    reserved_micro: int | None
    started_at: datetime
    status: CallStatus = CallStatus.STARTED
    reply: ModelReply | None = None
    failure: FailureKind | None = None
    error: str = ""
    usage: Usage = field(default_factory=Usage)
    finished_at: datetime | None = None
    accepted: bool = False
    repaired: bool = False
    expires_at: datetime | None = None
    reused: int = 0

    @property
    def answered(self) -> bool:
        """Whether it has an answer that is not forgotten."""
        return self.status is CallStatus.DONE and self.reply is not None

    def may_be_reused(self, at: datetime) -> bool:
        """Whether another run may take its answer for its own."""
        return (
            self.answered
            and self.accepted
            and self.expires_at is not None
            and self.expires_at > at
        )

    def finished(self, reply: ModelReply, at: datetime) -> Call:
        """Return the call with its answer (StorageError if it ended before)."""
        self._refuse_ended()
        reply = replace(reply, call=self.uid, provider=self.provider)
        status = CallStatus.DONE
        return replace(self, status=status, reply=reply, usage=reply.usage, finished_at=at)

    def failed(
        self, kind: FailureKind, error: str, usage: Usage, raw: str, at: datetime
    ) -> Call:
        """Return the call with why it failed (StorageError if it ended before)."""
        self._refuse_ended()
        reply = ModelReply(
            text=raw,
            finish_reason="other",
            usage=usage,
            call=self.uid,
            provider=self.provider,
        )
        return replace(
            self,
            status=CallStatus.FAILED,
            reply=reply if raw else None,
            failure=kind,
            error=error,
            usage=usage,
            finished_at=at,
        )

    def taken(self, *, repaired: bool, expires_at: datetime | None) -> Call:
        """Return the call with its answer made into a draft; a second time changes nothing.

        Raises:
            StorageError: It has no answer.
        """
        if self.status is not CallStatus.DONE:
            msg = f"The call {self.uid} has no answer ({self.status}) that could be accepted."
            raise StorageError(msg, _ODD)
        if self.accepted:
            return self
        return replace(self, accepted=True, repaired=repaired, expires_at=expires_at)

    def forgotten(self) -> Call:
        """Return the call without the texts of its request and its answer."""
        return replace(self, request="", reply=None, expires_at=None)

    def _refuse_ended(self) -> None:
        if self.status is not CallStatus.STARTED:
            msg = f"The call {self.uid} ended before ({self.status}); it was left as it is."
            raise StorageError(msg, _ODD)


class Contents(NamedTuple):
    """What the call log holds.

    Attributes:
        runs: Planning runs.
        calls: Calls of all runs.
        answers: Calls whose answer is kept.
        reusable: Those of them that other runs may reuse now.
        expired: Those of them that other runs might reuse once.
        reused: How often an answer stood in for a call.
        size: Bytes of all requests and answers that are kept.
        oldest: When the first call was sent.
        newest: When the last one was.
    """

    runs: int = 0
    calls: int = 0
    answers: int = 0
    reusable: int = 0
    expired: int = 0
    reused: int = 0
    size: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None


class Forgotten(NamedTuple):
    """What was forgotten.

    Attributes:
        calls: How many lost the texts of their request and answer.
        size: Bytes of those.
    """

    calls: int = 0
    size: int = 0


class RunLog(Protocol):
    """Keeps runs."""

    def save(self, run: Run) -> None:
        """Store a run, new or changed."""
        ...

    def run(self, uid: str) -> Run:
        """Return a run by its uid or the beginning of it, as `runs` does.

        Raises:
            UsageError: The beginning is too short, or fits several.
            NotFoundError: There is no such run.
        """
        ...

    def runs(self) -> Sequence[Run]:
        """Return all runs, newest first; a running one that nobody holds is interrupted."""
        ...

    def drop(self, uid: str) -> None:
        """Forget a run and its calls, answers that others could reuse included.

        Raises:
            NotFoundError: There is no run with that uid.
            ConflictError: Somebody holds it.
        """
        ...

    def hold(self, uid: str) -> AbstractContextManager[None]:
        """Hold a run while working on it.

        Raises:
            ConflictError: Another process holds it.
        """
        ...


class CallLog(Protocol):
    """Keeps calls; each method is one transaction, on disk when it returns."""

    def begin(self, call: Call) -> None:
        """Store a call before its request is sent (NotFoundError without its run)."""
        ...

    def finish(self, uid: str, reply: ModelReply, at: datetime) -> None:
        """Store the answer of a call before anything acts on it."""
        ...

    def fail(
        self, uid: str, kind: FailureKind, error: str, usage: Usage, raw: str, at: datetime
    ) -> None:
        """Store why a call failed, and the answer as far as there was one."""
        ...

    def accept(self, uid: str, *, repaired: bool, expires_at: datetime | None) -> None:
        """Mark the answer of a call as made into a draft; a second time changes nothing."""
        ...

    def reused(self, uid: str) -> None:
        """Count that the answer of a call stood in for a call of another run."""
        ...

    def answered(self, run: str, key: str) -> Call | None:
        """Return the call of a run with a content key that has an answer."""
        ...

    def reusable(self, key: str, at: datetime) -> Call | None:
        """Return the newest accepted call of any run with a key that has not expired."""
        ...

    def settled(self, run: str, question: str) -> Call | None:
        """Return the accepted call of a run for a question, whoever answered it."""
        ...

    def refused(
        self, provider: str, base_url: str, model: str, since: datetime
    ) -> Collection[str]:
        """Return the modes a model was asked in since then that it does not support."""
        ...

    def attempts(self, run: str, key: str) -> int:
        """Return how many times a request was sent in a run."""
        ...

    def calls(self, run: str) -> Sequence[Call]:
        """Return the calls of a run, oldest first."""
        ...

    def figures(self, since: datetime | None = None) -> Sequence[Call]:
        """Return the calls of all runs, oldest first, without requests and answers."""
        ...


class AnswerCache(Protocol):
    """The call log as a cache of answers: how much it holds, and forgetting.

    What is forgotten are the texts of requests and answers; counts and costs stay. Calls
    of a run that can be resumed are never forgotten: it would have to pay for them twice.
    """

    def size(self) -> int:
        """Return the bytes of all requests and answers that are kept."""
        ...

    def contents(self, at: datetime) -> Contents:
        """Return what the log holds."""
        ...

    def prune(self, megabytes: int, keep: Collection[str] = ()) -> Forgotten:
        """Forget the oldest calls of done runs until the log is no larger than that.

        Args:
            megabytes: Of 1,048,576 bytes.
            keep: Uids of runs that are left alone.
        """
        ...

    def clear(self, at: datetime, *, expired_only: bool = False) -> Forgotten:
        """Forget the calls of done runs; or only those whose answer has expired."""
        ...
