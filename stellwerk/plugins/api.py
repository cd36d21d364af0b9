"""All that a plugin may import from Stellwerk; everything else may change.

A plugin is an entry point in one of the groups of `discovery.GROUPS`:

- `stellwerk.providers`: a callable `(ProviderOptions) -> LanguageModel`
- `stellwerk.embedders`: a callable `(ProviderOptions) -> Embedder`
- `stellwerk.validators`: a callable `(Subject) -> Iterator[Finding]`
- `stellwerk.refiners`: a `Refiner`, whose proposals are edits
- `stellwerk.importers`, `stellwerk.exporters`: an `Importer`, an `Exporter`
- `stellwerk.renderers`: a `Renderer`

It may say `STELLWERK_API = 1` in its module: the API version it was written for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from stellwerk.domain.births import Births
from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.fields import Estimate, Rename, Resize, Rewrite
from stellwerk.domain.edits.items import Need, Unneed
from stellwerk.domain.edits.lines import Connect, Disconnect
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.goal import SourceKind
from stellwerk.domain.limits import MIN_CRITERIA, MIN_RISKS, MIN_STEPS, SIZES
from stellwerk.domain.notes import Part, parse
from stellwerk.domain.plan import Plan, Route, Switch
from stellwerk.domain.spans import number_pattern, span_pattern, weeks_of
from stellwerk.domain.text import clean, one_line, shortened
from stellwerk.domain.work import Standing, Task, ThreePoint, WorkPackage
from stellwerk.errors import ExchangeError, NotFoundError, ProviderError, StellwerkError
from stellwerk.exchange.document import Document, Exporter, Importer
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import (
    LanguageModel,
    ModelReply,
    ModelRequest,
    ProviderOptions,
    Target,
    Usage,
    WireModel,
)
from stellwerk.planning.ports import Embedder
from stellwerk.railway.fitting import cells_of, fitted, padded
from stellwerk.railway.renderer import Drawing, Renderer, View
from stellwerk.railway.scene import Junction, Scene, Sign, State, Station, Track, Weight
from stellwerk.validation.findings import Code, Finding, Severity, Subject, Validator
from stellwerk.validation.refining import Material, Proposal, Refiner, Writer

API_VERSION: Final = 1


ProviderFactory = Callable[[ProviderOptions], LanguageModel]


def read_markdown(name: str, text: str, births: Births) -> Document:
    """Return the plan in Stellwerk's Markdown, front matter tables included.

    Raises:
        ExchangeError: It is not such Markdown.
    """
    from stellwerk.exchange.markdown.reading import read

    return read({name: text}, births)


def markdown_text(text: str) -> str:
    """Return text that `read_markdown` reads as text, whatever HTML or markers are in it."""
    from stellwerk.exchange.markdown.markers import escaped

    return escaped(text)


def plan_markdown(document: Document) -> str:
    """Return a plan as one file of Stellwerk's Markdown."""
    from stellwerk.exchange.markdown.writing import one_file

    return one_file(document)


def least_of(part: Part) -> int:
    """Return how many entries a section of a work package's notes needs to be planned with."""
    least = {Part.STEPS: MIN_STEPS, Part.CRITERIA: MIN_CRITERIA, Part.RISKS: MIN_RISKS}
    return least.get(part, 0)


def plan_findings(plan: Plan, notes: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return what the validators say of a plan, held to the size that it has."""
    from stellwerk.validation.validators import findings

    routes = len(plan.routes)
    size = next((size for size in SIZES.values() if routes <= size.routes[1]), None)
    return findings(Subject(plan, notes, size))


def own_folder(name: str) -> Path:
    """Return the folder of that name beside the user's own settings, there or not."""
    from stellwerk.config.locations import config_folder

    return config_folder(os.environ) / name


def own_cache(name: str) -> Any:
    """Open a cache of that name in the user's cache folder: JSON keys and values, closable.

    Whatever is in it may be gone the next time, and a damaged one cannot be opened.
    """
    from stellwerk.config.locations import cache_folder
    from stellwerk.storage.refetchable import refetchable

    return refetchable(cache_folder(os.environ) / name)


__all__ = [
    "API_VERSION",
    "Batch",
    "Births",
    "Code",
    "Connect",
    "Disconnect",
    "Document",
    "Drawing",
    "Edit",
    "Embedder",
    "Estimate",
    "ExchangeError",
    "Exporter",
    "FailureKind",
    "Finding",
    "Importer",
    "Junction",
    "LanguageModel",
    "Material",
    "ModelError",
    "ModelReply",
    "ModelRequest",
    "Need",
    "NotFoundError",
    "Part",
    "Plan",
    "Proposal",
    "ProviderError",
    "ProviderFactory",
    "ProviderOptions",
    "Refiner",
    "Rename",
    "Renderer",
    "Resize",
    "Rewrite",
    "Route",
    "Scene",
    "Severity",
    "Sign",
    "SourceKind",
    "Standing",
    "State",
    "Station",
    "StellwerkError",
    "Subject",
    "Switch",
    "Target",
    "Task",
    "ThreePoint",
    "Track",
    "Unneed",
    "Usage",
    "Validator",
    "View",
    "Weight",
    "WireModel",
    "WorkPackage",
    "Writer",
    "cells_of",
    "clean",
    "fitted",
    "least_of",
    "markdown_text",
    "number_pattern",
    "one_line",
    "own_cache",
    "own_folder",
    "padded",
    "parse",
    "plan_findings",
    "plan_markdown",
    "read_markdown",
    "shortened",
    "span_pattern",
    "weeks_of",
]
