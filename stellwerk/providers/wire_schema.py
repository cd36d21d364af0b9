"""Draft schemas as the APIs want them: closed objects, every property required.

What an API does not enforce moves into the description, where the model reads it. Answers
are validated against the full draft in any case.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

_BOUNDS: Final = (
    "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems",
)  # fmt: skip
_LENGTHS: Final = frozenset({"minLength", "maxLength"})
OPENAI_BOUNDS: Final = frozenset(_BOUNDS) - _LENGTHS - {"uniqueItems", "format"}
"""Bounds that OpenAI's strict mode enforces."""
GRAMMAR_BOUNDS: Final = frozenset({"minItems", "maxItems", "minimum", "maximum"})
"""Bounds that servers turn into grammars without trouble; long strings make them slow."""
NO_BOUNDS: Final[frozenset[str]] = frozenset()

_SHOWN: Final = "The JSON Schema of the answer:\n"


def closed(schema: Schema, bounds: frozenset[str] = NO_BOUNDS) -> dict[str, Any]:
    """Return a schema in which every object is closed and every property required.

    A property that may be left out in the draft has to be written on the wire: models fill
    in an empty text or list, or null where the draft allows it.

    Args:
        schema: JSON Schema of a draft.
        bounds: The keywords that are kept; others move into the description.

    Raises:
        ValueError: It has an object with free keys, which no API can hold a model to.
    """
    definitions = schema.get("$defs", {})
    kept: dict[str, Any] = _closed(schema, definitions, bounds)
    if "$ref" in json.dumps(kept):
        kept["$defs"] = {
            name: _closed(each, definitions, bounds) for name, each in definitions.items()
        }
    return kept


def inlined(schema: Schema) -> dict[str, Any]:
    """Return a closed schema with its definitions written where they are used.

    A schema that contains itself stays as it is.
    """
    definitions = schema.get("$defs", {})

    def put(value: Any, inside: tuple[str, ...]) -> Any:
        if isinstance(value, list):
            return [put(each, inside) for each in value]
        if not isinstance(value, Mapping):
            return value
        name = _name(value)
        if name in inside:
            raise RecursionError
        if name in definitions:
            return put(definitions[name], (*inside, name))
        return {key: put(each, inside) for key, each in value.items() if key != "$defs"}

    try:
        result: dict[str, Any] = put(schema, ())
    except RecursionError:
        return dict(schema)
    return result


def with_schema(messages: Sequence[Mapping[str, str]], schema: Schema) -> list[dict[str, str]]:
    """Return messages with a schema at the end of the first system message."""
    written = _SHOWN + json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    rest = [dict(each) for each in messages]
    for each in rest:
        if each["role"] == "system":
            each["content"] += f"\n\n{written}"
            return rest
    return [{"role": "system", "content": written}, *rest]


def _closed(node: Schema, definitions: Schema, bounds: frozenset[str]) -> dict[str, Any]:
    def again(each: Schema) -> dict[str, Any]:
        return _closed(each, definitions, bounds)

    if (name := _name(node)) and "description" in node:
        return again({**definitions[name], "description": node["description"]})
    kept = {key: node[key] for key in ("$ref", "type", "enum", "const") if key in node}
    kept |= {key: node[key] for key in _BOUNDS if key in node and key in bounds}
    if told := _told(node, bounds):
        kept["description"] = told
    if choices := node.get("anyOf") or node.get("oneOf") or node.get("allOf"):
        kept["anyOf"] = [again(each) for each in choices]
    if "items" in node:
        kept["items"] = again(node["items"])
    if node.get("type") == "object" or "properties" in node:
        kept |= _object(node, again)
    return kept


def _object(node: Schema, again: Callable[[Schema], dict[str, Any]]) -> dict[str, Any]:
    properties: Schema = node.get("properties", {})
    if node.get("additionalProperties") or not properties:
        msg = (
            f"{node.get('title', 'The schema')} has free keys; a list of pairs can replace it."
        )
        raise ValueError(msg)
    return {
        "properties": {name: again(each) for name, each in properties.items()},
        "required": list(properties),
        "additionalProperties": False,
    }


def _told(node: Schema, bounds: frozenset[str]) -> str:
    """Return the description with the bounds that are not kept."""
    text = str(node.get("description", ""))
    said = [f"{key}: {node[key]}" for key in _BOUNDS if key in node and key not in bounds]
    return f"{text} ({', '.join(said)})".strip() if said else text


def _name(node: Schema) -> str:
    return str(node.get("$ref", "")).removeprefix("#/$defs/")
