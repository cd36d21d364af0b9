"""All that a plugin may import from Stellwerk; everything else may change.

A plugin is an entry point in one of the groups of `discovery.GROUPS`:

- `stellwerk.providers`: a callable `(ProviderOptions) -> LanguageModel`
- `stellwerk.validators`: a callable `(Subject) -> Iterator[Finding]`
- `stellwerk.importers`, `stellwerk.exporters`: an `Importer`, an `Exporter`

It may say `STELLWERK_API = 1` in its module: the API version it was written for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stellwerk.domain.births import Births
from stellwerk.domain.goal import SourceKind
from stellwerk.domain.notes import Part, parse
from stellwerk.domain.plan import Plan, Route, Switch
from stellwerk.domain.text import clean, one_line, shortened
from stellwerk.domain.work import Task, WorkPackage
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
from stellwerk.validation.findings import Finding, Severity, Subject, Validator

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


__all__ = [
    "API_VERSION",
    "Births",
    "Document",
    "ExchangeError",
    "Exporter",
    "FailureKind",
    "Finding",
    "Importer",
    "LanguageModel",
    "ModelError",
    "ModelReply",
    "ModelRequest",
    "NotFoundError",
    "Part",
    "Plan",
    "ProviderError",
    "ProviderFactory",
    "ProviderOptions",
    "Route",
    "Severity",
    "SourceKind",
    "StellwerkError",
    "Subject",
    "Switch",
    "Target",
    "Task",
    "Usage",
    "Validator",
    "WireModel",
    "WorkPackage",
    "clean",
    "markdown_text",
    "one_line",
    "parse",
    "read_markdown",
    "shortened",
]
