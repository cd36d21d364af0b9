"""The railway on the screen: it draws what is looked at, and redraws what has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size, Spacing
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from stellwerk.railway.glyphs import Charset
from stellwerk.railway.plot import Box
from stellwerk.railway.sheet import Sheet
from stellwerk.tui.inks import Inks

_ROOM: Final = Spacing(1, 3, 1, 3)
"""Cells that stay between the selected station and the edge of the view."""
_SELECTED: Final = Style(reverse=True, bold=True)


class TrackMap(ScrollView, can_focus=True, inherit_bindings=False):
    """A sheet to look at, one of its stations selected.

    Args:
        charset: The characters of the drawing.
    """

    class Picked(Message):
        """Somebody clicked a station."""

        def __init__(self, uid: str) -> None:
            super().__init__()
            self.uid = uid

    def __init__(self, charset: Charset, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.charset = charset
        self.sheet: Sheet | None = None
        self.selected: str | None = None
        self.hints: Mapping[str, str] = {}
        self._inks: Inks | None = None

    def show(self, sheet: Sheet, selected: str | None) -> None:
        """Show a sheet; the selected station stays where it is on the screen."""
        old = self.sheet.boxes.get(selected or "") if self.sheet else None
        new = sheet.boxes.get(selected or "")
        self.sheet, self.selected = sheet, selected
        self.virtual_size = Size(sheet.width, sheet.height)
        if old and new:
            self.scroll_to(
                self.scroll_offset.x + new.x - old.x,
                self.scroll_offset.y + new.y - old.y,
                animate=False,
            )
        self.refresh()
        self.reveal()

    def select(self, uid: str | None) -> None:
        """Select another station; only the two that change are drawn again."""
        changed = [uid, self.selected]
        self.selected = uid
        for each in changed:
            if box := self._box(each):
                self.refresh(self._on_screen(_mark(box)))
        self.reveal()

    def reveal(self) -> None:
        """Bring the selected station into view."""
        if box := self._box(self.selected):
            region = Region(box.x, box.y, box.width, box.height)
            self.scroll_to_region(region, spacing=_ROOM, animate=False, force=True)
            if self.virtual_size.width <= self.size.width:
                self.scroll_to(0, animate=False, force=True)

    def on_resize(self) -> None:
        """Keep the selected station in view."""
        self.reveal()

    def centre(self) -> None:
        """Put the selected station into the middle."""
        if box := self._box(self.selected):
            x = box.x + box.width // 2 - self.size.width // 2
            y = box.y + box.height // 2 - self.size.height // 2
            self.scroll_to(x, y, animate=False, force=True)

    def hint(self, hints: Mapping[str, str]) -> None:
        """Show letters on stations, by uid."""
        self.hints = hints
        self.refresh()

    @property
    def whole(self) -> bool:
        """Whether all of the sheet is in view; before it is laid out, whether it could be."""
        size, room = self.virtual_size, self.size or self.app.size
        return size.width <= room.width and size.height <= room.height

    @property
    def seen(self) -> Iterator[str]:
        """Uids of the stations that are in view, row by row."""
        view = Region(*self.scroll_offset, *self.size)
        if self.sheet is None:
            return
        found = [
            (box.y, box.x, uid)
            for uid, box in self.sheet.boxes.items()
            if view.overlaps(Region(box.x, box.y, box.width, box.height))
        ]
        yield from (uid for _, _, uid in sorted(found))

    def render_line(self, y: int) -> Strip:
        """Return a row of the screen."""
        inks = self._inks or self._dipped()
        width, (left, top) = self.size.width, self.scroll_offset
        row = y + top
        if self.sheet is None or row >= self.sheet.height:
            return Strip.blank(width, inks[""])
        spans = self.sheet.canvas.spans(row, left, left + width, self.charset)
        strip = Strip([Segment(text, inks[style]) for style, text in spans], width)
        box = self._box(self.selected)
        if box and (mark := _mark(box)).y == row:
            strip = _restyled(strip, mark.x - left, mark.x + mark.width - left, _SELECTED)
        for uid, letters in self.hints.items():
            box = self._box(uid)
            if box and box.y == row:
                strip = _over(strip, box.x - left, letters, inks["bold magenta reverse"])
        return strip

    def notify_style_update(self) -> None:
        """Take up other colours."""
        super().notify_style_update()
        self._inks = None

    def _dipped(self) -> Inks:
        self._inks = Inks(self.rich_style, self.app.theme_variables)
        return self._inks

    def on_click(self, event: events.Click) -> None:
        """Pick the station that was clicked."""
        at = event.offset + self.scroll_offset
        for uid, box in self.sheet.boxes.items() if self.sheet else ():
            if Region(box.x, box.y, box.width, box.height).contains_point(at):
                self.post_message(self.Picked(uid))
                return

    def _box(self, uid: str | None) -> Box | None:
        return self.sheet.boxes.get(uid) if self.sheet and uid else None

    def _on_screen(self, box: Box) -> Region:
        left, top = self.scroll_offset
        region = Region(box.x - left, box.y - top, box.width, box.height)
        return region.intersection(self.size.region)


def _mark(box: Box) -> Box:
    """Return what shows that a station is selected: its label, or the first row in its card."""
    return box if box.height < 3 else Box(box.x + 1, box.y + 1, box.width - 2, 1)


def _restyled(strip: Strip, start: int, stop: int, style: Style) -> Strip:
    """Return a row with some of its columns in a style of their own."""
    start, stop = max(start, 0), min(stop, strip.cell_length)
    if start >= stop:
        return strip
    parts = strip.crop(0, start), strip.crop(start, stop), strip.crop(stop)
    return Strip.join([parts[0], parts[1].apply_style(style), parts[2]])


def _over(strip: Strip, start: int, text: str, style: Style) -> Strip:
    """Return a row with a text written over it."""
    start = max(min(start, strip.cell_length - len(text)), 0)
    written = Strip([Segment(text, style)], len(text))
    return Strip.join([strip.crop(0, start), written, strip.crop(start + len(text))])
