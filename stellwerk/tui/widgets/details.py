"""The selected station beside the map: what it is, its work packages, its decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stellwerk.domain.plan import Plan, Route, Switch, title_of
from stellwerk.domain.text import one_line, shortened
from stellwerk.domain.work import MARKS, Status, WorkPackage
from stellwerk.railway.glyphs import Charset
from stellwerk.railway.scene import Station
from stellwerk.tui.session import Sight

_STYLES: Final = {
    Status.TODO: "",
    Status.DOING: "bold",
    Status.WAITING: "italic",
    Status.DONE: "dim",
    Status.DIVERTED: "dim strike",
}
_DESCRIPTION: Final = 160
"""The most characters of a description that are shown beside the map."""
_STATES: Final = {
    "done": "done",
    "doing": "under way",
    "ready": "ready to begin",
    "ahead": "ahead",
    "tentative": "behind an open decision",
    "closed": "closed by a decision",
}


class Details(Vertical):
    """A station, its work packages to walk through."""

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Static(id="about")
        yield OptionList(id="packages", classes="-textual-compact")
        yield Static(id="question")

    def show(self, sight: Sight, uid: str | None, charset: Charset) -> None:
        """Show a station of a plan, or that there is none."""
        station = sight.station(uid)
        if station is None:
            self.query_one("#about", Static).update(
                Text("There is no route yet.\nPress a to add the first one.")
            )
            self.query_one(OptionList).clear_options()
            self.query_one("#question", Static).update("")
            return
        plan = sight.plan
        route = plan.route(station.uid)
        self.query_one("#about", Static).update(_about(plan, station))
        self._list(plan, route, sight)
        switch = plan.index.switch_at.get(route.uid)
        question = _question(plan, switch, charset) if switch else Text("")
        self.query_one("#question", Static).update(question)

    def _list(self, plan: Plan, route: Route, sight: Sight) -> None:
        listed = self.query_one(OptionList)
        kept = self.item
        listed.clear_options()
        listed.add_options(_options(plan, route, frozenset(sight.railway.ready)))
        packages = [each.uid for each in route.packages]
        self.point(kept, otherwise=packages[0] if packages else None)

    @property
    def item(self) -> str | None:
        """Uid of the task or work package the cursor is on."""
        listed = self.query_one(OptionList)
        if listed.highlighted is None or listed.highlighted >= listed.option_count:
            return None
        return listed.get_option_at_index(listed.highlighted).id

    def point(self, uid: str | None, otherwise: str | None = None) -> None:
        """Put the cursor on a task or work package, or on another one if it is not here."""
        listed = self.query_one(OptionList)
        rows = {each.id: row for row, each in enumerate(listed.options)}
        first = 0 if rows else None
        listed.highlighted = rows.get(uid, rows.get(otherwise, first))


def _about(plan: Plan, station: Station) -> Text:
    text = Text()
    text.append(f"{station.ref} {station.title}\n", "bold")
    told = [_STATES[station.state.value]]
    if station.count:
        told.append(f"{station.done}/{station.count} done")
    if station.hours:
        told.append(f"{station.hours:g} h left")
    text.append(", ".join(told), "dim")
    before = [plan.ref(uid) for uid in sorted(plan.index.before[station.uid])]
    if before:
        text.append(f"\nafter {', '.join(sorted(before))}", "dim")
    if more := plan.route(station.uid).description:
        text.append(f"\n{shortened(one_line(more), _DESCRIPTION)}")
    return text


def _options(plan: Plan, route: Route, ready: frozenset[str]) -> Iterator[Option]:
    for task in route.tasks:
        head = f"{plan.ref(task.uid)} {task.title}"
        yield Option(Text(head, "bold", no_wrap=True, overflow="ellipsis"), id=task.uid)
        for package in task.packages:
            yield Option(_package(plan, package, ready), id=package.uid)


def _package(plan: Plan, package: WorkPackage, ready: frozenset[str]) -> Text:
    style = _STYLES[package.status]
    mark = MARKS[package.status]
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(mark, "bold" if package.uid in ready else style)
    who = f" ({title_of(plan.item(package.assignee))})" if package.assignee else ""
    waits = f", waiting for {package.waiting_for}" if package.waiting_for else ""
    number = plan.ref(package.uid).rpartition(".")[2]
    text.append(f" {number} {package.title}{who}{waits}", style)
    return text


def _question(plan: Plan, switch: Switch, charset: Charset) -> Text:
    text = Text()
    text.append(f"{charset.switch} {plan.ref(switch.uid)} {switch.title}", "bold")
    for number, option in enumerate(switch.options, 1):
        mark = " "
        if option.uid == switch.chosen:
            mark = charset.chosen
        elif option.uid == switch.recommended:
            mark = charset.recommended
        style = "" if switch.chosen in (None, option.uid) else "dim"
        letter = plan.ref(option.uid).rpartition(".")[2]
        told = f"\n{mark} {number} {letter}: {option.label} > {plan.ref(option.head)}"
        text.append(told, style)
    return text
