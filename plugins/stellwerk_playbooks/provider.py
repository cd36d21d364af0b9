"""The offline provider: answers each stage of planning from a playbook."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from stellwerk.plugins.api import (
    Document,
    ExchangeError,
    ModelReply,
    ModelRequest,
    NotFoundError,
    Part,
    ProviderError,
    ProviderOptions,
    SourceKind,
    WorkPackage,
    one_line,
    own_folder,
    parse,
)
from stellwerk_playbooks.checking import Checked, checked, unfit
from stellwerk_playbooks.effort import effort_of, scaled
from stellwerk_playbooks.matching import Match, match
from stellwerk_playbooks.playbook import Playbook, Skipped, files_in, look
from stellwerk_playbooks.saving import playbook_text

STELLWERK_API = 1


class PlaybookProvider:
    """A provider that needs no key, no server and no network.

    Args:
        options: `folders` are shelves of the user's own, besides `playbooks` in the folder
            of the user's settings.
    """

    name = "playbooks"
    kind = SourceKind.PLAYBOOK
    stages = frozenset({"decompose", "tasks", "packages"})

    def __init__(self, options: ProviderOptions) -> None:
        self._own = own_folder("playbooks")
        self._named = options.folders
        self._passed: dict[Path, str] = {}

    @property
    def folders(self) -> tuple[Path, ...]:
        """The user's shelves, those that count more last."""
        return (self._own, *self._named)

    @property
    def home(self) -> Path:
        """The folder for a new playbook: the first one that is configured, else the user's."""
        return (*self._named, self._own)[0]

    def playbooks(self) -> tuple[Playbook, ...]:
        """Return what is on the shelf."""
        return look(self.folders).playbooks

    def skipped(self) -> tuple[str, ...]:
        """Return a sentence for each of the user's files that had to be left out so far."""
        found = {each.path: each.reason for each in look(self.folders).skipped}
        return tuple((found | self._passed).values())

    def playbook(self, name: str, language: str) -> Playbook:
        """Return one playbook (NotFoundError)."""
        named = self._all_of(name)
        found = next((p for p in named if p.language == language), None)
        if found is None:
            languages = ", ".join(p.language for p in named)
            msg = f"There is no playbook {name!r} in {language!r}."
            raise NotFoundError(msg, f"It is there in {languages}.")
        return found

    def check(self, names: tuple[str, ...] = ()) -> list[Checked]:
        """Return what is wrong with some playbooks, by id or file; with all, if none is named.

        Raises:
            NotFoundError: There is no such playbook and no such file.
        """
        return [checked(path) for path in dict.fromkeys(self._paths(names))]

    def written(self, document: Document, name: str) -> str:
        """Return a plan as the text of a playbook."""
        return playbook_text(document, name)

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer a stage from the playbook nearest to the goal.

        Raises:
            ProviderError: No playbook speaks the language, or none answers that stage.
        """
        if request.stage not in self.stages:
            raise ProviderError(f"Playbooks do not answer the stage {request.stage}.")
        wish = request.inputs["wish"]
        size = wish.get("size", "auto")
        taken = _taken(one_line(wish["title"]), wish["language"], size, self.playbooks())
        self._passed |= {each.path: each.reason for each in taken.passed}
        if request.stage == "decompose":
            data = _structure(taken.document)
        elif request.stage == "tasks":
            data = _tasks(taken.document, request.subject)
        else:
            data = _packages(taken.document, request.subject)
        return ModelReply(data=data, model=taken.match.playbook.id)

    def _all_of(self, name: str) -> list[Playbook]:
        """Return a playbook in all its languages (NotFoundError)."""
        named = [p for p in self.playbooks() if p.id == name]
        if not named:
            known = sorted({p.id for p in self.playbooks()})
            hint = f"There are: {', '.join(known)}."
            raise NotFoundError(f"There is no playbook {name!r}.", hint)
        return named

    def _paths(self, names: tuple[str, ...]) -> list[Path]:
        known = self.playbooks()
        if not names:
            broken = [each.path for each in look(self.folders).skipped]
            return [*(p.path for p in known), *broken]
        found: list[Path] = []
        for name in names:
            if any(p.id == name for p in known):
                found += [p.path for p in known if p.id == name]
            elif name.endswith(".md") or Path(name).exists():
                path = Path(name)
                found += files_in(path) if path.is_dir() else [_existing(path)]
            else:
                self._all_of(name)
        return found


class Taken(NamedTuple):
    """The playbook that answers for a goal.

    Attributes:
        match: Which, and with what in its slots.
        document: Its plan.
        passed: Playbooks of the user that fit better and cannot be planned with.
    """

    match: Match
    document: Document
    passed: tuple[Skipped, ...]


@lru_cache(maxsize=8)
def _taken(goal: str, language: str, size: str, playbooks: tuple[Playbook, ...]) -> Taken:
    passed: list[Skipped] = []
    while found := match(goal, language, playbooks, size):
        playbook = found.playbook
        try:
            return Taken(found, _document(found), tuple(passed))
        except ExchangeError as error:
            if not playbook.own:
                raise
            passed.append(Skipped(playbook.path, error.message))
            playbooks = _without(playbooks, playbook)
    msg = f"No playbook is written in the language {language!r}."
    raise ProviderError(msg, "Use --language en or de, or a provider with a model.")


def _document(found: Match) -> Document:
    """Return the plan of a match, with the hours that the goal takes (ExchangeError)."""
    playbook = found.playbook
    document = playbook.document(found.values)
    why = next((why for _, why in unfit(document)), "") if playbook.own else ""
    if why:
        msg = f"{playbook.path} cannot be planned with: {why}."
        raise ExchangeError(msg, "`stellwerk playbooks check` says more.")
    return scaled(document, effort_of(playbook, found.values))


def _without(playbooks: tuple[Playbook, ...], gone: Playbook) -> tuple[Playbook, ...]:
    """Return a shelf without one of the user's, ours in its place if there is one."""
    left = {(p.id, p.language): p for p in playbooks if p != gone}
    for ours in look().playbooks:
        if (ours.id, ours.language) == (gone.id, gone.language):
            left[ours.id, ours.language] = ours
    return tuple(left[key] for key in sorted(left))


def _existing(path: Path) -> Path:
    if not path.exists():
        raise NotFoundError(f"There is no file {path}.", "Name a playbook or a file.")
    return path


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
