"""What a run may use: each call reserves the most it can use before it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

from stellwerk.planning.failures import UNBILLED, FailureKind, ModelError
from stellwerk.planning.models import Usage
from stellwerk.planning.runs import Limits


class Amount(NamedTuple):
    """So many calls, tokens and millionths of a dollar.

    Attributes:
        calls: Requests to models.
        tokens: Tokens of questions and answers.
        micro: Millionths of a US dollar; an unknown price counts as 0 here.
    """

    calls: int = 0
    tokens: int = 0
    micro: int = 0

    def plus(self, other: Amount) -> Amount:
        """Return the sum."""
        return Amount(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def minus(self, other: Amount) -> Amount:
        """Return the difference."""
        return Amount(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


NOTHING: Final = Amount()


def counted(usage: Usage, failure: FailureKind | None) -> Usage:
    """Return what a call that ended counts as: nothing where no provider bills its failure."""
    free = failure in UNBILLED and usage.output_tokens is None
    return Usage(0, 0, 0) if free else usage


@dataclass
class Reservation:
    """What one call may use, until it is known what it used.

    Attributes:
        most: What was set aside for it.
        used: What it used; as much as was set aside, unless it is told better.
    """

    most: Amount
    used: Amount

    def settle(self, usage: Usage) -> None:
        """Tell what the call really used, as far as that is known."""
        tokens = self.most.tokens
        if usage.input_tokens is not None and usage.output_tokens is not None:
            tokens = usage.input_tokens + usage.output_tokens
        micro = self.most.micro if usage.cost_micro is None else usage.cost_micro
        self.used = Amount(1, tokens, micro)

    def cancel(self) -> None:
        """Tell that the call was never made."""
        self.used = NOTHING


class Budget:
    """Keeps a run within its limits, whatever its parallel calls come to cost.

    Args:
        limits: What it may use.
        spent: What it used before it was resumed.
    """

    def __init__(self, limits: Limits, spent: Amount = NOTHING) -> None:
        self._limits = limits
        self.spent = spent
        self._reserved = NOTHING
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def reserve(self, tokens: int, micro: int | None) -> AsyncIterator[Reservation]:
        """Set aside the most a call can use; wait for other calls if it takes what they leave.

        Args:
            tokens: Of question and answer together.
            micro: Millionths of a dollar, or None if no price is known.

        Raises:
            ModelError: It is more than what is left.
        """
        most = Amount(1, tokens, micro or 0)
        async with self._changed:
            while over := self._over(most):
                if not any(self._reserved):
                    raise over
                await self._changed.wait()
            self._reserved = self._reserved.plus(most)
        reservation = Reservation(most, most)
        try:
            yield reservation
        finally:
            async with self._changed:
                self._reserved = self._reserved.minus(most)
                self.spent = self.spent.plus(reservation.used)
                self._changed.notify_all()

    def _over(self, more: Amount) -> ModelError | None:
        """Return the error for the limit that would be passed, if one would be."""
        after = self.spent.plus(self._reserved).plus(more)
        for flag, limit, value, shown in (
            ("--max-calls", self._limits.calls, after.calls, _number),
            ("--max-tokens", self._limits.tokens, after.tokens, _number),
            ("--max-cost", self._limits.cost_micro, after.micro, _dollars),
        ):
            if limit is not None and value > limit:
                field = _FIELDS[flag]
                used, most = getattr(self.spent, field), getattr(more, field)
                msg = (
                    f"The run stopped before it passes {flag} {shown(limit)}: {shown(used)} used,"
                    f" and the next call may take {shown(most)}."
                )
                return ModelError(FailureKind.BUDGET, msg, f"Allow more with {flag}.")
        return None


_FIELDS: Final = {"--max-calls": "calls", "--max-tokens": "tokens", "--max-cost": "micro"}


def _number(value: int) -> str:
    return f"{value:,}"


def _dollars(micro: int) -> str:
    return f"${micro / 1e6:.4f}"
