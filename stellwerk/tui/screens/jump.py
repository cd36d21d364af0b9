"""Jumping: letters are shown on stations, and typing them goes there."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events

from stellwerk.tui.widgets.asking import Question
from stellwerk.tui.widgets.track_map import TrackMap


class Jump(Question[str | None]):
    """Wait for the letters of a station; the map below shows them.

    Args:
        track_map: The map.
        hints: Letters by uid.
    """

    def __init__(self, track_map: TrackMap, hints: Mapping[str, str]) -> None:
        super().__init__()
        self._map, self._hints, self._typed = track_map, hints, ""

    def on_mount(self) -> None:
        """Show the letters."""
        self._map.hint(self._hints)

    def on_unmount(self) -> None:
        """Take the letters away."""
        self._map.hint({})

    def on_key(self, event: events.Key) -> None:
        """Follow what is typed."""
        event.stop()
        event.prevent_default()
        if event.key in ("escape", "ctrl+c"):
            self.answer(None)
            return
        typed = self._typed + (event.character or "").lower()
        left = {u: h for u, h in self._hints.items() if h.startswith(typed)}
        if not left:
            self.app.bell()
            return
        self._typed = typed
        exact = [uid for uid, letters in left.items() if letters == typed]
        if exact:
            self.answer(exact[0])
        else:
            self._map.hint({uid: letters[len(self._typed) :] for uid, letters in left.items()})
