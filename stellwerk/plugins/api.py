"""All that a plugin may import from Stellwerk; everything else may change.

A plugin is an entry point in one of the groups of `discovery.GROUPS`:

- `stellwerk.providers`: a callable `(ProviderOptions) -> LanguageModel`
- `stellwerk.validators`: a callable `(Subject) -> Iterator[Finding]`
- `stellwerk.importers`, `stellwerk.exporters`: an `Importer`, an `Exporter`

It may say `STELLWERK_API = 1` in its module: the API version it was written for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stellwerk.domain.births import Births
from stellwerk.domain.goal import SourceKind
from stellwerk.domain.notes import Part, parse
from stellwerk.domain.plan import Plan, Route, Switch
from stellwerk.domain.text import clean, one_line, shortened
from stellwerk.domain.work import Task, WorkPackage
from stellwerk.errors import ExchangeError, NotFoundError, ProviderError, StellwerkError
from stellwerk.exchange.document import Document, Exporter, Importer
from stellwerk.planning.models import LanguageModel, ModelReply, ModelRequest, Usage
from stellwerk.validation.findings import Finding, Severity, Subject, Validator

API_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class ProviderOptions:
    """What a provider gets when it is built.

    Attributes:
        settings: Its own settings by name (`model`, `base_url`, ...).
        folders: Folders with the user's own playbooks.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    folders: tuple[Path, ...] = ()


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
    "Finding",
    "Importer",
    "LanguageModel",
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
    "Task",
    "Usage",
    "Validator",
    "WorkPackage",
    "clean",
    "markdown_text",
    "one_line",
    "parse",
    "read_markdown",
    "shortened",
]
