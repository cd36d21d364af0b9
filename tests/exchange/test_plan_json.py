"""JSON exports: lossless, easy to diff, described by a schema, strict when read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from stellwerk.domain.births import Births
from stellwerk.domain.plan import Plan
from stellwerk.domain.values import to_data
from stellwerk.errors import ExchangeError
from stellwerk.exchange.document import Document
from stellwerk.exchange.plan_json import IMPORTER, json_schema, reborn, written
from stellwerk.testing.clock import CountedUids, FrozenClock
from tests.exchange.hostile import documents
from tests.exchange.samples import NOTES, a_document
from tests.strategies import MODEST

BIRTHS = Births(FrozenClock().now, CountedUids(10**6))
SCHEMA = json_schema()
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "null": type(None),
    "number": (int, float),
    "boolean": bool,
}


def read(text: str) -> Document:
    """Return the plan in JSON text."""
    return IMPORTER.read({"plan.json": text}, BIRTHS)


def violations(value: Any, schema: dict[str, Any], path: str = "$") -> list[str]:
    """Return where a value breaks a schema; enough of JSON Schema for ours."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        tried = [violations(value, each, path) for each in schema["anyOf"]]
        return [] if [] in tried else [problem for each in tried for problem in each]
    wanted = TYPES.get(schema.get("type", ""), object)
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        return [f"{path} is no {schema['type']}"]
    if value not in schema.get("enum", [schema.get("const", value)]):
        return [f"{path} is {value!r}"]
    if isinstance(value, dict):
        return list(violations_inside(value, schema, path))
    items = enumerate(value) if isinstance(value, list) else ()
    return [
        p for at, each in items for p in violations(each, schema["items"], f"{path}[{at}]")
    ]


def violations_inside(
    value: dict[str, Any], schema: dict[str, Any], path: str
) -> Iterator[str]:
    """Yield where an object breaks a schema."""
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    yield from (
        f"{path} lacks {name}" for name in schema.get("required", []) if name not in value
    )
    for name, each in value.items():
        if name in known or isinstance(others, dict):
            yield from violations(each, known.get(name, others), f"{path}.{name}")
        elif not others:
            yield f"{path} has an unknown {name}"


@MODEST
@given(documents())
def test_every_export_fits_the_schema(document: Document):
    """Whatever the plan holds."""
    assert violations(json.loads(written(document)), SCHEMA) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('"number": 1', '"number": "1"'), "$.people[0].number is no integer"),
        (('"kind": "branch"', '"kind": "twig"'), "$.routes[1].kind is 'twig'"),
        (('"version": 2', '"version": 3'), "$.version is 3"),
        (('"slug": "a-goal",', ""), "$.goal lacks slug"),
        (
            ('"slug": "a-goal"', '"slugg": "x", "slug": "a-goal"'),
            "$.goal has an unknown slugg",
        ),
        (('"Just a line."', "7"), "$.routes[1].tasks[0].packages[0].notes[0] is no string"),
    ],
)
def test_the_schema_finds_what_is_wrong(change: tuple[str, str], place: str):
    """So it is no empty promise."""
    old, new = change
    text = written(a_document())
    at = text.rindex(old) if '"number"' in old else text.index(old)
    assert place in violations(json.loads(text[:at] + new + text[at + len(old) :]), SCHEMA)


def test_the_schema_names_its_draft_and_resolves():
    """Every reference leads to a definition."""
    assert SCHEMA["$schema"].endswith("2020-12/schema")
    refs = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(SCHEMA)))
    assert refs == set(SCHEMA["$defs"])


def test_one_value_stands_on_a_line_and_notes_are_lines():
    """So a changed word is a changed line in a diff."""
    text = written(a_document())
    changed = written(replace(a_document(), notes=NOTES | {"c": "Just a word.\n"}))
    before, after = text.split("\n"), changed.split("\n")
    assert len(before) == len(after)
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == [
        ('        "Just a line."', '        "Just a word."')
    ]
    assert text.endswith("}\n")


