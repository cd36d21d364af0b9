"""What the page knows of a plan, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from stellwerk.domain.plan import Plan, Route
from stellwerk.domain.work import Status, WorkPackage
from stellwerk.railway.html.notes import rendered
from stellwerk.railway.picture.cards import word_of
from stellwerk.railway.picture.markup import plain
from stellwerk.railway.renderer import Drawing
from stellwerk.railway.scene import Junction, Scene, Station, Weight

_WORDS: Mapping[Status, str] = {
    Status.TODO: "to do",
    Status.DOING: "under way",
    Status.WAITING: "waiting",
    Status.DONE: "done",
    Status.DIVERTED: "diverted",
}


def embedded(drawing: Drawing) -> str:
    """Return the data as JSON that ends no element it stands in."""
    text = json.dumps(data_of(drawing), ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text.encode("utf-8", "replace").decode()


def data_of(drawing: Drawing) -> dict[str, Any]:
    """Return the data: stations in their order, each with its tasks and work packages."""
    scene, plan = drawing.scene, drawing.plan
    refs = {station.uid: station.ref for station in scene.stations}
    ahead, behind = _tracks(scene, refs)
    stations = []
    for station in scene.stations:
        told = _station(station, plan, drawing.notes, refs)
        near = {"after": ahead[station.ref], "before": behind[station.ref]}
        stations.append(told | near)
    return {
        "title": plain(plan.goal.title),
        "description": rendered(plan.goal.description),
        "language": plan.goal.language,
        "stations": stations,
    }


def _tracks(
    scene: Scene, refs: Mapping[str, str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the refs ahead of and behind each station, along the main line first."""
    ahead: dict[str, list[str]] = {ref: [] for ref in refs.values()}
    behind: dict[str, list[str]] = {ref: [] for ref in refs.values()}
    order = list(Weight)
    for track in sorted(scene.tracks, key=lambda each: order.index(each.weight)):
        tail, head = refs[track.tail], refs[track.head]
        ahead[tail].append(head)
        behind[head].append(tail)
    return ahead, behind


def _station(
    station: Station, plan: Plan, notes: Mapping[str, str], refs: Mapping[str, str]
) -> dict[str, Any]:
    route = plan.route(station.uid)
    return {
        "ref": station.ref,
        "title": plain(station.title),
        "state": word_of(station.state),
        "done": station.done,
        "count": station.count,
        "hours": round(station.hours, 1),
        "layer": station.layer,
        "lane": station.lane,
        "description": rendered(route.description),
        "switch": _switch(station.junction, plan, route, refs) if station.junction else None,
        "tasks": _tasks(plan, route, notes),
    }


def _switch(
    junction: Junction, plan: Plan, route: Route, refs: Mapping[str, str]
) -> dict[str, Any]:
    switch = plan.index.switch_at[route.uid]
    return {
        "ref": junction.ref,
        "title": plain(junction.title),
        "prompt": rendered(switch.prompt),
        "due": junction.due,
        "options": [
            {
                "ref": sign.ref,
                "label": plain(sign.label),
                "tradeoff": rendered(sign.tradeoff),
                "chosen": sign.chosen,
                "recommended": sign.recommended,
                "head": refs[sign.head],
            }
            for sign in junction.signs
        ],
    }


def _tasks(plan: Plan, route: Route, notes: Mapping[str, str]) -> list[dict[str, Any]]:
    unit = plan.goal.unit_hours
    return [
        {
            "ref": plan.ref(task.uid),
            "title": plain(task.title),
            "packages": [_package(plan, each, unit, notes) for each in task.packages],
        }
        for task in route.tasks
    ]


def _package(
    plan: Plan, package: WorkPackage, unit: float, notes: Mapping[str, str]
) -> dict[str, Any]:
    who = next((plain(each.name) for each in plan.people if each.uid == package.assignee), "")
    return {
        "ref": plan.ref(package.uid),
        "title": plain(package.title),
        "status": package.status.value,
        "told": _WORDS[package.status],
        "hours": round(package.hours(unit), 1),
        "who": who,
        "waiting": plain(package.waiting_for),
        "needs": [plan.ref(uid) for uid in package.needs],
        "notes": rendered(notes.get(package.uid, "")),
    }
