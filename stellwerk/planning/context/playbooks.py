"""Playbooks as domain knowledge: routes, decisions and criteria of the nearest, in outline."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from stellwerk.domain.text import one_line, shortened
from stellwerk.errors import ProviderError
from stellwerk.planning.context.passage import Passage, Sort
from stellwerk.planning.models import LanguageModel, ModelRequest
from stellwerk.planning.wish import Wish

_UNSPECIFIC: Final = frozenset({"general", "small"})
"""Playbooks for any goal know nothing of this one."""
_TITLE: Final = 120
_CRITERIA: Final = 2


def playbook(wish: Wish, provider: LanguageModel) -> list[Passage]:
    """Return the outline of the playbook that fits a goal, if one does.

    Args:
        wish: The goal.
        provider: Answers the stages of planning from playbooks.
    """
    return asyncio.run(_playbook(wish, provider))


async def _playbook(wish: Wish, provider: LanguageModel) -> list[Passage]:
    try:
        reply = await provider.complete(_request("decompose", wish.title, wish))
        if reply.model in _UNSPECIFIC or not isinstance(reply.data, Mapping):
            return []
        criteria = {
            route["key"]: await _criteria(route["key"], wish, provider)
            for route in reply.data["routes"]
        }
        text = "\n".join(_outline(reply.data, criteria))
    except (
        ProviderError,
        KeyError,
        TypeError,
        ValueError,
    ):  # knowing less is no reason to fail
        return []
    return [Passage(Sort.PLAYBOOK, reply.model, text)]


async def _criteria(route: str, wish: Wish, provider: LanguageModel) -> list[str]:
    """Return what shows that the last work of a route is done."""
    tasks = (await provider.complete(_request("tasks", route, wish))).data["tasks"]
    if not tasks:
        return []
    last = await provider.complete(_request("packages", tasks[-1]["key"], wish))
    packages = last.data["packages"]
    return [_line(each) for each in packages[-1]["done_when"][:_CRITERIA]] if packages else []


def _request(stage: str, subject: str, wish: Wish) -> ModelRequest:
    return ModelRequest(stage, subject, {"wish": asdict(wish)}, {}, "", list)


def _outline(data: Mapping[str, Any], criteria: Mapping[str, list[str]]) -> Iterator[str]:
    yield "How people who know such goals go about one; it was written for goals of its kind."
    keys = [route["key"] for route in data["routes"]]
    edges = {(edge["before"], edge["after"]) for edge in data["edges"]}
    for route in data["routes"]:
        # Edges are in no order that two runs share; the same goal has to ask the same.
        earlier = [key for key in keys if (key, route["key"]) in edges]
        before = f" (after {', '.join(earlier)})" if earlier else ""
        over = f" Over when: {'; '.join(done)}." if (done := criteria[route["key"]]) else ""
        yield f"{route['key']} {_line(route['title'])}{before}.{over}"
    for decision in sorted(data["decisions"], key=lambda each: keys.index(each["at"])):
        options = "; ".join(
            f"{each['to']} {_line(each['label'])}" for each in decision["options"]
        )
        yield f"Decision at {decision['at']}: {_line(decision['title'])} Options: {options}."


def _line(text: object) -> str:
    return shortened(one_line(str(text)), _TITLE).rstrip(".")