def test_notes_without_a_line_break_at_the_end_are_not_lost():
    """They get one."""
    found = read(written(replace(a_document(), notes={"a": "unfinished"})))
    assert found.notes == {"a": "unfinished\n"}


def test_hand_written_order_does_not_matter():
    """What a plan keeps sorted is sorted when it is read."""
    data = json.loads(written(a_document()))
    data["edges"].reverse()
    data["people"].reverse()
    data["switches"][0]["options"].reverse()
    assert read(json.dumps(data)) == read(written(a_document()))


def test_defaults_may_be_left_out():
    """A plan written by hand need only say what is special."""
    goal = {"uid": "g", "slug": "a", "title": "A", "created_at": "2026-01-01T00:00:00Z"}
    found = read(json.dumps({"format": "stellwerk.plan", "version": 2, "goal": goal}))
    assert found.plan.goal.title == "A"
    assert found.plan.routes == ()


_WRONG = {
    "no JSON": (("{", "{,"), r"plan\.json:1: this is not JSON"),
    "a line further down": (('"a-goal"', "a-goal"), r"plan\.json:6: this is not JSON"),
    "a key given twice": (('"slug"', '"slug": "b", "slug"'), r"'slug' stands twice"),
    "no number": (('"unit_hours": 1.0', '"unit_hours": NaN'), "NaN is not a number"),
    "infinity": (
        ('"unit_hours": 1.0', '"unit_hours": -Infinity'),
        "-Infinity is not a number",
    ),
    "beyond infinity": (('"unit_hours": 1.0', '"unit_hours": 1e999'), r"goal: .*above 0"),
    "a number without end": (('"unit_hours": 1.0', f'"unit_hours": {"9" * 5000}'), "limit"),
    "another format": (('"stellwerk.plan"', '"trello"'), "not a Stellwerk plan"),
    "another version": (('"version": 2', '"version": 1'), "version 1 of the format"),
    "an unknown field": (('"a-goal"', '"a-goal", "x": 1'), r"goal\.x: "),
    "a missing field": (('"slug": "a-goal",', ""), r"goal\.slug: "),
    "a number as text": (('"length": 2', '"length": "2"'), r"packages\.0\.length: "),
    "a truth as a number": (('"length": 2', '"length": true'), r"packages\.0\.length: "),
    "a length too long": (('"length": 2', '"length": 9'), "between 1 and 8"),
    "an inverted estimate": (('"p10": 1.0', '"p10": 9.0'), "three rising"),
    "notes in one piece": (('[\n        "Just a line."\n       ]', '"x"'), "list of lines"),
    "notes that are no text": (('"Just a line."', "5"), "list of lines"),
    "an unknown need": (('"needs": [\n        "a"', '"needs": [\n        "z"'), "package z"),
    "a time without zone": (
        ('"created_at": "2026-01-01T09:00:00Z"', '"created_at": "2026-01-01T09:00:00"'),
        "is not UTC",
    ),
    "a time elsewhere": (
        ('"created_at": "2026-01-01T09:00:00Z"', '"created_at": "2026-01-01T09:00:00+02:00"'),
        "is not UTC",
    ),
    "a time as a number": (
        ('"created_at": "2026-01-01T09:00:00Z"', '"created_at": 5'),
        r"goal\.created_at: ",
    ),
    "a goal without title": (
        ('"title": "A goal"', '"title": " \\u200b"'),
        "goal has no title",
    ),
    "a route without title": (('"title": "Enjoy"', '"title": ""'), "r4 has no title"),
    "a uid that is none": (('"uid": "goal"', '"uid": "<goal>"'), "not a uid"),
    "days without end": (
        ('"elapsed_days": 3', f'"elapsed_days": 1{"0" * 20}'),
        "elapsed days",
    ),
    "a counter that counts not": (('"r": 5', '"r": "5"'), r"refs\.last\.r: "),
    "a counter below zero": (('"r": 5', '"r": -5'), r"refs\.last\.r: "),
    "routes in a circle": (
        (
            '{\n   "tail": "r-sell",',
            '{"tail": "r-end", "head": "r-ask"}, {\n   "tail": "r-sell",',
        ),
        "in a circle: .*r1 Ask",
    ),
}


