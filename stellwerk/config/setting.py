"""What one setting is: its key, kind, default, limits and explanation."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from stellwerk.config.secret import Secret

Value = str | int | float | bool | Path | Secret | tuple[str, ...] | tuple[Path, ...] | None


class Kind(StrEnum):
    """What sort of value a setting takes."""

    TEXT = "text"
    INTEGER = "whole number"
    NUMBER = "number"
    FLAG = "true or false"
    PATH = "path"
    LIST = "list of texts"
    PATHS = "list of paths"
    SECRET = "secret"  # noqa: S105 - the word, not one
    URL = "web address"
    DATABASE = "database address"


class Setting(NamedTuple):
    """One line of the table of settings.

    Attributes:
        key: Where it stands in a file, such as `ai.openai.model`.
        kind: What sort of value it takes.
        default: The value when nothing sets it; `None` means that there is none.
        doc: One or two sentences for the reference, the sample file and `config explain`.
        guarded: Whether a project file may set it only after `stellwerk config trust`.
        choices: The only texts allowed; empty allows any.
        minimum: The smallest number allowed, if there is one.
        maximum: The largest number allowed, if there is one.
        pattern: What a text has to match in full; empty allows any.
        shape: The pattern in words, as in "has to be ...".
        example: A value as TOML, for the sample file, where the default shows none.
        also: Variables that set it besides its own; `STELLWERK_` ones before its own.
    """

    key: str
    kind: Kind
    default: Value
    doc: str
    guarded: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    shape: str = ""
    example: str = ""
    also: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The section it stands in: `ai.openai` of `ai.openai.model`."""
        return self.key.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Its name within the section: `model` of `ai.openai.model`."""
        return self.key.rpartition(".")[2]

    @property
    def variable(self) -> str:
        """Its own environment variable, such as `STELLWERK_AI_OPENAI_MODEL`."""
        return "STELLWERK_" + self.key.upper().replace(".", "_")

    @property
    def variables(self) -> tuple[str, ...]:
        """Every environment variable that sets it, the strongest first."""
        ours = tuple(name for name in self.also if name.startswith("STELLWERK_"))
        return (*ours, self.variable, *(name for name in self.also if name not in ours))

    @property
    def several(self) -> bool:
        """Whether it takes a list."""
        return self.kind in {Kind.LIST, Kind.PATHS}

    @property
    def expected(self) -> str:
        """What a value has to be, to end the sentence "... has to be"."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.kind in {Kind.INTEGER, Kind.NUMBER}:
            return f"a {self.kind}{self._range()}"
        return self.shape or _EXPECTED[self.kind]

    def _range(self) -> str:
        low, high = self.minimum, self.maximum
        return (
            f" from {low:.10g} to {high:.10g}" if low is not None and high is not None else ""
        )


_EXPECTED = {
    Kind.TEXT: "a text",
    Kind.FLAG: "true or false",
    Kind.PATH: "a path without control characters",
    Kind.LIST: "a list of texts",
    Kind.PATHS: "a list of paths without control characters",
    Kind.SECRET: "a text in one line without spaces",
    Kind.URL: "an address such as https://api.example.com/v1",
    Kind.DATABASE: "sqlite:///FILE, without a query (only SQLite files are supported now)",
}
