"""What can go wrong with a call to a model, and what each kind asks for next."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from stellwerk.errors import ProviderError
from stellwerk.planning.models import Usage


class FailureKind(StrEnum):
    """Why a call gave no answer that can be used."""

    RATE_LIMITED = "rate limited"
    OVERLOADED = "overloaded"
    SERVER_ERROR = "server error"
    TIMEOUT = "timeout"
    DROPPED = "connection dropped"
    GARBLED = "not an answer of an API"

    UNREACHABLE = "unreachable"
    TLS = "no trusted connection"
    QUOTA = "quota used up"
    AUTH = "key refused"
    NO_MODEL = "unknown model"
    BAD_REQUEST = "request refused"
    BROKEN_OFF = "circuit open"
    TOO_LARGE = "answer too large"

    UNSUPPORTED = "mode not supported"
    CONTEXT_TOO_LONG = "question too long"

    TRUNCATED = "answer cut off"
    REFUSED = "refused"
    FILTERED = "content filtered"
    NOT_JSON = "not JSON"
    INVALID = "does not fit"

    DEADLINE = "deadline passed"
    BUDGET = "budget reached"
    STOPPED = "run stopped"


TRANSIENT: Final = frozenset(
    {
        FailureKind.RATE_LIMITED,
        FailureKind.OVERLOADED,
        FailureKind.SERVER_ERROR,
        FailureKind.TIMEOUT,
        FailureKind.DROPPED,
        FailureKind.GARBLED,
        FailureKind.UNREACHABLE,
    }
)
"""Worth waiting for: the same request may be answered later."""

HOPELESS: Final = frozenset(
    {
        FailureKind.TLS,
        FailureKind.QUOTA,
        FailureKind.AUTH,
        FailureKind.NO_MODEL,
    }
)
"""The provider answers no other request of this run either."""

UNBILLED: Final = frozenset(
    {
        FailureKind.RATE_LIMITED,
        FailureKind.OVERLOADED,
        FailureKind.SERVER_ERROR,
        FailureKind.UNREACHABLE,
        FailureKind.TLS,
        FailureKind.QUOTA,
        FailureKind.AUTH,
        FailureKind.NO_MODEL,
        FailureKind.BAD_REQUEST,
        FailureKind.UNSUPPORTED,
        FailureKind.CONTEXT_TOO_LONG,
    }
)
"""No provider bills these; any other failure may have cost as much as the call could."""

FINAL: Final = frozenset({FailureKind.DEADLINE, FailureKind.BUDGET, FailureKind.STOPPED})
"""The run stops here, whoever else could be asked."""


class ModelError(ProviderError):
    """A call to a model failed.

    Attributes:
        kind: What went wrong; it decides what is done next.
        retry_after: Seconds the provider asked to wait, if it did.
        status: Status code of the reply, if there was one.
        request_id: By which the provider knows the call, if it said so.
        usage: What was used up all the same.
        raw: The answer as it came, if there was one.
        problems: What is wrong with it, one line each, for the model that gave it.
        call: Uid of its row in the call log; empty if it is in none.
    """

    def __init__(  # noqa: PLR0913  (all there is to tell of a failed call)
        self,
        kind: FailureKind,
        message: str,
        hint: str = "",
        *,
        retry_after: float | None = None,
        status: int | None = None,
        request_id: str = "",
        usage: Usage | None = None,
        raw: str = "",
        problems: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, hint)
        self.kind = kind
        self.code = "budget" if kind is FailureKind.BUDGET else ProviderError.code
        self.retry_after = retry_after
        self.status = status
        self.request_id = request_id
        self.usage = usage or Usage()
        self.raw = raw
        self.problems = problems
        self.call = ""
