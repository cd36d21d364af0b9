"""The block that shows how far a run is: its lines, and how it is drawn over and over."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Iterator
from random import Random

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stellwerk.cli.ink import Ink
from stellwerk.cli.progress.block import ASCII, UNICODE, Look, Marks, block
from stellwerk.cli.progress.canvas import Canvas, Size, size_of
from stellwerk.cli.progress.cells import cells, cut, fitting
from stellwerk.cli.progress.live import LiveTeller
from stellwerk.planning.events import CallFailed, CallStarted, Event, StageStarted
from stellwerk.planning.models import Usage
from stellwerk.planning.progress import Progress, advanced
from tests.cli.recorded import CALL, GOAL, LIMITED, ONLINE, WHO, Told, Watch
from tests.planning.rehearsal import ROUTES, Luck, Rehearsal

TROUBLE = Luck(0.2, 0.15, 0.05, 0.05, 0.05, 0.1)


class Window:
    """A terminal as pyte sees it, with a live teller on it."""

    def __init__(self, columns: int = 80, lines: int = 24) -> None:
        self.screen = pyte.Screen(columns, lines)
        self.screen.set_mode(pyte.modes.LNM)
        self.size = Size(columns, lines)
        self.watch = Watch()
        self.said = Told()
        self._feed = pyte.Stream(self.screen)
        self.canvas = Canvas(self, lambda: self.size)  # type: ignore[arg-type]
        look = Look(UNICODE, lambda _, text: text)
        self.teller = LiveTeller(self.canvas, look, self.said, now=self.watch)

    def write(self, text: str) -> int:
        """Show what is written."""
        self._feed.feed(text)
        return len(text)

    def flush(self) -> None:
        """All is there already."""

    @property
    def shown(self) -> list[str]:
        """The lines on the screen, without the empty ones below."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip().split("\n")

    @property
    def clean(self) -> bool:
        """Whether cursor and wrapping are on."""
        return not self.screen.cursor.hidden and pyte.modes.DECAWM in self.screen.mode

    def play(self, events: tuple[Event, ...]) -> None:
        """Let a second pass before each event, and draw after it."""
        for event in events:
            self.watch.at += 1
            self.teller(event)
            self.teller.draw()


def states(rehearsal: Rehearsal) -> Iterator[tuple[float, Progress]]:
    progress = Progress()
    for at, event in rehearsal.moments():
        progress = advanced(progress, event, at)
        yield at, progress


# The lines of the block


@settings(deadline=None, max_examples=20)
@given(
    st.builds(Rehearsal, st.randoms(use_true_random=False), st.just(TROUBLE)),
    st.integers(1, 130),
    st.integers(1, 30),
    st.sampled_from((ASCII, UNICODE)),
)
def test_the_block_fits_any_terminal_at_any_time(
    rehearsal: Rehearsal, columns: int, lines: int, marks: Marks
):
    for at, progress in list(states(rehearsal))[::7]:
        drawn = block(progress, at, Size(columns, lines), Look(marks))
        assert len(drawn) < lines or not drawn
        assert all(cells(line) < columns for line in drawn)


@pytest.mark.parametrize("columns", [80, 60, 40])
def test_counts_stand_below_each_other_whatever_the_titles(columns: int):
    """Titles with wide letters and emoji included: their counts are put into their column."""
    *_, (at, progress) = states(Rehearsal(Random(2)))
    window = Window(columns)
    window.canvas.draw(lambda size: block(progress, at, size, Look()))
    for y in range(1, len(ROUTES) + 1):
        line = window.screen.buffer[y]
        assert line[columns - 2].data.isalnum()
        assert line[columns - 1].data == " "


def test_a_block_in_the_middle_of_a_run():
    progress = Progress()
    for number, event in enumerate(ONLINE[:15]):
        progress = advanced(progress, event, float(number))
    assert block(progress, 15.0, Size(66, 24), Look()) == [
        "Learn to juggle                                       openai mini",
        " ◒ Ask",
        " ● Throw                                       1 task  2 packages",
        " 3/4+ answers · 15 s · 1 under way",
        " 1 call · $0.0041 · 1.2k tokens in, 800 out · 1 retry · 1 reused",
    ]


def test_waits_count_down_and_those_for_the_same_reason_are_told_together():
    events = (
        *ONLINE[:6],
        CallFailed(*CALL, LIMITED, 12.0, Usage()),
        CallFailed("tasks", "r2", *WHO, LIMITED, 20.0, Usage()),
    )
    progress = Progress()
    for event in events:
        progress = advanced(progress, event, 10.0)
    for at, line in (
        (10.0, "waiting 13 s (2 calls): openai"),
        (23.0, "waiting 8 s (the tasks"),
    ):
        assert any(line in each for each in block(progress, at, Size(80, 24), Look()))
    assert not any("waiting" in each for each in block(progress, 31.0, Size(80, 24), Look()))


