"""Prompts: Markdown files with TOML front matter, a system part and a user part.

They travel in the wheel as `stellwerk/prompts`; in a checkout they are at the top level. A
file of the same name in a folder of the user's takes the place of ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from stellwerk.errors import NotFoundError
from stellwerk.planning import templating
from stellwerk.planning.measures import NAMES, measures, numbers
from stellwerk.planning.prompt_files import (
    check_head,
    head_of,
    our_files,
    our_folder,
    our_text,
    own_text,
    parts_of,
)
from stellwerk.planning.templating import fault


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt.

    Attributes:
        name: Its id.
        version: Counted up whenever what it asks changes.
        stage: The stage that asks it.
        inputs: Names of the inputs it has to be given.
        optional: Names of those that may be left out.
        examples: Few-shot examples by language; the first is for all other languages.
        text: The file as it is written.
        file: Where it was read.
        own: Whether any of it is the user's own.
    """

    name: str
    version: int
    stage: str
    inputs: tuple[str, ...]
    optional: tuple[str, ...]
    examples: Mapping[str, str]
    text: str
    file: Path
    own: bool = False

    @property
    def label(self) -> str:
        """`id@version`, as a plan's source names it; `+own` follows if it is the user's."""
        return f"{self.name}@{self.version}{'+own' if self.own else ''}"

    @property
    def digest(self) -> str:
        """SHA-256 of the text and of its examples."""
        parts = (self.text, *(each for pair in self.examples.items() for each in pair))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def render(
        self, inputs: Mapping[str, Any], told: Mapping[str, Any] | None = None
    ) -> list[dict[str, str]]:
        """Return the messages.

        Args:
            inputs: What the stage gives; what the prompt does not name is left out.
            told: Limits to tell in place of those that validators enforce.

        Raises:
            ConfigError: An input is missing, or the template does not work.
        """
        given = {name: inputs.get(name) for name in (*self.inputs, *self.optional)}
        for name in self.inputs:
            if given[name] is None:
                raise fault(f"{self.file}: no {name!r} was given to the prompt.")
        measured = measures({**given, "wish": inputs.get("wish")}, told or numbers())
        values = {**measured, **given}
        values["example"] = self.example(values["code"])
        roles = zip(("system", "user"), parts_of(self.file, self.text), strict=True)
        where = str(self.file)
        return [
            {"role": role, "content": templating.render(part, values, where).strip()}
            for role, part in roles
        ]

    def example(self, language: str) -> str:
        """Return the example in a language, else the first one; '' if there is none."""
        return self.examples.get(language, next(iter(self.examples.values()), ""))


@dataclass(frozen=True, slots=True)
class PromptShelf:
    """The prompts of a run: ours, or a folder's where it has one of the same name.

    Each is read once, so a run does not notice when a file changes meanwhile.

    Attributes:
        folder: The user's folder, or None.
    """

    folder: Path | None = None
    _read: dict[str, Prompt] = field(default_factory=dict, compare=False, repr=False)

    def prompt(self, name: str) -> Prompt:
        """Return a prompt by its id (NotFoundError; ConfigError if it does not work)."""
        if name not in self._read:
            self._read[name] = load_prompt(name, self.folder)
        return self._read[name]

    def strangers(self) -> tuple[Path, ...]:
        """Return the Markdown files of the folder that take the place of nothing."""
        folder = self.folder
        if folder is None:
            return ()
        found = sorted((*folder.glob("*.md"), *folder.glob("examples/*.md")))
        names = {path: path.relative_to(folder).as_posix() for path in found}
        known = {*our_files(), "README.md", "examples/README.md"}
        return tuple(path for path, name in names.items() if name not in known)


def load_prompt(name: str, folder: Path | None = None) -> Prompt:
    """Return a prompt by its id.

    Args:
        name: Its id.
        folder: A folder whose files of that name take the place of ours.

    Raises:
        NotFoundError: There is no prompt of that name.
        ConfigError: A file of the folder does not work; says which, where and why.
    """
    if name not in prompt_names():
        near = get_close_matches(name, prompt_names(), n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        known = ", ".join(prompt_names())
        raise NotFoundError(f"There is no prompt {name!r}.", f"{hint}There are: {known}.")
    if folder is None:
        return _ours(name)
    if not folder.is_dir():
        hint = "`planning.prompts` names it: make the folder, or unset the setting."
        raise fault(f"There is no folder {folder} with prompts.", hint)
    return _overridden(_ours(name), folder)


@cache
def prompt_names() -> tuple[str, ...]:
    """Return the ids of all prompts."""
    return tuple(sorted(name.removesuffix(".md") for name in our_files() if "/" not in name))


def prompt(name: str) -> Prompt:
    """Return a prompt as it comes with Stellwerk, by its id (NotFoundError)."""
    return load_prompt(name)


@cache
def _ours(name: str) -> Prompt:
    path = our_folder() / f"{name}.md"
    text = our_text(path.name)
    head = head_of(path, text)
    return Prompt(
        name=head["id"],
        version=head["version"],
        stage=head["stage"],
        inputs=tuple(head["inputs"]),
        optional=tuple(head.get("optional", ())),
        examples=_examples(path, name, head.get("languages", ()), None),
        text=text,
        file=path,
    )


def _overridden(ours: Prompt, folder: Path) -> Prompt:
    """Return a prompt with those of its files that the folder has."""
    path = folder / f"{ours.name}.md"
    text = own_text(folder, path.name)
    if text is None:
        examples = _examples(ours.file, ours.name, tuple(ours.examples), folder)
        own = examples != ours.examples
        return replace(ours, examples=examples, own=True) if own else ours
    head = head_of(path, text)
    check_head(path, text, head, ours.stage, (*ours.inputs, *ours.optional))
    asked = dict.fromkeys((*head["inputs"], *head.get("optional", ())))
    made = Prompt(
        name=ours.name,
        version=head["version"],
        stage=ours.stage,
        inputs=tuple(name for name in asked if name in ours.inputs),
        optional=tuple(name for name in asked if name in ours.optional),
        examples=_examples(path, ours.name, head.get("languages", ()), folder),
        text=text,
        file=path,
        own=True,
    )
    for part in parts_of(path, text):
        templating.check(part, (*asked, *NAMES), str(path))
    return made


def _examples(
    path: Path, name: str, languages: Sequence[str], folder: Path | None
) -> dict[str, str]:
    """Return the examples of a prompt; the folder's take the place of ours."""
    found = {}
    for language in languages:
        file = f"examples/{name}.{templating.key(language)}.md"
        text = own_text(folder, file) if folder else None
        if text is None and file in our_files():
            text = our_text(file)
        if text is None:
            hint = f"Write {file} beside it, or take {language!r} out of `languages`."
            raise fault(f"{path}: there is no example in {language!r}.", hint)
        found[language] = text.strip()
    return found
