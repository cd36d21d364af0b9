"""The railway of a goal: to look at, to walk along, and to edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.timer import Timer
from textual.widgets import OptionList, Static

from stellwerk.domain.plan import Option, Route, Switch
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.work import WorkPackage
from stellwerk.planning.dispatcher import Outcome
from stellwerk.railway.scene import Station
from stellwerk.railway.sheet import Sheet
from stellwerk.tui import navigation, wishes
from stellwerk.tui.actions import RAILWAY
from stellwerk.tui.looks import Look, draw_around, first_zoom, sheet_of
from stellwerk.tui.map_editing import MapEditing
from stellwerk.tui.questions import Steps, questions
from stellwerk.tui.screens.jump import Jump
from stellwerk.tui.session import Session, Sight, sight_of
from stellwerk.tui.widgets.asking import Ask
from stellwerk.tui.widgets.details import Details
from stellwerk.tui.widgets.footer import Keyline
from stellwerk.tui.widgets.minimap import Minimap, minimap
from stellwerk.tui.widgets.track_map import TrackMap

_NARROW: Final = 60
"""Columns below which the railway stands upright, unless somebody turns it."""
_WIDE: Final = 150
"""Columns from which the details stand beside the map."""
_BESIDE: Final = 44
"""Columns of the details there, as in the style sheet."""
IN_THE_BACKGROUND: Final = 300
"""Routes from which a layout, and a drawing, take too long to wait for them."""
_REST: Final = 0.06
"""Seconds after which a cursor rests."""


class RailwayPlace(MapEditing):
    """The railway of one goal.

    Args:
        goal: Its uid.
    """

    place: ClassVar[str] = RAILWAY

    def __init__(self, goal: str) -> None:
        super().__init__()
        self.goal = goal
        self.turned: bool | None = None
        self.critical = False
        self._mapped = True
        self._following: Timer | None = None
        self._shown: tuple[Sight, Look] | None = None
        self._fitted: Size | None = None

    def compose(self) -> ComposeResult:
        """Lay it out."""
        self._widen()
        yield Static(id="head")
        with Container(id="middle"):
            yield TrackMap(self.box.charset, id="map")
            yield Details(id="details")
        yield Minimap(id="minimap")
        yield Keyline(id="keys")

    def on_mount(self) -> None:
        """Read the plan."""
        self.session = Session(self.box.stellwerk, self.goal)
        if self.attempt(lambda: self.session.base) is None:
            self.app.pop_screen()
            return
        self.rebuild()
        self.query_one(TrackMap).focus()
        self.call_after_refresh(self._survey)

    def on_screen_resume(self) -> None:
        """Show what was changed in another place."""
        if self.sight is not None and self.sight.base is not self.session.base:
            self.rebuild()

    def on_resize(self) -> None:
        """Fit everything into the space there is."""
        if self.app.size == self._fitted:
            return
        self._widen()
        if self.sight is not None:
            self._draw()

    def _widen(self) -> None:
        """Have the details beside the map where there is room."""
        self._fitted = self.app.size
        width = self._fitted.width
        self.set_class(width >= _WIDE, "wide")
        self.set_class(width < _NARROW, "narrow")

    # What is shown

    def refresh_plan(self) -> None:
        """Show the plan as it is held now."""
        self.rebuild()

    def rebuild(self, selected: str | None = None) -> None:
        """Lay out the plan as it is now; a large one in the background."""
        if selected is not None:
            self.selected = selected
        base = self.session.base
        if len(base.plan.routes) < IN_THE_BACKGROUND:
            self._put(sight_of(base, self.sight, critical=self.critical))
        else:
            if self.sight is None:
                self.query_one("#middle").display = False  # until there is something in it
                told = f"{base.plan.goal.title}: {len(base.plan.routes):,} routes are laid out ..."
                self.query_one("#head", Static).update(Text(told, "bold", no_wrap=True))
            self._lay_out(base)

    @work(thread=True, exclusive=True, group="layout", description="lays it out")
    def _lay_out(self, base: Snapshot) -> None:
        sight = sight_of(base, self.sight, critical=self.critical)
        self.app.call_from_thread(self._put, sight)

    def _put(self, sight: Sight) -> None:
        if sight.base is not self.session.base:
            return  # another edit came meanwhile, and its layout is on the way
        self.sight = sight
        if sight.station(self.selected) is None:
            self.selected = _begin(sight)
        self._draw()

    def _draw(self) -> None:
        """Show the railway as it is looked at now; a large one is drawn in the background."""
        if self.sight is None:
            return
        scene, charset = self.sight.scene, self.box.charset
        if self.zoom is None:
            rows = self.app.size.height // 2
            self.zoom = first_zoom(scene, rows, charset, upright=self.upright)
        look = self.look
        if self._shown is not None and self._shown[0] is self.sight and self._shown[1] == look:
            self.query_one(TrackMap).reveal()
            self._tell()
        elif len(scene.stations) < IN_THE_BACKGROUND:
            self._drawn(self.sight, look, sheet_of(scene, look, charset))
        else:
            self._draw_later(self.sight, look)

    @work(thread=True, exclusive=True, group="drawing", description="draws it")
    def _draw_later(self, sight: Sight, look: Look) -> None:
        sheet = sheet_of(sight.scene, look, self.box.charset)
        draw_around(sheet, self.selected, self.app.size, self.box.charset)
        self.app.call_from_thread(self._drawn, sight, look, sheet)

    def _drawn(self, sight: Sight, look: Look, sheet: Sheet) -> None:
        if sight is self.sight and look == self.look:
            self._shown = sight, look
            view, middle = self.query_one(TrackMap), self.query_one("#middle")
            view.show(sheet, self.selected)
            if not middle.display:
                middle.display = True
                view.focus()
            self._tell()

    @property
    def look(self) -> Look:
        """How it is looked at."""
        beside = _BESIDE if self.has_class("wide") else 0
        return Look(self.zoom or 0, self.upright, self.app.size.width - beside - 1)

    @property
    def upright(self) -> bool:
        """Whether it is drawn from top to bottom: asked for, or for want of columns."""
        return self.app.size.width < _NARROW if self.turned is None else self.turned

    def _tell(self) -> None:
        """Show what is beside the map: head, details, minimap and keys."""
        if self.sight is None:
            return
        self.entitle(self.sight)
        self._follow()
        keys = self.query_one(Keyline)
        offered = [each for each in self.offered if each.footer]
        keys.show(offered, self.box.keys, plain=self.box.charset.plain)

    def go(self, uid: str | None) -> None:
        """Select a station; what is beside the map follows when the cursor rests."""
        if uid is None or uid == self.selected:
            return
        self.selected = uid
        self.query_one(TrackMap).select(uid)
        if self._following is not None:
            self._following.stop()
        self._following = self.set_timer(_REST, self._follow)

    def _follow(self) -> None:
        """Show what is beside the map for the station that is selected now."""
        self._following = None
        if self.sight is None:
            return
        self.query_one(Details).show(self.sight, self.selected, self.box.charset)
        self._survey()

    def _survey(self) -> None:
        """Show all of the railway in small where only a part of it is in view."""
        view, size = self.query_one(TrackMap), self.app.size
        small = self.query_one(Minimap)
        useful = not view.whole and size.height >= 20
        small.display = self._mapped and useful and self.zoom != 0
        if small.display and self.sight is not None:
            rows, charset = min(4, size.height // 8), self.box.charset
            small.show(minimap(self.sight.scene, self.selected, size.width - 4, rows, charset))

    @property
    def _station(self) -> Station | None:
        return self.sight.station(self.selected) if self.sight else None

    @property
    def inside(self) -> bool:
        """Whether the cursor is in the details, not on the map."""
        return self.query_one(Details).has_focus_within

    @property
    def item(self) -> str | None:
        """Uid of what actions are about: what the cursor is on in the details, or the station."""
        return (self.query_one(Details).item if self.inside else None) or self.selected

    @property
    def package(self) -> str | None:
        """Uid of the work package that actions are about, which may be the station's next."""
        if self.sight is None or self.selected is None:
            return None
        plan = self.sight.plan
        if self.inside:
            uid = self.query_one(Details).item
            held = isinstance(plan.index.items.get(uid or ""), WorkPackage)
            return uid if held else None
        found = wishes.next_package(plan.route(self.selected), self.sight.railway.ready)
        return found.uid if found else None

    @on(TrackMap.Picked)
    def _picked(self, event: TrackMap.Picked) -> None:
        self.query_one(TrackMap).focus()
        self.go(event.uid)

    def pointing(self, wanted: Callable[[str], bool]) -> Jump:
        """Return the question which of some stations in view is meant."""
        view = self.query_one(TrackMap)
        return Jump(view, navigation.hints([uid for uid in view.seen if wanted(uid)]))

    def action_go_to_open(self) -> None:
        """Go to what should be done next."""
        from stellwerk.analytics.upcoming import upcoming

        if self.sight is None:
            return
        found = upcoming(self.sight.plan)
        uids = [*found.doing, *(each.uid for each in found.suggestions)]
        if not uids:
            self.say("Nothing can be begun now.")
            return
        self._go_to(uids[0])

    def _go_to(self, uid: str | None) -> None:
        """Select the station where an item is, and the item in it; None changes nothing."""
        plan = self.session.plan
        if uid is None or (station := navigation.station_of(plan, uid)) is None:
            return
        self.go(station)
        if not isinstance(plan.item(uid), Route | Switch | Option):
            self._follow()
            self.query_one(Details).point(uid)

    def action_zoom_in(self) -> None:
        """Draw the stations larger."""
        self._zoom(min((self.zoom or 0) + 1, 2))

    def action_zoom_out(self) -> None:
        """Draw the stations smaller."""
        self._zoom(max((self.zoom or 0) - 1, 0))

    def action_zoom_reset(self) -> None:
        """Draw one row for each line."""
        self._zoom(1)

    def _zoom(self, zoom: int) -> None:
        if zoom != self.zoom:
            self.zoom = zoom
            self._draw()

    def action_turn(self) -> None:
        """Draw from top to bottom, or from left to right."""
        self.turned = not self.upright
        self._draw()

    def action_minimap(self) -> None:
        """Show or hide the minimap."""
        self._mapped = not self._mapped
        self._tell()

    def action_critical(self) -> None:
        """Show the critical path as the main line, or the way that is travelled."""
        self.critical = not self.critical
        self.rebuild()
        self.say(
            "The heavy line is the critical path."
            if self.critical
            else "The heavy line is your way."
        )

    def action_details(self) -> None:
        """Go into the work packages, or make the first one; from there open one."""
        details = self.query_one(Details)
        if details.item is not None:
            details.query_one(OptionList).focus()
        elif self._station and self._station.junction:
            self.action_decide()
        else:
            self.action_add_package()

    @on(OptionList.OptionSelected)
    def _opened(self) -> None:
        from stellwerk.tui.screens.package import PackagePlace

        if self.package is not None:
            self.app.push_screen(PackagePlace(self.session, self.package))
        else:
            self.action_fields()

    def action_decide(self) -> None:
        """Show the decision at the end of the station, or the one that leads to it."""
        from stellwerk.tui.screens.decision import DecisionPlace

        plan, here = self.session.plan, self.selected or ""
        before = [each for each in plan.switches if here in {way.head for way in each.options}]
        switch = plan.index.switch_at.get(here) or next(iter(before), None)
        if switch is None:
            self.say("There is no decision here: b goes to the next one, B makes one.")
            return
        self.app.push_screen(DecisionPlace(self.session, switch.uid))

    def action_findings(self) -> None:
        """Show what would make the plan better."""
        from stellwerk.tui.screens.findings import FindingsPlace

        self.app.push_screen(FindingsPlace(self.session), self._go_to)

    @questions
    def action_refine(self) -> Steps:
        """Have the plan made better."""
        hint = "what should be different; nothing lets the findings be mended, esc leaves it"
        told = yield Ask("Refine the plan", hint=hint, blank=True)
        if told is not None:
            self.box.show_proposals(self.session, told)

    def action_back(self) -> None:
        """Go from the work packages to the map, and from there to the goals."""
        if self.inside:
            self.query_one(TrackMap).focus()
        else:
            super().action_back()

    def edited(self, outcome: Outcome) -> None:
        """Show what came of an edit; something new is selected."""
        plan, before = outcome.after.plan, outcome.before.plan.index.items
        born = [route.uid for route in plan.routes if route.uid not in before]
        gone = self.selected is not None and self.selected not in plan.index.items
        if gone and self.scene is not None:
            near = navigation.along(self.scene, self.selected or "", -1)
            near = near or navigation.along(self.scene, self.selected or "", 1)
            self.selected = near if near in plan.index.items else None
        self.rebuild(born[0] if born else None)
        if self.inside:
            held = [uid for uid in plan.index.items if uid not in before]
            details = self.query_one(Details)
            details.point(held[0] if held else None, otherwise=details.item)


def _begin(sight: Sight) -> str | None:
    """Return where to begin: where something can be done, else the first station."""
    ready = [*sight.railway.ready]
    if ready:
        return sight.plan.route_of(ready[0]).uid
    return sight.scene.stations[0].uid if sight.scene.stations else None
