"""`findings.md`: codes, weights and costs of findings, and the examples of the validators."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Final

from generators.markdown import code, document, fenced, table
from stellwerk.planning.stages.review import ADVICE, UNREVIEWED
from stellwerk.plugins.judging import BROKEN
from stellwerk.validation.findings import Code, Per, Validator
from stellwerk.validation.score import WEIGHTS
from stellwerk.validation.validators import ALL
from stellwerk_links.validator import VALIDATOR

FAMILIES: Final = {
    "SW1": "Size and division",
    "SW2": "Line, decisions and needs",
    "SW3": "Notes and titles",
    "SW4": "Estimates and people",
    "SW5": "The plan as a whole",
    "SW9": "Plugins",
}
OTHERS: Final = (ADVICE, UNREVIEWED, BROKEN, *VALIDATOR.codes)
"""What does not come from the validators of every plan: the reviewer, plugins."""
_EXAMPLE: Final = re.compile(r"^(Bad|Good) \((\w+)\): (.+)$", re.MULTILINE)
_INTRO: Final = """\
A finding is one thing a validator has to say about a plan: a stable code, how serious it is, the ref it
is about, a sentence, the words it is about, and mostly a hint. Only errors make a plan unfit.
`stellwerk validate` tells them; `stellwerk plan` checks each new plan, and refuses a structure with errors.

How to choose, ignore and configure codes is in [Check plans](../how-to/validate-plans.md). Limits of sizes
are in [Fields](fields.md#limits), other validators in [Plugins](plugins.md).

*Lowers* names the part of the [quality score](../explanation/quality.md) that a code lowers, *cost* what
that part loses when *everything* it can be found on has it: a cost of 0.9 for each step means that a plan
in which every third step has it loses 0.3. Costs above 1 reach the whole part earlier. Codes without a
part cost nothing."""
_HARD: Final = """\
Rules that no plan can break are errors of the edit or file that would break them: see
[the hard invariants](../explanation/edits.md#what-cannot-be-broken). `SW200` tells them of a file."""
_EXAMPLES: Final = """\
They stand in the validators and are run as tests. The word in front says what the text is: a line of the
steps, criteria or risks, a summary, a title; for `package` a title and a step of its notes, for `packages`
several of them; for `line`, `work`, `people` or a size a plan, where `r1 > r2` is an edge, `r1 ? r2 | r3` a
decision, `=` says more about an item, and commas separate. Words in braces stand for a longer text."""


def page() -> str:
    """Return the page."""
    parts = []
    for family, title in FAMILIES.items():
        rows = [_row(each) for each in codes() if each.code.startswith(family)]
        heads = "code", "severity", "says", "lowers", "cost"
        parts += [f"## {family}xx: {title}", table(heads, rows)]
    weights = [(code(aspect), f"{weight:.2f}") for aspect, weight in WEIGHTS.items()]
    return document(
        "Findings",
        _INTRO,
        table(("part of the score", "weight"), weights),
        *parts,
        _HARD,
        "## Examples",
        _EXAMPLES,
        *examples(),
    )


def codes() -> list[Code]:
    """Return every code, in order."""
    every = [each for validator in ALL for each in validator.codes]
    return sorted([*every, *OTHERS], key=lambda each: each.code)


def examples() -> Iterator[str]:
    """Yield a heading and the examples of each module with validators."""
    for text in dict.fromkeys(map(_documentation, ALL)):
        told, _, _ = text.partition("\n")
        head, _, what = told.partition(": ")
        lines = [
            f"{kind.lower():4}  {part}: {example}"
            for kind, part, example in _EXAMPLE.findall(text)
        ]
        if lines:
            yield f"### {head}"
            yield f"{what[:1].upper()}{what[1:]}"
            yield fenced("\n".join(lines), "text")


def _documentation(validator: Validator) -> str:
    """Return the docstring of the module that a validator is made in."""
    return inspect.cleandoc(inspect.getmodule(validator.check).__doc__ or "")


def _row(told: Code) -> tuple[str, ...]:
    lowers, cost = "", ""
    if told.aspect is not None:
        each = "once" if told.per is Per.PLAN else f"each {told.per}"
        lowers, cost = told.aspect.value, f"{told.cost:g}, {each}"
    return code(told.code), told.severity.value, told.says, lowers, cost
