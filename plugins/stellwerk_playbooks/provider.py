"""The offline provider: answers each stage of planning from a playbook."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from stellwerk.plugins.api import (
    Document,
    ModelReply,
    ModelRequest,
    NotFoundError,
    Part,
    ProviderError,
    ProviderOptions,
    SourceKind,
    WorkPackage,
    one_line,
    parse,
)
from stellwerk_playbooks.matching import Match, match
from stellwerk_playbooks.playbook import Playbook, shelf

STELLWERK_API = 1


class PlaybookProvider:
    """A provider that needs no key, no server and no network.

    Args:
        options: `folders` are shelves of the user's own.
    """

    name = "playbooks"
    kind = SourceKind.PLAYBOOK
    stages = frozenset({"decompose", "tasks", "packages"})

    def __init__(self, options: ProviderOptions) -> None:
        self._folders = options.folders

    def playbooks(self) -> tuple[Playbook, ...]:
        """Return what is on the shelf."""
        return shelf(self._folders)

    def playbook(self, name: str, language: str) -> Playbook:
        """Return one playbook (NotFoundError)."""
        named = [p for p in self.playbooks() if p.id == name]
        found = next((p for p in named if p.language == language), None)
        if found is None:
            known = sorted({p.id for p in self.playbooks()})
            languages = ", ".join(p.language for p in named)
            hint = (
                f"It is there in {languages}." if named else f"There are: {', '.join(known)}."
            )
            raise NotFoundError(f"There is no playbook {name!r} in {language!r}.", hint)
        return found

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer a stage from the playbook nearest to the goal.

        Raises:
            ProviderError: No playbook speaks the language, or none answers that stage.
        """
        if request.stage not in self.stages:
            raise ProviderError(f"Playbooks do not answer the stage {request.stage}.")
        wish = request.inputs["wish"]
        found, document = _instance(one_line(wish["title"]), wish["language"], self._folders)
        if request.stage == "decompose":
            data = _structure(document)
        elif request.stage == "tasks":
            data = _tasks(document, request.subject)
        else:
            data = _packages(document, request.subject)
        return ModelReply(data=data, model=found.playbook.id)


@lru_cache(maxsize=8)
def _instance(goal: str, language: str, folders: tuple[Path, ...]) -> tuple[Match, Document]:
    found = match(goal, language, shelf(folders))
    if found is None:
        msg = f"No playbook is written in the language {language!r}."
        raise ProviderError(msg, "Use --language en or de, or a provider with a model.")
    return found, found.playbook.document(found.values)


def _structure(document: Document) -> dict[str, Any]:
    plan = document.plan
    ref = plan.ref
    decisions = [
        {
            "at": ref(switch.route),
            "title": switch.title,
            "prompt": switch.prompt,
            "recommended": next(
                (ref(o.head) for o in switch.options if o.uid == switch.recommended), None
            ),
            "options": [
                {
                    "to": ref(option.head),
                    "label": option.label,
                    "tradeoff": option.tradeoff,
                    "probability": option.probability,
                }
                for option in switch.options
            ],
        }
        for switch in plan.switches
    ]
    return {
        "title": plan.goal.title,
        "description": plan.goal.description,
        "prologue": plan.goal.prologue,
        "rallying_cry": plan.goal.rallying_cry,
        "unit_hours": plan.goal.unit_hours,
        "routes": [
            {
                "key": ref(route.uid),
                "title": route.title,
                "description": route.description,
                "kind": route.kind.value,
            }
            for route in plan.routes
        ],
        "edges": [{"before": ref(e.tail), "after": ref(e.head)} for e in plan.edges],
        "decisions": decisions,
    }


def _tasks(document: Document, key: str) -> dict[str, Any]:
    plan = document.plan
    route = plan.route(plan.index.by_ref[key])
    return {
        "tasks": [
            {"key": plan.ref(t.uid), "title": t.title, "description": t.description}
            for t in route.tasks
        ]
    }


def _packages(document: Document, key: str) -> dict[str, Any]:
    plan = document.plan
    uid = plan.index.by_ref[key]
    task = next(t for t in plan.route_of(uid).tasks if t.uid == uid)
    return {"packages": [_package(document, package) for package in task.packages]}


def _package(document: Document, package: WorkPackage) -> dict[str, Any]:
    plan = document.plan
    notes = parse(document.notes.get(package.uid, ""))
    hours = package.estimate
    return {
        "key": plan.ref(package.uid),
        "title": package.title,
        "summary": notes.summary,
        "steps": list(notes.steps),
        "done_when": [text for _, text in notes.criteria],
        "risks": [{"risk": risk, "mitigation": told} for risk, told in notes.risks],
        "sources": [_source(line) for line in notes.body(Part.SOURCES).splitlines()],
        "length": package.length,
        "grade": package.grade,
        "hours": {"p10": hours.p10, "p50": hours.p50, "p90": hours.p90} if hours else None,
        "elapsed_days": package.elapsed_days,
        "needs": [plan.ref(uid) for uid in package.needs],
    }


def _source(line: str) -> dict[str, str]:
    """Return url and title of `- https://example.org (Title)`."""
    url, _, title = line.lstrip("-* ").partition(" (")
    return {"url": url, "title": title.removesuffix(")")}
