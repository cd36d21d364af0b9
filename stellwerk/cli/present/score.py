"""A quality score for people and programs: its parts, and what each of them lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from stellwerk.cli.figures import grade
from stellwerk.cli.folding import folded
from stellwerk.cli.ink import Ink
from stellwerk.validation.score import Loss, Part, Score

_BAR: Final = 20
_SHOWN: Final = 0.0005
_FORMULA: Final = (
    "The score is the sum of weight x value over the parts. The value of a part is 1 minus"
    " what its findings cost, and never less than 0. A finding costs the most that its code"
    " can cost, times the share of the lines or items with it among those that could have"
    " it, never more than all of them. Specificity is also multiplied by the share of"
    " sections that are written, and a plan without work packages has the score 0. What"
    " [validation] selects or ignores changes no score."
)


def score_text(score: Score, ink: Ink, width: int, *, explain: bool = False) -> str:
    """Return a score, a line for each part; explained, with what each part lost."""
    lines = [f"Quality {ink('bold', grade(score.value))}", ""]
    for part in score.parts:
        lines.append(_part(part, ink))
        if explain:
            lines += (line for loss in part.losses for line in _loss(part, loss, ink, width))
            if (left := rest(part)) >= _SHOWN:
                lines.append(
                    f"  {f'-{left:.3f}':>7}         What is not written says nothing."
                )
    if explain:
        lines += ["", *(ink("dim", line) for line in folded(_FORMULA, width).split("\n"))]
    elif any(part.losses for part in score.parts):
        lines += ["", ink("dim", "`stellwerk score --explain` says what was lost, and why.")]
    return "\n".join(lines)


def score_data(score: Score) -> dict[str, Any]:
    """Return a score as JSON data: `cost` is what a loss took from it, `rest` what else did."""
    return {
        "score": score.value,
        "parts": [
            {
                "aspect": part.aspect.value,
                "weight": part.weight,
                "value": part.value,
                "losses": [_loss_data(part, loss) for loss in part.losses],
                "rest": round(rest(part), 4),
            }
            for part in score.parts
        ],
    }


def cost(part: Part, loss: Loss) -> float:
    """Return what a loss took from the whole score.

    Where a part lost more than it had, its losses share what it had.
    """
    lost = sum(each.lost for each in part.losses)
    return part.weight * loss.lost / max(lost, 1.0)


def rest(part: Part) -> float:
    """Return what a part took from the whole score beside its losses.

    What is not written says nothing specific, and a plan without work nothing at all.
    """
    lost = sum(cost(part, loss) for loss in part.losses)
    return max(part.weight * (1.0 - part.value) - lost, 0.0)


def _loss_data(part: Part, loss: Loss) -> dict[str, Any]:
    return {
        "code": loss.code.code,
        "says": loss.code.says,
        "count": loss.found,
        "of": loss.of,
        "lost": round(loss.lost, 4),
        "cost": round(cost(part, loss), 4),
    }


def _part(part: Part, ink: Ink) -> str:
    full = int(part.value * _BAR)
    bar = ink("green", "━" * full) + ink("dim", "─" * (_BAR - full))
    return f"{part.aspect.value:<13} {bar}  {grade(part.value)}  x {part.weight:.2f}"


def _loss(part: Part, loss: Loss, ink: Ink, width: int) -> Iterator[str]:
    taken = cost(part, loss)
    of = f"{loss.found} of {loss.of}" if loss.of > 1 else f"{loss.found}"
    head = f"  {f'-{taken:.3f}':>7}  {ink('cyan', loss.code.code)}  "
    first, *more = folded(f"{loss.code.says} ({of})", width - 19).split("\n")
    yield head + first
    yield from (f"{'':<18}{line.strip()}" for line in more)