def test_what_is_done_makes_room_for_what_is_not():
    at, progress = next(
        (at, progress)
        for at, progress in states(Rehearsal(Random(2)))
        if sum(leg.finished for leg in progress.legs) == 5
    )
    lines = block(progress, at, Size(80, 10), Look())
    assert any(line.startswith(" ● 5 routes  ") for line in lines)
    unfinished = [leg.title for leg in progress.legs if not leg.finished]
    assert all(any(title in line for line in lines) for title in unfinished)
    tiny = block(progress, at, Size(80, 7), Look())
    assert len(tiny) == 6
    assert any("more" in line for line in tiny)


def test_ascii_is_ascii_and_no_colour_is_no_colour():
    look = Look(ASCII, Ink(sys.stderr, {"NO_COLOR": "1"}))
    rehearsal = Rehearsal(Random(2), TROUBLE, ("Ask", "Sell", "A title that is cut " * 9))
    for at, progress in states(rehearsal):
        assert "".join(block(progress, at, Size(70, 24), look)).isascii()
        assert "\x1b" not in "".join(block(progress, at, Size(70, 24), look))


def test_titles_send_the_terminal_nothing():
    progress = Progress(goal="\x1b[2J", legs=())
    progress = advanced(progress, StageStarted("tasks", "\x1b]0;owned\x07Ask\nmore"), 0.0)
    progress = advanced(progress, CallStarted("tasks", "r1", "open\x1bai", "mini", 1), 0.0)
    lines = block(progress, 0.0, Size(80, 24), Look())
    assert "\x1b" not in "".join(lines)
    assert any("Ask more" in line for line in lines)


# The block on a terminal


@pytest.mark.parametrize("columns", [80, 60, 40])
def test_the_block_is_drawn_in_place_and_gone_in_the_end(columns: int):
    window = Window(columns)
    window.write("$ stellwerk plan\n")
    with window.teller:
        window.play(ONLINE)
        shown = window.shown
        assert shown[0] == "$ stellwerk plan"
        assert shown[1].startswith(GOAL)
        assert shown[1].endswith("ollama")
        assert [line.count("Throw") for line in shown].count(1) == 1
        assert window.screen.cursor.hidden
    assert window.shown == ["$ stellwerk plan"]
    assert window.screen.cursor.y == 1
    assert window.clean
    assert window.said[-1].startswith("Used 2 calls")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_ends_the_run_the_terminal_is_left_clean(error: type[BaseException]):
    window, stderr = Window(), sys.stderr

    def run() -> None:
        with window.teller:
            window.play(ONLINE)
            raise error

    with pytest.raises(error):
        run()
    assert window.shown == [""]
    assert window.clean
    assert sys.stderr is stderr


def test_what_others_say_meanwhile_stands_above_the_block():
    window = Window()
    with window.teller:
        window.play(ONLINE[:8])
        before = window.shown
        sys.stderr.write("Some")
        window.teller.draw()
        assert window.shown == ["Some"]
        sys.stderr.write("body said this.\n")
        window.teller.draw()
        assert window.shown == ["Somebody said this.", *before]
    assert window.shown == ["Somebody said this."]


def test_a_block_that_gets_shorter_leaves_nothing_behind():
    window = Window(lines=30)
    with window.teller:
        window.play(ONLINE[:8])
        window.size = Size(80, 5)
        window.teller.draw()
        assert len(window.shown) == 4


def test_time_passes_on_the_screen_when_nothing_happens():
    window = Window()
    with window.teller:
        window.play(ONLINE[:3])
        shown = window.shown
        window.watch.at += 60
        end = time.monotonic() + 5
        while window.shown == shown and time.monotonic() < end:
            time.sleep(0.02)
        assert any("1 min 2 s" in line for line in window.shown)


def test_verbose_tells_sentences_above_the_block(monkeypatch: pytest.MonkeyPatch):
    window = Window()

    def say(text: str, *, level: int = 0) -> None:
        sys.stderr.write(f"{text}\n")

    look = Look(UNICODE)
    teller = LiveTeller(window.canvas, look, say, verbose=True, now=window.watch)
    with teller:
        for event in ONLINE[:5]:
            teller(event)
        teller.draw()
        assert window.shown[0] == "Planning with openai, then ollama ..."
        assert "  2 routes for Learn to juggle (mini)" in window.shown
        assert window.shown[-1].startswith(" 1 call · $0.0041")


def test_a_terminal_that_has_gone_does_not_end_the_run():
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError

    teller = LiveTeller(Canvas(Gone(), lambda: Size(80, 24)), Look(), Told())
    with teller:
        for event in ONLINE:
            teller(event)
            teller.draw()


def test_a_stream_without_a_size_is_taken_for_80_by_24():
    assert size_of(io.StringIO()) == (80, 24)


@given(st.text(), st.integers(0, 30), st.sampled_from(("…", "...")))
def test_cut_text_fits_its_room(text: str, room: int, ellipsis: str):
    assert cells(cut(text, room, ellipsis)) <= room


def test_a_line_gets_shorter_before_it_loses_parts():
    parts = [["10 answers", "10"], ["about 5 s left", "~5 s left"], ["4 under way"]]
    assert fitting(parts, 41, " - ") == "10 answers - about 5 s left - 4 under way"
    assert fitting(parts, 40, " - ") == "10 - ~5 s left - 4 under way"
    assert fitting(parts, 20, " - ") == "10 - ~5 s left"
    assert fitting(parts, 1, " - ") == ""