@pytest.mark.parametrize(("change", "message"), _WRONG.values(), ids=_WRONG)
def test_what_is_wrong_is_told_with_its_place(change: tuple[str, str], message: str):
    """The line of what is no JSON, the path of a wrong value, the names in a broken rule."""
    old, new = change
    text = written(a_document())
    assert old in text
    with pytest.raises(ExchangeError, match=message) as caught:
        read(text.replace(old, new, 1))
    assert "plan.json" in caught.value.message


@pytest.mark.parametrize("number", [0, -1, 10**12])
def test_a_number_that_no_ref_can_show_is_refused(number: int):
    """Refs count from 1, to a billion at most."""
    data = json.loads(written(a_document()))
    data["routes"][3]["number"] = number
    with pytest.raises(ExchangeError, match=f"number of r{number} is not from 1 to"):
        read(json.dumps(data))


def test_many_problems_are_told_shortly():
    """The first five, and how many there are more."""
    data = json.loads(written(a_document()))
    for route in data["routes"]:
        route.update(kind="twig", number="x")
    with pytest.raises(ExchangeError, match=r"; and 3 more\.$"):
        read(json.dumps(data))


def test_a_deeply_nested_file_is_refused():
    """Before or after it is parsed."""
    for depth in (300, 600, 900, 100_000):
        with pytest.raises(ExchangeError, match=r"plan\.json"):
            read('{"format": ' + "[" * depth + "]" * depth + "}")


def test_a_key_given_twice_is_found_soon_among_many():
    """A hundred thousand keys are no problem."""
    keys = ", ".join(f'"k{number}": 0' for number in [*range(100_000), 99_999])
    with pytest.raises(ExchangeError, match="'k99999' stands twice"):
        read(f"{{{keys}}}")


def shape(plan: Plan) -> Any:
    """Return all of a plan but its uids."""

    def told(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: told(each, name) for name, each in value.items()}
        if isinstance(value, list) and key == "needs":
            return sorted(plan.ref(uid) for uid in value)
        if isinstance(value, list):
            return [told(each, key) for each in value]
        uids = {"uid", "tail", "head", "route", "assignee", "chosen", "recommended"}
        return plan.ref(value) if key in uids and value else value

    data = told(to_data(plan))
    data["edges"].sort(key=lambda edge: (edge["tail"], edge["head"]))
    return data


@MODEST
@given(documents())
def test_a_copy_has_the_same_shape_and_no_uid_in_common(document: Document):
    """Texts that happen to be a uid stay; refs, counters and aliases go along."""
    plan = document.plan
    uids = {plan.goal.uid, *plan.index.items}
    titled = replace(plan, goal=replace(plan.goal, title=plan.goal.uid))
    copy = reborn(replace(document, plan=titled), BIRTHS)
    assert not uids & {copy.plan.goal.uid, *copy.plan.index.items}
    assert shape(copy.plan) == shape(titled)
    renamed = {uid: copy.plan.index.by_ref[ref] for uid, ref in plan.index.refs.items()}
    assert copy.notes == {renamed[uid]: text for uid, text in document.notes.items()}
    known = {"r": "r", "d": "d", "p": "p", **renamed}
    last, aliases = document.book.last.items(), document.book.aliases.items()
    assert copy.book.last == {known[up]: number for up, number in last if up in known}
    assert copy.book.aliases == {ref: known[uid] for ref, uid in aliases if uid in known}


def test_a_copy_of_an_edited_copy_is_possible():
    """A copy is a plan like any other."""
    copy = reborn(reborn(a_document(), BIRTHS), BIRTHS)
    assert shape(copy.plan) == shape(a_document().plan)
