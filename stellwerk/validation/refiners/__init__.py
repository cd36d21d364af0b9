"""The refiners Stellwerk brings along, in the order in which they propose."""

from __future__ import annotations

from typing import Final

from stellwerk.validation.refiners import boilerplate, dependencies, granularity
from stellwerk.validation.refining import Refiner

ALL: Final[tuple[Refiner, ...]] = (
    dependencies.REFINER,
    granularity.MERGING,
    granularity.DIVIDING,
    boilerplate.REFINER,
)
