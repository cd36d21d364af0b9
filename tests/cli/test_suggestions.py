"""Typing mistakes are answered with what was probably meant."""

from __future__ import annotations

import pytest

from tests.cli.terminal import Terminal

TYPOS = [
    (("shwo",), 2, "Did you mean show?"),
    (("strat", "r1.1.1"), 2, "Did you mean stats or start?"),
    (("divrt", "r1"), 2, "divert"),
    (("show", "--jsn"), 2, "--json"),
    (("plan", "Fly", "--siz", "small"), 2, "--size"),
    (("add", "rout", "X"), 2, "'route'"),
    (("config", "explan"), 2, "'explain'"),
    (("keys", "lst"), 2, "'list'"),
    (("playbooks", "shw"), 2, "'show'"),
    (("config", "explain", "planning.sise"), 2, "Did you mean `planning.size`?"),
    (("config", "set", "planing.size", "small"), 2, "Did you mean `planning.size`?"),
    (("show", "r9.1"), 6, "Did you mean"),
    (("show", "d9"), 6, "Did you mean"),
    (("assign", "r1.1.1", "Mirra"), 6, "Did you mean Mira?"),
    (("playbooks", "show", "generall"), 6, "general"),
    (("choose", "d1", "bowser"), 6, "a In the browser"),
    (("plan", "Fly", "--size", "smal"), 2, "small"),
    (("plan", "Fly", "--language", "fr"), 2, "en or de"),
    (("plan", "Fly", "--provider", "playbook"), 4, "Did you mean playbooks?"),
    (("plan", "Fly", "--progress", "plan"), 2, "plain"),
    (("export", "-f", "markdwon"), 6, "Did you mean markdown?"),
    (("completion", "csh"), 2, "bash, zsh, fish"),
    (("edit", "r1", "--kind", "trnk"), 2, "trunk"),
]


@pytest.mark.parametrize(("args", "code", "hint"), TYPOS, ids=[" ".join(t[0]) for t in TYPOS])
def test_a_typing_mistake_is_answered_with_what_is_near(
    planned: Terminal, args: tuple[str, ...], code: int, hint: str
):
    planned("add", "person", "Mira")
    assert hint in planned(*args, code=code).err


def test_an_unknown_key_in_a_settings_file_names_file_key_and_the_nearest(planned: Terminal):
    file = planned.write("stellwerk2.toml", "[planning]\nsise = 'small'\n")
    error = planned("list", "--json", code=2).error
    assert str(file) in error["message"]
    assert "planning.sise" in error["message"]
    assert "planning.size" in error["hint"]


def test_a_ref_that_is_none_explains_what_refs_look_like(planned: Terminal):
    assert "r3.2.1 (work package)" in planned("show", "foo", code=2).err


def test_a_ref_of_the_wrong_kind_says_which_is_needed(planned: Terminal):
    for args, wanted in (
        (("add", "task", "r1.1", "X"), "a route like r3"),
        (("add", "package", "r1", "X"), "a task like r3.2"),
        (("assign", "r1", "Mira"), "a work package like r3.2.1"),
        (("start", "r1.1"), "stellwerk show r1.1"),
        (("choose", "r1", "a"), "Switches have refs like d1"),
    ):
        assert wanted in planned(*args, code=2).err


def test_adding_nothing_asks_what_to_add(planned: Terminal):
    answer = planned("add", code=2)
    assert answer.err.splitlines() == [
        "Error: What is to be added?",
        "  → A route, task, package, switch or person.",
    ]
