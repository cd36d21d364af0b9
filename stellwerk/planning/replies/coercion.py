"""Which reader goes with which draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from stellwerk.planning.drafts import (
    Draft,
    PackagesDraft,
    RefinedDraft,
    ReviewDraft,
    StructureDraft,
    TasksDraft,
)
from stellwerk.planning.replies import packages, review, structure
from stellwerk.planning.replies.places import Place, Where

Reader: TypeAlias = Callable[[Mapping[str, Any], Where, Place], Any]

_READERS: Final[Mapping[type[Draft], Reader]] = {
    StructureDraft: structure.structure,
    TasksDraft: packages.tasks,
    PackagesDraft: packages.packages,
    RefinedDraft: packages.refined,
    ReviewDraft: review.review,
}


def coerced(kind: type[Draft], value: Mapping[str, Any], where: Where, place: Place) -> Any:
    """Return data in the shape of a draft; a good draft's data passes unchanged."""
    reader = _READERS.get(kind)
    return reader(value, where, place) if reader else value
