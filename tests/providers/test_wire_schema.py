"""Schemas on the wire: closed, complete, without what an API refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, Field

from stellwerk.planning.drafts import Draft, PackagesDraft
from stellwerk.providers.wire_schema import (
    GRAMMAR_BOUNDS,
    NO_BOUNDS,
    OPENAI_BOUNDS,
    closed,
    inlined,
    with_schema,
)


def drafts(kind: type[Draft] = Draft) -> Iterator[type[Draft]]:
    """Return every draft there is."""
    for each in kind.__subclasses__():
        yield each
        yield from drafts(each)


every_draft = pytest.mark.parametrize("draft", sorted(set(drafts()), key=lambda d: d.__name__))


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Return every object of a schema."""
    if isinstance(node, dict):
        if "properties" in node and isinstance(node["properties"], dict):
            yield node
        for each in node.values():
            yield from objects(each)
    elif isinstance(node, list):
        for each in node:
            yield from objects(each)


@every_draft
@pytest.mark.parametrize("bounds", [NO_BOUNDS, OPENAI_BOUNDS, GRAMMAR_BOUNDS])
def test_every_draft_can_be_asked_for(draft: type[Draft], bounds: frozenset[str]):
    schema = closed(draft.model_json_schema(), bounds)
    for each in objects(schema):
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])
    text = json.dumps(schema)
    assert '"default"' not in text
    assert '"minLength":' not in text
    assert json.dumps(inlined(schema)).count('"$ref"') == 0


def test_what_the_draft_may_leave_out_keeps_its_type():
    schema = closed(PackagesDraft.model_json_schema())
    package = schema["$defs"]["PackageDraft"]["properties"]
    assert package["sources"]["type"] == "array"
    assert {"type": "null"} in package["hours"]["anyOf"]


def test_bounds_are_kept_or_told():
    class Steps(BaseModel):
        steps: list[str] = Field(min_length=6, description="What to do.")

    enforced = closed(Steps.model_json_schema(), OPENAI_BOUNDS)["properties"]["steps"]
    told = closed(Steps.model_json_schema())["properties"]["steps"]
    assert enforced["minItems"] == 6
    assert enforced["description"] == "What to do."
    assert "minItems" not in told
    assert told["description"] == "What to do. (minItems: 6)"


def test_a_reference_with_a_description_of_its_own_is_written_out():
    class Inner(BaseModel):
        """Inside."""

        name: str

    class Outer(BaseModel):
        first: Inner = Field(description="The first.")
        second: Inner

    schema = closed(Outer.model_json_schema())
    assert schema["properties"]["first"]["description"] == "The first."
    assert schema["properties"]["first"]["required"] == ["name"]
    assert schema["properties"]["second"] == {"$ref": "#/$defs/Inner"}


class Tree(BaseModel):
    """Contains itself."""

    name: str
    below: list[Tree] = []


def test_a_schema_that_contains_itself_keeps_its_references():
    schema = closed(Tree.model_json_schema())
    assert inlined(schema) == schema
    assert "$defs" in schema


def test_free_keys_are_refused():
    class Free(BaseModel):
        scores: dict[str, int]

    with pytest.raises(ValueError, match="Scores has free keys"):
        closed(Free.model_json_schema())


def test_the_schema_goes_to_the_end_of_the_system_message_and_nowhere_else():
    messages = [
        {"role": "system", "content": "Plan."},
        {"role": "user", "content": "Go."},
        {"role": "system", "content": "Late."},
    ]
    shown = with_schema(messages, {"type": "object"})
    assert shown[0]["content"].startswith("Plan.\n\n")
    assert shown[0]["content"].endswith('{"type":"object"}')
    assert shown[1:] == messages[1:]
    assert messages[0]["content"] == "Plan."


def test_without_a_system_message_there_is_one():
    shown = with_schema([{"role": "user", "content": "Go."}], {"type": "object"})
    assert [each["role"] for each in shown] == ["system", "user"]
