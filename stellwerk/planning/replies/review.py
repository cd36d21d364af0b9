"""A review from what models write in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stellwerk.planning.replies import listing, scalars
from stellwerk.planning.replies.keys import folded
from stellwerk.planning.replies.naming import PROBLEM, REVIEW, named
from stellwerk.planning.replies.places import Place, Where, quoted

_SEVERITIES: Final = {
    "low": "low",
    "minor": "low",
    "info": "low",
    "niedrig": "low",
    "gering": "low",
    "medium": "medium",
    "moderate": "medium",
    "warning": "medium",
    "mittel": "medium",
    "high": "high",
    "major": "high",
    "critical": "high",
    "error": "high",
    "hoch": "high",
    "kritisch": "high",
}


def review(value: Mapping[str, Any], where: Where, place: Place) -> dict[str, Any]:
    """Return the answer of `review`."""
    fields = named(value, REVIEW, place)
    scalars.set_texts(fields, ("summary",), place)
    found = listing.objects(fields.get("problems"), PROBLEM, "problem", place / "problems")
    if not isinstance(found, list):
        return {**fields, "problems": found}
    made = [_problem(each, where, place / "problems" / at) for at, each in enumerate(found)]
    whole = [
        (each, place / "problems" / at / "confidence")
        for at, each in enumerate(made)
        if isinstance(each, dict) and "confidence" in each
    ]
    odds = [each["confidence"] for each, _ in whole]
    shares = scalars.percentages(odds, [at for _, at in whole])
    for (each, _), share in zip(whole, shares, strict=True):
        each["confidence"] = share
    return {**fields, "problems": made}


def _problem(value: Any, where: Where, place: Place) -> Any:
    if not isinstance(value, dict):
        return value
    fields = named(value, PROBLEM, place)
    scalars.set_texts(fields, ("key", "quote", "problem", "change"), place)
    severity = fields.get("severity")
    if isinstance(severity, str) and (known := _SEVERITIES.get(folded(severity))):
        if known != severity:
            (place / "severity").note(f"{quoted(severity)} read as {known}")
        fields["severity"] = known
    if "confidence" in fields:
        told = fields.pop("confidence")
        read = scalars.share(told, where, place / "confidence")
        fields.update({} if read is None else {"confidence": read})
    return fields
