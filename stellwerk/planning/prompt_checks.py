"""What is wrong with prompts, found without asking any model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from itertools import product
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from stellwerk.domain.limits import SIZES
from stellwerk.errors import ConfigError, ProviderError
from stellwerk.planning.composing import skeleton
from stellwerk.planning.drafts import (
    Draft,
    PackagesDraft,
    RefinedDraft,
    ReviewDraft,
    StructureDraft,
    TasksDraft,
)
from stellwerk.planning.measures import numbers
from stellwerk.planning.previewing import ORDER, SAMPLE, placeholders, shown_prompt
from stellwerk.planning.prompts import Prompt, PromptShelf
from stellwerk.planning.wish import LANGUAGES
from stellwerk.validation.findings import Severity, Subject
from stellwerk.validation.validators import STRUCTURE, findings

MOST_TOKENS: Final = 3_000
"""How long a prompt may be without goal and context."""
DRAFTS: Final[Mapping[str, type[Draft]]] = {
    "decompose": StructureDraft,
    "tasks": TasksDraft,
    "packages": PackagesDraft,
    "review": ReviewDraft,
    "refine": RefinedDraft,
    "expand": PackagesDraft,
}
_PACKAGE: Final = (
    *("max_title", "summary_sentences.0", "summary_sentences.1", "min_steps"),
    *("min_criteria", "min_risks", "sources.0", "sources.1", "images.1"),
    *("length.0", "length.1", "grade.0", "grade.1"),
)
TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "decompose": (
        *("max_title", "length.0", "length.1", "sizes.routes.0", "sizes.routes.1"),
        *("sizes.packages.0", "sizes.packages.1", "sizes.switch_levels"),
        "sizes.needs_switch",
    ),
    "tasks": ("max_title", "sizes.tasks_per_route", "sizes.packages.1"),
    "packages": (*_PACKAGE, "sizes.packages_per_task"),
    "refine": _PACKAGE,
    "expand": (*_PACKAGE, "sizes.packages_per_task"),
}
"""The limits that a prompt has to tell: constants of `domain.limits` and their parts."""
_FENCES: Final = re.compile(
    r"^<<<([A-Z]+) ([0-9a-f]{8})\n.*?\n\1 \2>>>$", re.DOTALL | re.MULTILINE
)
_OURS: Final = frozenset({"key", "kind", "size", "language", "stage"})
_MARK: Final = "datum{}end"


class Flaw(NamedTuple):
    """One thing that is wrong with a prompt.

    Attributes:
        prompt: Its name.
        file: The file to mend.
        message: What is wrong, in a sentence.
        hint: What to do about it.
    """

    prompt: str
    file: str
    message: str
    hint: str


def check_prompts(shelf: PromptShelf) -> list[Flaw]:
    """Return what is wrong with the prompts of a shelf, in the order they are asked."""
    found = [_stranger(path.stem, str(path)) for path in shelf.strangers()]
    for name in ORDER:
        try:
            prompt = shelf.prompt(name)
            found += check_prompt(prompt)
        except ConfigError as error:
            file = shelf.folder / f"{name}.md" if shelf.folder else f"{name}.md"
            found.append(Flaw(name, str(file), error.message, error.hint))
    return found


def check_prompt(prompt: Prompt) -> list[Flaw]:
    """Return what is wrong with one prompt.

    Raises:
        ConfigError: It cannot be rendered.
    """
    _render_all(prompt)
    checks = (_fences, _languages, _limits, _examples, _length)
    return [
        Flaw(prompt.name, str(prompt.file), message, hint)
        for check in checks
        for message, hint in check(prompt)
    ]


def draft_in(example: str, kind: type[Draft]) -> Draft:
    """Return the draft in a few-shot example: all from the first line that begins with `{`.

    Raises:
        ValueError: There is no JSON, or it is no such draft.
    """
    start = re.search(r"^\{", example, re.MULTILINE)
    if start is None:
        raise ValueError("no line begins with `{`")
    return kind.model_validate(json.loads(example[start.start() :]))


def _stranger(name: str, file: str) -> Flaw:
    near = get_close_matches(name, ORDER, n=1)
    known = f"There are: {', '.join(ORDER)}."
    hint = f"Did you mean {near[0]}? {known}" if near else known
    return Flaw(name, file, f"{file} takes the place of no prompt or example.", hint)


def _render_all(prompt: Prompt) -> None:
    """Render a prompt in every language and size, with all its inputs and with the least."""
    for language, size in product(LANGUAGES, ("auto", *SIZES)):
        given = placeholders(replace(SAMPLE, language=language, size=size))
        prompt.render({**given, "known": ["[title of a work package]"]})
        wish = {**given["wish"], "description": "", "context": "", "people": ()}
        least = {name: given[name] for name in prompt.inputs}
        prompt.render({**least, **({"wish": wish} if "wish" in least else {})})


def _fences(prompt: Prompt) -> Iterator[tuple[str, str]]:
    """Data stands between fences, in the user's part; and what is asked for stands there."""
    marks: dict[str, str] = {}
    given = {**placeholders(SAMPLE), "known": ["title"]}
    inputs = {name: _marked(each, name, marks) for name, each in given.items()}
    system, user = (message["content"] for message in prompt.render(inputs))
    bare = _FENCES.sub("", user)
    for mark, place in marks.items():
        if mark in system or mark in bare:
            hint = f'Show it below the line `---`: {{{{ {place} | fenced("DATA") }}}}'
            yield f"{prompt.file}: `{place}` stands outside a fence.", hint
    shown = {place.split(".")[0] for mark, place in marks.items() if mark in user}
    for name in prompt.inputs:
        if name not in shown and name not in _OURS:
            hint = f'Show it below the line `---`: {{{{ {name} | fenced("DATA") }}}}'
            yield f"{prompt.file}: nothing of `{name}` is shown.", hint


