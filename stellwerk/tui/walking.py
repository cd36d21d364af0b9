"""Walking over the map: along the line, across it, by search and by jump."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from textual.screen import ModalScreen

from stellwerk.railway.scene import Scene, Station
from stellwerk.tui import navigation
from stellwerk.tui.heading import Headed
from stellwerk.tui.questions import Steps, questions
from stellwerk.tui.widgets.asking import Ask
from stellwerk.tui.widgets.track_map import TrackMap


class Walking(Headed):
    """A place with a map to walk over.

    Attributes:
        selected: Uid of the station that is selected.
        found: Uids of the stations that were searched for.
    """

    selected: str | None = None
    found: tuple[str, ...] = ()

    @property
    def scene(self) -> Scene | None:
        """The railway laid out."""
        return self.sight.scene if self.sight else None

    @property
    @abstractmethod
    def upright(self) -> bool:
        """Whether it is drawn from top to bottom."""

    @abstractmethod
    def go(self, uid: str | None) -> None:
        """Select a station; None changes nothing."""

    @abstractmethod
    def pointing(self, wanted: Callable[[str], bool]) -> ModalScreen[str | None]:
        """Return the question which of some stations in view is meant."""

    def action_right(self) -> None:
        """Go along the track."""
        self._step(1, 0)

    def action_left(self) -> None:
        """Go back along the track."""
        self._step(-1, 0)

    def action_up(self) -> None:
        """Go to the lane above."""
        self._step(0, -1)

    def action_down(self) -> None:
        """Go to the lane below."""
        self._step(0, 1)

    def _step(self, x: int, y: int) -> None:
        sheet = self.query_one(TrackMap).sheet
        here = self.selected
        if self.sight is None or sheet is None or here is None or here not in sheet.boxes:
            return
        stations = self.sight.scene.stations
        listed = self.upright and self.zoom == 1
        if self.upright and not listed:
            x, y = y, x
        if listed and y:
            self.go(navigation.neighbour(stations, here, y))
        elif x:
            self.go(navigation.along(self.sight.scene, here, x))
        else:
            self.go(navigation.beside(sheet.boxes, here, y, turned=self.upright))

    def action_next_station(self) -> None:
        """Go to the next station in order."""
        if scene := self.scene:
            self.go(navigation.neighbour(scene.stations, self.selected, 1))

    def action_previous_station(self) -> None:
        """Go to the station before in order."""
        if scene := self.scene:
            self.go(navigation.neighbour(scene.stations, self.selected, -1))

    def action_first(self) -> None:
        """Go to the first station."""
        if scene := self.scene:
            self.go(scene.stations[0].uid if scene.stations else None)

    def action_last(self) -> None:
        """Go to the last station."""
        if scene := self.scene:
            self.go(scene.stations[-1].uid if scene.stations else None)

    def action_next_switch(self) -> None:
        """Go to the next switch."""
        self._next(lambda station: station.junction is not None, "There is no switch.")

    def action_next_merge(self) -> None:
        """Go to the next merge."""
        self._next(lambda station: station.merge, "There is no merge.")

    def _next(self, wanted: Callable[[Station], bool], otherwise: str) -> None:
        if scene := self.scene:
            found = [station.uid for station in scene.stations if wanted(station)]
            if not found:
                self.say(otherwise)
            self.go(navigation.after(scene.stations, self.selected, found))

    def action_pan_left(self) -> None:
        """Move the view to the left."""
        self._pan(-1, 0)

    def action_pan_right(self) -> None:
        """Move the view to the right."""
        self._pan(1, 0)

    def action_pan_up(self) -> None:
        """Move the view up."""
        self._pan(0, -1)

    def action_pan_down(self) -> None:
        """Move the view down."""
        self._pan(0, 1)

    def _pan(self, x: int, y: int) -> None:
        view = self.query_one(TrackMap)
        view.scroll_relative(
            x=x * view.size.width // 2, y=y * view.size.height // 2, animate=False
        )

    def action_centre(self) -> None:
        """Put the selected station into the middle."""
        self.query_one(TrackMap).centre()

    @questions
    def action_jump(self) -> Steps:
        """Jump to a station by its letters."""
        self.go((yield self.pointing(lambda _: True)))

    @questions
    def action_search(self) -> Steps:
        """Search by title or ref."""
        told = yield (
            Ask("Search stations", hint="a ref, or words of a title, of work packages, too")
        )
        if not told or self.scene is None:
            return
        self.found = tuple(navigation.matches(self.session.plan, self.scene.stations, told))
        if not self.found:
            self.say(f"No station has “{told}” in a title.")
            return
        self._match(1)

    def action_next_match(self) -> None:
        """Go to the next match."""
        self._match(1)

    def action_previous_match(self) -> None:
        """Go to the match before."""
        self._match(-1)

    def _match(self, step: int) -> None:
        if self.scene is None:
            return
        if not self.found:
            self.say("Search first: press /.")
            return
        stations = self.scene.stations[::step]
        self.go(navigation.after(stations, self.selected, self.found))
