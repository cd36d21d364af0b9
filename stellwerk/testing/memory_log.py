"""Planning runs and a call log that are forgotten when they go; promises as the real one."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from stellwerk.errors import ConflictError
from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import ModelReply, Usage
from stellwerk.planning.run_names import named, no_call, no_run
from stellwerk.planning.runs import Call, Contents, Forgotten, Run, RunStatus
from stellwerk.storage.run_locks import refusal
from stellwerk.storage.run_rows import size_of

_MEGABYTE = 1024 * 1024


class MemoryRunLog:
    """Keeps runs and calls in dictionaries: a `RunLog`, a `CallLog` and an `AnswerCache`."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._calls: dict[str, Call] = {}
        self._held: set[str] = set()

    def save(self, run: Run) -> None:
        """Store a run, new or changed."""
        self._runs[run.uid] = run

    def run(self, uid: str) -> Run:
        """Return a run by its uid or the beginning of it, as `runs` does."""
        return named(uid, self.runs())

    def runs(self) -> list[Run]:
        """Return all runs, newest first; a running one that nobody holds is interrupted."""
        found = sorted(self._runs.values(), key=lambda run: (run.started_at, run.uid))
        return [self._seen(run) for run in reversed(found)]

    def drop(self, uid: str) -> None:
        """Forget a run and its calls, answers that others could reuse included."""
        with self.hold(uid):
            if self._runs.pop(uid, None) is None:
                raise no_run(uid)
            for call in self.calls(uid):
                del self._calls[call.uid]

    @contextmanager
    def hold(self, uid: str) -> Iterator[None]:
        """Hold a run while working on it (ConflictError if somebody else holds it)."""
        if uid in self._held:
            raise refusal(uid, os.getpid())
        self._held.add(uid)
        try:
            yield
        finally:
            self._held.remove(uid)

    def begin(self, call: Call) -> None:
        """Store a call before its request is sent (NotFoundError without its run)."""
        if call.run not in self._runs:
            raise no_run(call.run)
        if call.uid in self._calls:
            raise ConflictError(f"There is a call with the uid {call.uid} already.")
        self._calls[call.uid] = call

    def finish(self, uid: str, reply: ModelReply, at: datetime) -> None:
        """Store the answer of a call before anything acts on it."""
        self._change(uid, lambda call: call.finished(reply, at))

    def fail(
        self, uid: str, kind: FailureKind, error: str, usage: Usage, raw: str, at: datetime
    ) -> None:
        """Store why a call failed, and the answer as far as there was one."""
        self._change(uid, lambda call: call.failed(kind, error, usage, raw, at))

    def accept(self, uid: str, *, repaired: bool, expires_at: datetime | None) -> None:
        """Mark the answer of a call as made into a draft; a second time changes nothing."""
        self._change(uid, lambda call: call.taken(repaired=repaired, expires_at=expires_at))

    def reused(self, uid: str) -> None:
        """Count that the answer of a call stood in for a call of another run."""
        if uid in self._calls:
            self._change(uid, lambda call: replace(call, reused=call.reused + 1))

    def answered(self, run: str, key: str) -> Call | None:
        """Return the call of a run with a content key that has an answer."""
        return self._newest(lambda call: (call.run, call.key) == (run, key))

    def reusable(self, key: str, at: datetime) -> Call | None:
        """Return the newest accepted call of any run with a key that has not expired."""
        return self._newest(lambda call: call.key == key and call.may_be_reused(at))

    def settled(self, run: str, question: str) -> Call | None:
        """Return the accepted call of a run for a question, whoever answered it."""
        return self._newest(
            lambda call: (call.run, call.question) == (run, question) and call.accepted
        )

    def refused(
        self, provider: str, base_url: str, model: str, since: datetime
    ) -> frozenset[str]:
        """Return the modes a model was asked in since then that it does not support."""
        asked = (provider, base_url, model)
        return frozenset(
            call.mode
            for call in self._calls.values()
            if call.failure is FailureKind.UNSUPPORTED
            and (call.provider, call.base_url, call.model) == asked
            and call.started_at >= since
        )

    def attempts(self, run: str, key: str) -> int:
        """Return how many times a request was sent in a run."""
        return sum((call.run, call.key) == (run, key) for call in self._calls.values())

    def calls(self, run: str) -> list[Call]:
        """Return the calls of a run, oldest first."""
        return [call for call in self._all() if call.run == run]

    def figures(self, since: datetime | None = None) -> list[Call]:
        """Return the calls of all runs, oldest first, without requests and answers."""
        found = (c for c in self._all() if since is None or c.started_at >= since)
        return [replace(call, request="", reply=None) for call in found]

    def size(self) -> int:
        """Return the bytes of all requests and answers that are kept."""
        return sum(map(size_of, self._calls.values()))

    def contents(self, at: datetime) -> Contents:
        """Return what the log holds."""
        calls = self._all()
        usable = [c for c in calls if c.answered and c.accepted and c.expires_at is not None]
        reusable = sum(call.may_be_reused(at) for call in usable)
        return Contents(
            runs=len(self._runs),
            calls=len(calls),
            answers=sum(call.answered for call in calls),
            reusable=reusable,
            expired=len(usable) - reusable,
            reused=sum(call.reused for call in calls),
            size=self.size(),
            oldest=calls[0].started_at if calls else None,
            newest=calls[-1].started_at if calls else None,
        )

    def prune(self, megabytes: int, keep: Collection[str] = ()) -> Forgotten:
        """Forget the oldest calls of done runs until the log is no larger than that."""
        excess = self.size() - megabytes * _MEGABYTE
        chosen = []
        for call in self._forgettable():
            if excess > 0 and call.run not in keep:
                chosen.append(call)
                excess -= size_of(call)
        return self._forget(chosen)

    def clear(self, at: datetime, *, expired_only: bool = False) -> Forgotten:
        """Forget the calls of done runs; or only those whose answer has expired."""
        return self._forget(
            call
            for call in self._forgettable()
            if not expired_only or (call.expires_at is not None and call.expires_at <= at)
        )

    def close(self) -> None:
        """Hold on: there is nothing to let go of."""

    def _all(self) -> list[Call]:
        return sorted(self._calls.values(), key=lambda call: (call.started_at, call.uid))

    def _forgettable(self) -> list[Call]:
        done = {uid for uid, run in self._runs.items() if run.status is RunStatus.DONE}
        return [call for call in self._all() if call.run in done and size_of(call)]

    def _forget(self, calls: Iterable[Call]) -> Forgotten:
        chosen = list(calls)
        for call in chosen:
            self._calls[call.uid] = call.forgotten()
        return Forgotten(len(chosen), sum(map(size_of, chosen)))

    def _seen(self, run: Run) -> Run:
        if run.status is RunStatus.RUNNING and run.uid not in self._held:
            return replace(run, status=RunStatus.INTERRUPTED)
        return run

    def _change(self, uid: str, change: Callable[[Call], Call]) -> None:
        if uid not in self._calls:
            raise no_call(uid)
        self._calls[uid] = change(self._calls[uid])

    def _newest(self, fits: Callable[[Call], bool]) -> Call | None:
        """Return the call that ended last, of those with an answer that fit."""
        found = [call for call in self._calls.values() if call.answered and fits(call)]
        return max(found, key=lambda call: (call.finished_at, call.uid), default=None)
