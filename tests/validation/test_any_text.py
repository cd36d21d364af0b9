"""Validators of texts: their examples are true, and no text at all can break them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from time import process_time
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.limits import SIZES
from stellwerk.domain.notes import parse
from stellwerk.domain.plan import Plan
from stellwerk.domain.text import one_line
from stellwerk.validation.findings import Aspect, Severity
from stellwerk.validation.judging import judged
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import (
    ALL,
    aim,
    decisions,
    figures,
    findings,
    horizon,
    language,
    notes,
    order,
    padding,
    placeholders,
    promises,
    repeats,
    sources,
    split,
    titles,
    vague,
)
from tests.benchmarks.validation import fresh, subject_of
from tests.strategies import MODEST, Drawn, drawn_plans
from tests.validation.notation import Example, examples
from tests.validation.samples import Work, codes, steps, subject

MODULES = (
    *(notes, placeholders, repeats, vague, sources, promises, padding, split),
    *(titles, decisions, aim, order, language, figures, horizon),
)
EXAMPLES = [(module, each) for module in MODULES for each in examples(module.__doc__)]
LINES = st.sampled_from(
    (
        *(
            "## Steps",
            "## Summary",
            "## DoD",
            "## Risks",
            "## Sources",
            "## Images",
            "##",
            "#",
        ),
        *(
            "1. ",
            "1. TODO",
            "- [ ] done?",
            "- a → b",
            "- → ",
            "- ",
            "-",
            "```",
            "~~~",
            "Steps:",
        ),
        *(
            "https://example.com/",
            "https://[::1",
            "http://",
            "https://a.org/(((",
            "- https://..",
        ),
        *(
            "the and of to is are",
            "der die das und ist mit",
            "budget is 3 euros",
            "budget 4 €",
        ),
        *(
            "wedding on 3 May",
            "wedding\non\n4 June",
            "for 80 guests",
            "all 9 guests",
            "Do it.",
        ),
        *(
            "\x00",
            "\ud800",
            "\u202eabc\u202c",
            "\x1b[31m",
            "\u2028",
            "\x85",
            "\t",
            "\u00a0",
            "İ",
        ),
        *(
            "[" * 50,
            "{{" * 50,
            "(" * 50,
            "“" * 50,
            "...!?…",
            "z. B. Dr. No. A",
            "\u017f",
            "旅 👩‍🚀",
        ),
        *(
            "    1. a\n        - b\n            2. c",
            "> quote",
            "| a | b |",
            "`x`",
            "a/b/c-d’e",
        ),
    )
)
NOTES = st.one_of(
    st.lists(LINES, max_size=14).map("\n".join),
    st.text(max_size=200),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Po", "Zs"]), max_size=60),
)
TITLES = st.one_of(LINES, st.text(max_size=40))


def flat(text: str) -> str:
    """Return a text with its white space folded."""
    return " ".join(text.split())


def texts(plan: Plan, all_notes: Mapping[str, str]) -> Iterator[str]:
    """Yield every text that a finding may quote, with white space folded."""
    goal = plan.goal
    yield from map(flat, (goal.title, goal.description, goal.prologue))
    for item in plan.index.items.values():
        names = "title", "description", "label", "name"
        yield from (flat(getattr(item, name, "")) for name in names)
    for note in all_notes.values():
        yield flat(note)
        # Two sections of one kind are read as one.
        yield flat(parse(note).summary)


@pytest.mark.parametrize(
    ("module", "example"), EXAMPLES, ids=lambda each: getattr(each, "text", "")[:40]
)
def test_the_examples_of_the_docstrings_are_true(module: ModuleType, example: Example):
    """Something is found in the bad ones, nothing in the good ones."""
    assert (not codes(module.VALIDATOR, example.part, example.text)) == example.good


@pytest.mark.parametrize("module", MODULES, ids=lambda each: each.__name__.rpartition(".")[2])
def test_the_bad_examples_show_every_code(module: ModuleType):
    """So nobody has to guess what one looks like; the docstring begins with all of them."""
    told = examples(module.__doc__)
    shown = {
        code
        for each in told
        for code in codes(module.VALIDATOR, each.part, each.text)
        if not each.good
    }
    own = {code.code for code in module.VALIDATOR.codes}
    assert shown == own
    assert any(each.good for each in told)
    first = (module.__doc__ or "").partition(":")[0]
    assert all(code in first for code in own)


def test_codes_are_named_once_and_cost_where_they_count():
    """Of all validators; a code that costs nothing belongs to no part of the score."""
    every = [code for validator in ALL for code in validator.codes]
    assert len({code.code for code in every}) == len(every)
    for code in every:
        assert (code.cost > 0) == (code.aspect is not None)
        assert code.says.endswith(".")
        assert code.severity in Severity
        assert code.aspect is None or code.aspect in Aspect


@MODEST
@given(drawn=drawn_plans(), data=st.data())
def test_any_plan_with_any_text_is_judged(drawn: Drawn, data: st.DataObject):
    """Each code is its validator's, each ref the plan's, each quote stands there."""
    told = {uid: data.draw(NOTES) for uid in [each.uid for each in drawn.plan.packages][:4]}
    plan = _renamed(
        drawn.plan, data.draw(TITLES), data.draw(st.sampled_from(("en", "de", "xx")))
    )
    told = {**drawn.notes, **told}
    known, refs = set(texts(plan, told)), {"", *plan.index.by_ref}
    for validator in ALL:
        for each in validator(Subject(plan, told, data.draw(st.sampled_from(_SIZES)))):
            assert each.code in {code.code for code in validator.codes}
            assert each.ref in refs
            assert each.message.endswith(".") or each.quote
            assert not each.quote or any(flat(each.quote) in text for text in known), each
            assert each.count >= 1


_SIZES = (None, *SIZES.values())


def _renamed(plan: Plan, title: str, spoken: str) -> Plan:
    """Return a plan whose goal and first route have a title, in a language."""
    goal = replace(plan.goal, title=title, language=spoken)
    routes = tuple(
        replace(route, title=title) if at == 0 else route
        for at, route in enumerate(plan.routes)
    )
    return replace(plan, goal=goal, routes=routes)


@MODEST
@given(drawn=drawn_plans(max_routes=3), text=NOTES)
def test_judging_twice_says_the_same(drawn: Drawn, text: str):
    """In the same order, with the same score between 0 and 1."""
    told = {package.uid: text for package in drawn.plan.packages}
    one, two = (judged(Subject(drawn.plan, told)) for _ in range(2))
    assert one == two
    assert 0.0 <= one.score.value <= 1.0
    ranks = [list(Severity).index(each.severity) for each in one.findings]
    assert ranks == sorted(ranks)
    assert findings(Subject(drawn.plan, told)) == one.findings


HUGE: Mapping[str, str] = {
    "brackets": "[" * 100_000,
    "round brackets in a URL": "https://a.org/" + "(a" * 50_000,
    "curly brackets": "{{" * 50_000,
    "one long word": "a" * 1_000_000,
    "one long line": "word and " * 110_000,
    "a box without an end": "- [ ] " + "[x] " * 100_000,
    "line breaks": "wedding" + "\n" * 100_000 + "x",
    "blanks": "The wedding" + " " * 100_000 + "is" + " " * 100_000 + "on",
    "colons behind a budget": "budget" + ":" * 100_000,
    "digits behind a budget": "budget " + "1." * 50_000,
    "budgets": "budget is of " * 10_000,
    "full stops": "." * 100_000,
    "quotes behind a full stop": ".“" * 50_000 + "”" * 100_000,
    "backticks": "`" * 100_000 + "x`" * 1_000,
    "headings": "## Steps\n" * 20_000,
    "hyphens": "a-" * 100_000,
    "a URL of full stops": "https://" + "." * 100_000,
    "slashes": "https://" * 20_000,
    "words": "to be " * 20_000,
    "numbers": "1. \n" * 20_000,
    "nested lists": "\n".join(" " * (n % 200) + "- a" for n in range(20_000)),
}


@pytest.mark.parametrize("name", HUGE)
@pytest.mark.parametrize("heading", ["", "## Steps\n1. ", "## Summary\n", "## Sources\n"])
def test_a_huge_note_is_judged_in_time(name: str, heading: str):
    """No pattern takes a way back for each character."""
    start = process_time()
    plan = subject([Work("Sew the sails", steps("Cut linen"))]).plan
    assert judged(Subject(plan, {"r1.1.1": heading + HUGE[name]})).findings
    assert process_time() - start < 5


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_title_is_judged_in_time(name: str):
    """Titles are one line, but an import may bring a long one."""
    title = one_line(HUGE[name])[:100_000]
    start = process_time()
    judged(subject([Work(title), Work(title)], goal=title))
    assert process_time() - start < 5


def seconds(action: Callable[[], object]) -> float:
    """Return the least time that an action takes."""
    taken = []
    for _ in range(3):
        start = process_time()
        action()
        taken.append(process_time() - start)
    return min(taken)


@pytest.mark.parametrize("spoken", ["en", "de"])
def test_judging_grows_no_faster_than_the_plan(spoken: str):
    """Four times the plan takes about four times as long; some dozen times the parsing."""
    few, many = subject_of(300, spoken), subject_of(1_200, spoken)
    small, large = (seconds(lambda each=each: judged(fresh(each))) for each in (few, many))
    parsing = seconds(lambda: [parse(note) for note in many.notes.values()])
    assert large < 8 * small + 0.2
    assert large < 120 * parsing + 0.2
