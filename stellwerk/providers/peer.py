"""Who is asked, and what is told of a call to it that failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from stellwerk.domain.text import one_line, shortened
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import Mode, Usage
from stellwerk.providers.redaction import Redactor

_TOLD: Final[Mapping[FailureKind, tuple[str, str]]] = {
    FailureKind.RATE_LIMITED: (
        "{who} gets more requests for {model} than it allows",
        "Wait a little, or lower ai.max_concurrency.",
    ),
    FailureKind.OVERLOADED: (
        "{who} is overloaded and did not ask {model}",
        "Try again later.",
    ),
    FailureKind.SERVER_ERROR: ("{who} failed while it asked {model}", "Try again later."),
    FailureKind.TIMEOUT: (
        "{who} gave no answer of {model} in time",
        "Set {section}.timeout_seconds if it needs longer.",
    ),
    FailureKind.DROPPED: (
        "{who} broke the connection while {model} was asked",
        "Try again; if it happens often, look at the network in between.",
    ),
    FailureKind.GARBLED: (
        "{who} answered for {model} with something that is no answer of its API",
        "Check {section}.base_url, {url}: {path_hint}.",
    ),
    FailureKind.UNREACHABLE: ("{who} cannot be reached to ask {model}", "{reach_hint}"),
    FailureKind.TLS: (
        "The connection to {who} for {model} cannot be trusted",
        "Certificates are checked against those the system trusts; SSL_CERT_FILE or"
        " SSL_CERT_DIR names others. Behind {url} must be a server that speaks https.",
    ),
    FailureKind.QUOTA: (
        "{who} has no credit left for {model}",
        "Look at the billing of the account, or put another provider into ai.providers.",
    ),
    FailureKind.AUTH: ("{who} did not accept the key for {model}", "{key_hint}"),
    FailureKind.NO_MODEL: ("{who} has no model {model}", "{model_hint}"),
    FailureKind.BAD_REQUEST: (
        "{who} refused the request to {model}",
        "Try another model with --model, or another provider.",
    ),
    FailureKind.TOO_LARGE: (
        "The answer of {who} for {model} is larger than {most} MB and was left unread",
        "Check that {url} is what you mean.",
    ),
    FailureKind.UNSUPPORTED: (
        "{who} cannot hold {model} to JSON in the way “{mode}”",
        "Try another model with --model.",
    ),
    FailureKind.CONTEXT_TOO_LONG: (
        "The question is too long for {model} at {who}",
        "{context_hint}",
    ),
    FailureKind.FILTERED: (
        "A content filter of {who} stopped the request to {model}",
        "Word the goal differently, or try another provider.",
    ),
}
_NOT_QUOTED: Final = frozenset({FailureKind.AUTH, FailureKind.TLS, FailureKind.TOO_LARGE})
"""What is said of a refused key may hold a part of it."""
_LONGEST: Final = 240
MOST_MEGABYTES: Final = 8
"""An answer of a model is a few hundred kilobytes at most."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is asked, for errors that name it.

    Attributes:
        who: As a sentence calls it.
        section: Its section of the settings.
        model: The model that is asked.
        url: Where, without credentials.
        mode: How JSON is asked for.
        hints: Next steps that are its own: `key`, `model`, `reach`, `path`, `context`.
        secret: Its key, to keep it out of messages.
    """

    who: str
    section: str
    model: str
    url: str
    mode: Mode
    hints: Mapping[str, str] = field(default_factory=dict)
    secret: str = field(default="", repr=False)

    def error(  # noqa: PLR0913  (all there is to tell of a failed call)
        self,
        kind: FailureKind,
        said: str = "",
        *,
        hint: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        request_id: str = "",
        usage: Usage | None = None,
        raw: str = "",
    ) -> ModelError:
        """Return the error for a failed call; `said` is what the other side said of it."""
        message, step = _TOLD[kind]
        told = message.format_map(self._words()) + (f" ({status})." if status else ".")
        if said and (kind not in _NOT_QUOTED or status == HTTPStatus.FORBIDDEN):
            told += f" It said: “{self.quoted(said)}”."
        return ModelError(
            kind,
            told,
            hint or step.format_map(self._words()),
            retry_after=retry_after,
            status=status,
            request_id=request_id,
            usage=usage,
            raw=self.scrubbed(raw),
        )

    def quoted(self, said: str) -> str:
        """Return what the other side said: one line, cut, without keys."""
        return shortened(self.scrubbed(one_line(said)), _LONGEST).rstrip(".")

    def scrubbed(self, text: str) -> str:
        """Return text without its key, and without anything that looks like one."""
        return Redactor((self.secret,)).scrub(text)

    def _words(self) -> dict[str, Any]:
        section = self.section.removeprefix("ai.")
        hints = {
            "key": f"Store another one with `stellwerk keys set {section}`; one in the"
            " environment goes before it.",
            "model": f"Set {self.section}.model to one it has, or use --model.",
            "reach": f"Is the server running at {self.url}?",
            "path": "it usually ends in /v1",
            "context": "Try a model with a larger context window.",
        } | dict(self.hints)
        return {
            "who": self.who,
            "section": self.section,
            "model": one_line(self.model) or "its first model",
            "url": self.url,
            "mode": self.mode,
            "most": MOST_MEGABYTES,
        } | {f"{name}_hint": text for name, text in hints.items()}
