"""Prompt templates: Markdown files with TOML front matter, rendered in a sandbox.

They travel in the wheel as `stellwerk/prompts`; in a checkout they are at the top level.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from stellwerk.domain import limits
from stellwerk.errors import NotFoundError

_HERE: Final = Path(__file__).parents[1]
_FOLDERS: Final = (_HERE / "prompts", _HERE.parent / "prompts")
_DELIMITER: Final = re.compile(r"^[^\S\n]*(?:<<<)?(?:GOAL|CONTEXT)[^\S\n]*$", re.MULTILINE)
_FRONT: Final = re.compile(r"\+\+\+\n(?P<toml>.*?)\n\+\+\+\n(?P<body>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template.

    Attributes:
        name: Its id, which is its stage.
        version: Counted up whenever what it asks changes.
        inputs: Names of the inputs it renders.
        body: The template text (Jinja).
    """

    name: str
    version: int
    inputs: tuple[str, ...]
    body: str

    @property
    def label(self) -> str:
        """`id@version`, as a plan's source names it."""
        return f"{self.name}@{self.version}"

    def render(self, inputs: Mapping[str, Any]) -> list[dict[str, str]]:
        """Return the messages; numbers come from the limits that validators enforce."""
        from jinja2 import StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
            finalize=_inert,
        )
        given = {name: inputs.get(name) for name in self.inputs}
        text = environment.from_string(self.body).render(**given, limits=_limits())
        system, _, user = text.partition("\n---\n")
        return [
            {"role": "system", "content": system.strip()},
            {"role": "user", "content": user.strip()},
        ]


def prompt(name: str) -> Prompt:
    """Return a prompt by its id (NotFoundError)."""
    if name not in prompt_names():
        known = ", ".join(prompt_names())
        raise NotFoundError(f"There is no prompt {name!r}.", f"There are: {known}.")
    return _read(_folder() / f"{name}.md")


@cache
def prompt_names() -> tuple[str, ...]:
    """Return the ids of all prompts."""
    return tuple(sorted(path.stem for path in _folder().glob("*.md")))


@cache
def _read(path: Path) -> Prompt:
    found = _FRONT.fullmatch(path.read_text(encoding="utf-8"))
    assert found, f"{path} has no front matter"
    head = tomllib.loads(found["toml"])
    return Prompt(head["id"], head["version"], tuple(head["inputs"]), found["body"])


def _folder() -> Path:
    return next(folder for folder in _FOLDERS if folder.is_dir())


def _inert(value: object) -> object:
    """Return an input in which no line can be taken for the end of what delimits it."""
    return _DELIMITER.sub(r"| \g<0>", value) if isinstance(value, str) else value


def _limits() -> dict[str, Any]:
    """Return the constants of `domain.limits` by their names in lower case."""
    return {name.lower(): getattr(limits, name) for name in dir(limits) if name.isupper()}
