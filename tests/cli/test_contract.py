"""What every verb promises: a text answer, one JSON envelope, exit codes, clean streams."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
import typer

from stellwerk.cli.main import TABLE
from tests.cli.cases import CASES, SHAPES, Case
from tests.cli.terminal import GOAL, Answer, Terminal

EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


def called(terminal: Terminal, case: Case, *more: str) -> Answer:
    """Make a case's call, after those that lead up to it."""
    if "remove" in case.args and "openai" in case.args:
        terminal("keys", "set", "openai", stdin="sk-1234")
    case.given(terminal)
    for args in case.before:
        terminal(*args)
    return terminal(*case.args, *more, stdin=case.stdin)


def fields(data: Any) -> Iterator[tuple[str, Any]]:
    """Yield every named value in a JSON document."""
    if isinstance(data, list):
        for each in data:
            yield from fields(each)
    elif isinstance(data, dict):
        for name, value in data.items():
            yield name, value
            yield from fields(value)


def verbs() -> Iterator[tuple[str, ...]]:
    """Yield every verb, and the verbs below those that have some."""
    for verb in TABLE:
        name = "import_" if verb.name == "import" else verb.name
        command = import_module(f"stellwerk.cli.commands.{name}").command
        if isinstance(command, typer.Typer):
            yield from ((verb.name, str(each.name)) for each in command.registered_commands)
        else:
            yield (verb.name,)


def test_every_verb_of_the_table_has_a_case():
    tried = {case.args[:length] for case in CASES for length in (1, 2)}
    assert [verb for verb in verbs() if verb not in tried] == []


def test_every_kind_of_answer_has_a_case():
    assert {case.kind for case in CASES} == set(SHAPES)


@EVERY
def test_a_verb_answers_in_text(planned: Terminal, case: Case):
    answer = called(planned, case)
    assert case.says in answer.out
    assert answer.out.endswith("\n")
    assert not answer.hostile


@EVERY
def test_a_verb_answers_in_one_json_envelope(planned: Terminal, case: Case):
    data = called(planned, case, "--json").data
    assert list(data)[:2] == ["schema_version", "kind"]
    assert (data["schema_version"], data["kind"]) == (1, case.kind)
    assert set(data) - {"schema_version", "kind"} == SHAPES[case.kind]
    for name, value in fields(data):
        if isinstance(value, str) and (name == "at" or name.endswith("_at")):
            assert MOMENT.fullmatch(value), "times are RFC 3339, UTC"


@EVERY
def test_the_global_options_may_stand_before_the_verb_and_quiet_narrates_nothing(
    planned: Terminal, case: Case
):
    goal = () if case.args[0] in ("plan", "import") else ("-g", GOAL)
    args = (*goal, "--json", "-q", *case.args)
    ahead = Case(args, "", case.kind, case.before, case.stdin, case.given)
    answer = called(planned, ahead)
    assert (answer.data["kind"], answer.err) == (case.kind, "")


@pytest.mark.parametrize("verb", [" ".join(verb) for verb in verbs()])
def test_every_verb_has_help_with_an_example_of_its_options(terminal: Terminal, verb: str):
    text = terminal(*verb.split(), "--help").out
    assert text.startswith(f"Usage: stellwerk {verb}")
    assert "--json" in text


def test_the_help_of_the_table_lists_every_verb_once(terminal: Terminal):
    lines = terminal("--help").out.splitlines()
    told = [line.split()[0] for line in lines if line.startswith("  ") and line.strip()]
    assert [name for name in told if name in {verb.name for verb in TABLE}] == [
        verb.name for verb in TABLE
    ]


def test_no_verb_at_all_shows_the_help(terminal: Terminal):
    assert terminal().out == terminal("--help").out


def test_the_version_is_the_packages(terminal: Terminal):
    from stellwerk import __version__

    assert terminal("--version").out == f"stellwerk {__version__}\n"


def test_absent_values_are_null_and_absent_lists_empty(planned: Terminal):
    package = planned.json("show", "r1.1.1")["item"]
    assert package["assignee"] is None
    assert package["elapsed_days"] is None
    assert package["needs"] == []
    standing = package["standing"]
    assert (standing["started_at"], standing["spent_hours"]) == (None, None)
    shown = planned.json("show")
    goal = shown["goal"]
    assert (goal["target_date"], goal["quality"]) == (None, None)
    assert (shown["people"], shown["decisions"]) == ([], [])
    assert next(route["needs"] for route in shown["routes"]) == []


def test_an_item_is_named_by_refs_in_json(planned: Terminal):
    planned("add", "person", "Mira")
    planned("assign", "r1.1.2", "Mira")
    planned("choose", "d1", "b")
    assert planned.json("show", "r1.1.2")["item"]["assignee"] == "p1"
    assert planned.json("show", "r1.1.2")["item"]["needs"] == ["r1.1.1"]
    switch = planned.json("show", "d1")["item"]
    assert (switch["route"], switch["chosen"], switch["recommended"]) == ("r2", "d1.b", "d1.a")
    assert [option["head"] for option in switch["options"]] == ["r3", "r4"]


def test_born_and_ready_items_are_told_in_json(planned: Terminal):
    assert planned.json("add", "route", "Legal")["born"] == ["r9"]
    assert planned.json("done", "r1.1.1")["now_ready"] == ["r1.1.2", "r1.2.1"]


ERRORS = [
    (("show", "r99"), 6, "not_found"),
    (("show", "d1.z"), 6, "not_found"),
    (("show", "nope"), 2, "usage"),
    (("show", "r1.1.1.1"), 2, "usage"),
    (("show", "-g", "nope"), 6, "not_found"),
    (("diff", "99"), 6, "not_found"),
    (("redo",), 6, "not_found"),
    (("playbooks", "show", "nope"), 6, "not_found"),
    (("import", "nope.json"), 6, "not_found"),
    (("plan", "--from", "nope.md"), 6, "not_found"),
    (("nope",), 2, "usage"),
    (("show", "--nope"), 2, "usage"),
    (("start",), 2, "usage"),
    (("edit", "r1.1.1", "--length", "9"), 2, "usage"),
    (("config", "explain", "nope"), 2, "config"),
    (("plan", "Fly", "--provider", "nope"), 4, "provider"),
    (("import", "plan.json"), 5, "conflict"),
    (("link", "r1", "--needs", "r8"), 1, "edit"),
    (("--db", ".", "list"), 1, "storage"),
]


@pytest.mark.parametrize(("args", "code", "kind"), ERRORS, ids=str)
def test_an_error_has_its_exit_code_and_one_sentence(
    planned: Terminal, args: tuple[str, ...], code: int, kind: str
):
    planned("export", "-o", "plan.json")
    answer = planned(*args, code=code)
    assert answer.out == ""
    assert answer.err.startswith("Error: ")
    assert re.search(r"[.?!]$", answer.err.splitlines()[0])


@pytest.mark.parametrize(("args", "code", "kind"), ERRORS, ids=str)
def test_an_error_in_json_leaves_stdout_empty_and_says_what_to_do_next(
    planned: Terminal, args: tuple[str, ...], code: int, kind: str
):
    planned("export", "-o", "plan.json")
    error = planned(*args, "--json", "-q", code=code).error
    assert error["code"] == kind
    assert error["message"]
    assert error["hint"]
    assert set(error) == {"code", "message", "hint"}


def test_an_unknown_verb_in_json_is_an_error_object(terminal: Terminal):
    assert json.loads(terminal("--json", "shwo", code=2).err)["error"]["hint"] == (
        "Did you mean show?"
    )
