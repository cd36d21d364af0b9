"""What was sent to models and what came back, without keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stellwerk.tui.actions import REQUESTS
from stellwerk.tui.place import Place
from stellwerk.tui.widgets.footer import Keyline

_MOST = 20_000
"""Characters of one request that are shown."""


class RequestsPlace(Place):
    """Requests of this session, the latest first."""

    place: ClassVar[str] = REQUESTS

    def compose(self) -> ComposeResult:
        """Lay it out."""
        requests = list(self.box.requests)[::-1]
        told = f"{len(requests)} requests to models since the app began"
        yield Static(Text(told, "bold"), id="head")
        yield OptionList(*(Option(_line(each)) for each in requests), id="list", compact=True)
        with VerticalScroll(id="sheet"):
            yield Static(id="notes")
        yield Keyline(id="keys")

    def on_mount(self) -> None:
        """Show the first."""
        listed = self.query_one(OptionList)
        listed.highlighted = 0 if listed.option_count else None
        listed.focus()
        offered = [each for each in self.offered if each.name in ("back", "help")]
        self.query_one(Keyline).show(offered, self.box.keys, plain=self.box.charset.plain)

    @on(OptionList.OptionHighlighted)
    def _looked(self, event: OptionList.OptionHighlighted) -> None:
        requests = list(self.box.requests)[::-1]
        text = json.dumps(
            requests[event.option_index], indent=2, ensure_ascii=False, default=str
        )
        more = f"\n... {len(text) - _MOST:,} more characters" if len(text) > _MOST else ""
        self.query_one("#notes", Static).update(Text(text[:_MOST] + more))


def _line(heard: Mapping[str, Any]) -> Text:
    became = heard.get("failure") or heard.get("finish_reason") or "answered"
    told = f"{heard.get('stage', '')}  {heard.get('subject', '')}"
    who = f"{heard.get('provider', '')} {heard.get('model', '')}  {heard.get('seconds', 0)} s"
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{became:<12}", "bold red" if heard.get("failure") else "green")
    text.append(f" {told}  ")
    text.append(who, "dim")
    return text
