"""Keys as they are sent."""

from __future__ import annotations

from collections.abc import Callable

from stellwerk.planning.failures import FailureKind, ModelError


def revealed(who: str, section: str, key: Callable[[], str] | None) -> str:
    """Return a key for a call; empty if there is none.

    Args:
        who: For whom, as a sentence calls it.
        section: Its section of the settings.
        key: Reveals it.

    Raises:
        ModelError: It has characters that no header can carry.
    """
    secret = key().strip() if key else ""
    if secret.isascii() and secret.isprintable() and " " not in secret:
        return secret
    msg = f"The key for {who} holds characters that no key has."
    raise ModelError(FailureKind.AUTH, msg, _step(section))


def missing(who: str, section: str) -> ModelError:
    """Return the error for a key that there is not."""
    return ModelError(FailureKind.AUTH, f"There is no key for {who}.", _step(section))


def _step(section: str) -> str:
    return f"Store one with `stellwerk keys set {section.removeprefix('ai.')}`."
