"""Plans whose texts look like Markdown, HTML, TOML and our own markers.

They are clean all the same: cleaned and tidied as every stored plan is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

from hypothesis import strategies as st

from stellwerk.domain.goal import Person
from stellwerk.domain.notes import tidy
from stellwerk.domain.plan import Plan, Route, Switch
from stellwerk.domain.refs import RefBook
from stellwerk.domain.text import clean, one_line
from stellwerk.domain.work import Standing, Status, Task, WorkPackage, digest
from stellwerk.exchange.document import Document
from tests.strategies import Drawn, drawn_plans, edits, stepped

LINES: Final = (
    *("# Heading", "###### Deep", "####### Seven", "#", "##\ttab", "#hash", "title #"),
    *("- [ ] box", "* [x] box", "+ [ ]", "-\t[ ] tab", "- \u3000[ ] wide", "1. [ ] one"),
    *("- item", "- - - [ ] nested", "> - [ ] quoted", "> # quoted", "-", "- [ ]", "* * *"),
    *("```", "```python", "~~~", "~~~~ x", "   ```", "- ```", "> ~~~", "\\```", "\\\\~~~"),
    *("<script>alert(1)</script>", "&lt;b&gt;", "&amp;lt;", "&amp;amp;lt;!--", "<", "<a"),
    *("<!-- stellwerk r1 -->", "<!-- stellwerk generated -->", "<!-- stellwerk end -->"),
    *("- x <!-- stellwerk r1.1.1 {length = 9} -->", "-->", "<!--", "<?php", "<![CDATA["),
    *("<https://example.org>", "![i](javascript:x)", "&#60;b&#62;", "<pre", "</textarea>"),
    *("+++", "===", "---", "***", "[ref]: http://x 'y'", "[ref]:", "[ref]: <http", "| a |"),
    *("    code", "\ttab", "x  ", "\\# escaped", "\\\\# twice", "- \\[ ] esc", "\\", "a\\b"),
    *("Decision: x", "Entscheidung: y", "[ ] not a box", "[x] nor this", "{{goal}}", "r1.1"),
    *(
        "👩\u200d🚀 go",
        "שלום עולם",
        "旅行の計画",
        "\u00a0nbsp\u00a0",
        "é\u0301",
        "%s {c}",
        '"""',
    ),
    *("## Steps", "## Steps ##", "#### Risks", "##### Five", "Links:", "1. go", "a → b"),
)
TEXTS: Final = st.lists(
    st.tuples(
        st.sampled_from(("", "", "", " ", "  ", "    ", "- ", "> ")),
        st.sampled_from(LINES) | st.text(max_size=8),
        st.sampled_from(("\n", "\n", "\n\n", "\n\n\n", "\n   \n", " ")),
    ).map("".join),
    min_size=1,
    max_size=6,
).map(lambda parts: clean("".join(parts)).strip())
"""Texts of several lines."""

TITLES: Final = (st.sampled_from(LINES) | TEXTS).map(one_line).filter(bool)
"""Titles of one line."""


def plain(text: str) -> str:
    """Return a description as it is stored: no blanks on empty lines or around it."""
    return tidy(text).strip()


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Return a document with a hostile text wherever a person or model can write one.

    It comes at the end of some edits, so it has counters and aliases too.
    """
    drawn = draw(drawn_plans(max_routes=5))
    for _ in range(draw(st.integers(0, 3))):
        if (edit := draw(edits(drawn))) is not None:
            drawn = stepped(drawn, edit)
    texts = draw(st.lists(TEXTS, min_size=2, max_size=6))
    titles = draw(st.lists(TITLES, min_size=2, max_size=6))
    return dressed(drawn, titles, texts, Random(draw(st.integers(0, 99))))


def dressed(drawn: Drawn, titles: list[str], texts: list[str], choice: Random) -> Document:
    """Return a drawn plan in which every text is one of these."""
    dresser = _Dresser(lambda: choice.choice(titles), lambda: plain(choice.choice(texts)))
    goal = replace(
        drawn.plan.goal,
        title=dresser.title(),
        description=dresser.text(),
        prologue=dresser.text(),
        rallying_cry=dresser.title(),
        deleted=False,
    )
    plan = Plan(
        goal,
        tuple(dresser.route(route) for route in drawn.plan.routes),
        drawn.plan.edges,
        tuple(dresser.switch(switch) for switch in drawn.plan.switches),
        tuple(dresser.person(person) for person in drawn.plan.people),
    )
    return Document(plan, dresser.notes, RefBook(drawn.book.last, drawn.book.aliases))


class _Dresser:
    def __init__(self, title: Callable[[], str], text: Callable[[], str]) -> None:
        self.title, self.text = title, text
        self.notes = dict[str, str]()

    def route(self, route: Route) -> Route:
        tasks = tuple(self.task(task) for task in route.tasks)
        return replace(route, title=self.title(), description=self.text(), tasks=tasks)

    def task(self, task: Task) -> Task:
        packages = tuple(self.package(package) for package in task.packages)
        return replace(task, title=self.title(), description=self.text(), packages=packages)

    def package(self, package: WorkPackage) -> WorkPackage:
        if text := tidy(self.text()):
            self.notes[package.uid] = text
        standing = package.standing
        if standing.status is Status.WAITING:
            standing = Standing(Status.WAITING, waiting_for=self.title(), reason=self.text())
        return replace(package, title=self.title(), notes=digest(text), standing=standing)

    def switch(self, switch: Switch) -> Switch:
        options = tuple(
            replace(option, label=self.title(), tradeoff=self.text())
            for option in switch.options
        )
        return replace(switch, title=self.title(), prompt=self.text(), options=options)

    def person(self, person: Person) -> Person:
        return replace(person, name=self.title(), notes=self.text())