def _marked(value: Any, place: str, marks: dict[str, str]) -> Any:
    """Return data with a mark in place of every text that comes from outside."""
    if isinstance(value, Mapping):
        return {k: _marked(each, f"{place}.{k}", marks) for k, each in value.items()}
    if isinstance(value, list | tuple):
        return [_marked(each, place, marks) for each in value]
    if not isinstance(value, str) or place.rpartition(".")[2] in _OURS:
        return value
    mark = _MARK.format(len(marks))
    marks[mark] = place
    return mark


def _languages(prompt: Prompt) -> Iterator[tuple[str, str]]:
    """What is asked for in German is not what is asked for in English."""
    bare = replace(prompt, examples={})
    texts = {
        str(bare.render(placeholders(replace(SAMPLE, language=language))))
        for language in LANGUAGES
    }
    if "wish" in prompt.inputs and len(texts) < len(LANGUAGES):
        hint = "Write: Write in {{ language }}."
        yield f"{prompt.file} does not say which language to write in.", hint


def _limits(prompt: Prompt) -> Iterator[tuple[str, str]]:
    """What validators enforce is told: when a limit changes, the text changes."""
    given = placeholders(replace(SAMPLE, size="standard"))
    as_it_is = prompt.render(given)
    for place in TOLD.get(prompt.name, ()):
        if prompt.render(given, changed(place)) == as_it_is:
            name = place.replace("sizes.", "size.")
            told = re.sub(r"\.(\d)", r"[\1]", name)
            spoken = told if place.startswith("sizes.") else f"limits.{told}"
            hint = f"Say it with {{{{ {spoken} }}}}, as ours does."
            yield f"{prompt.file} does not tell the limit `{spoken}`.", hint


def changed(place: str) -> dict[str, Any]:
    """Return the limits with one of them changed, as in `sources.1` or `sizes.routes.0`."""
    told = numbers()
    name, _, rest = place.partition(".")
    if name != "sizes":
        told[name] = _other(told[name], rest)
        return told
    part, _, rest = rest.partition(".")
    sizes = told["sizes"].items()
    told["sizes"] = {
        each: size._replace(**{part: _other(getattr(size, part), rest)})
        for each, size in sizes
    }
    return told


def _other(value: Any, index: str) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, tuple):
        return tuple(n + 977 if at == int(index) else n for at, n in enumerate(value))
    return 1


def _examples(prompt: Prompt) -> Iterator[tuple[str, str]]:
    """Examples are answers that would be taken."""
    kind = DRAFTS.get(prompt.name)
    for language, text in prompt.examples.items() if kind else ():
        assert kind is not None
        try:
            problem = _unfit(draft_in(text, kind))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            problem = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        except ValueError as error:
            problem = str(error)
        if problem:
            told = f"examples/{prompt.name}.{language}.md is no answer that would be taken"
            yield f"{told}: {problem.rstrip('.')}.", "Models copy mistakes of examples."


def _unfit(draft: Draft) -> str:
    """Return why a structure makes no plan, or ''."""
    if not isinstance(draft, StructureDraft):
        return ""
    try:
        plan = skeleton(SAMPLE, draft)
    except ProviderError as error:
        return error.message
    found = findings(Subject(plan, {}, None), STRUCTURE)
    serious = [each.message for each in found if each.severity is not Severity.INFO]
    return " ".join(serious)


def _length(prompt: Prompt) -> Iterator[tuple[str, str]]:
    tokens = shown_prompt(prompt, SAMPLE).tokens
    if tokens > MOST_TOKENS:
        hint = "Small models lose the thread: shorten the rules, or the example."
        yield f"{prompt.file} is about {tokens:,} tokens long, without a goal.", hint
