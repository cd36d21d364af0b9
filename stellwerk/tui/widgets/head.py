"""The first line of a place: the goal, how far it is, and how good its plan is."""

from __future__ import annotations

from typing import Final

from rich.text import Text

from stellwerk.planning.ports import Graded
from stellwerk.railway.fitting import cells_of, fitted
from stellwerk.railway.glyphs import Charset
from stellwerk.tui.session import Sight

_ZOOMS: Final = ("dots", "overview", "cards")


def head_text(
    sight: Sight, quality: Graded | None, zoom: int, width: int, charset: Charset
) -> Text:
    """Return title, progress, quality and what is open, as far as there is room for them."""
    plan, share = sight.plan, sight.progress.share
    done = round(share * 10)
    bar = charset.bar[0] * done + charset.bar[1] * (10 - done)
    open_ = len(sight.railway.decisions)
    stale = "~" if quality and quality.revision != sight.base.revision else ""
    parts = [
        f"{bar} {share:.0%}",
        f"quality {stale}{quality.score:.2f}" if quality else "",
        f"by {plan.goal.target_date}" if plan.goal.target_date else "",
        f"{open_} decision{'s' if open_ != 1 else ''} to make" if open_ else "",
        "critical path" if sight.critical else "",
        f"{len(plan.routes)} routes",
        _ZOOMS[zoom],
    ]
    told: list[str] = []
    least = min(cells_of(plan.goal.title), 20)
    for part in filter(None, parts):
        if least + sum(len(each) + 2 for each in told) + len(part) + 2 <= width:
            told.append(part)
    figures = "".join(f"  {each}" for each in told)
    title = fitted(plan.goal.title, width - len(figures), charset)
    return Text.assemble((title, "bold"), (figures, ""), no_wrap=True)
