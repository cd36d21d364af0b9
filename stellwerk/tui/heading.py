"""The head of a plan: how far it is, and how good, taken anew when it has changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from textual import work
from textual.widgets import Static

from stellwerk.domain.snapshot import Snapshot
from stellwerk.tui.editing import Editing
from stellwerk.tui.session import Sight
from stellwerk.tui.widgets.head import head_text

if TYPE_CHECKING:
    from stellwerk.validation.judging import Verdict

_CALM: Final = 1.5
"""Seconds after an edit until the plan is judged again."""
_MOST: Final = 300
"""Work packages up to which a plan is judged without being asked to."""


class Headed(Editing):
    """A place with a head.

    Attributes:
        sight: The goal as it is shown; None before it is laid out.
        zoom: 0 dots, 1 one row for each line, 2 cards; None before anything is drawn.
    """

    sight: Sight | None = None
    zoom: int | None = None
    _judged = 0
    """The revision that was judged last, or will be."""

    def entitle(self, sight: Sight) -> None:
        """Show the head; a quality that is of an earlier revision is taken anew in a while."""
        quality = self.attempt(self.session.quality)
        width, charset = self.app.size.width - 2, self.box.charset
        head = head_text(sight, quality, self.zoom or 0, width, charset)
        self.query_one("#head", Static).update(head)
        revision = sight.base.revision
        stale = quality is not None and quality.revision != revision != self._judged
        if stale and sum(1 for _ in sight.plan.packages) <= _MOST:
            self._judged = revision
            self.set_timer(_CALM, partial(self._judge_now, sight.base))

    def _judge_now(self, base: Snapshot) -> None:
        """Judge the plan, unless it has changed again meanwhile."""
        if base is self.session.base:
            notes = self.attempt(self.session.all_notes)
            if notes is not None:
                self._judge(base, notes)

    @work(thread=True, exclusive=True, group="judging", description="judges it")
    def _judge(self, base: Snapshot, notes: Mapping[str, str]) -> None:
        from stellwerk.validation.findings import Subject
        from stellwerk.validation.judging import judged

        verdict = judged(Subject(base.plan, notes))
        self.app.call_from_thread(self._graded, base, notes, verdict)

    def _graded(self, base: Snapshot, notes: Mapping[str, str], verdict: Verdict) -> None:
        if base is self.session.base and self.sight is not None:
            self.box.stellwerk.grade(base, notes, verdict)
            self.entitle(self.sight)
