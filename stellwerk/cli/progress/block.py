"""The live block: how far a run is, as lines that fit the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final, NamedTuple, TypeAlias

from stellwerk.cli.figures import about, amount, several, span
from stellwerk.cli.progress.canvas import Size
from stellwerk.cli.progress.cells import cells, cut, fitting, padded, to_column
from stellwerk.cli.progress.figures import cost
from stellwerk.cli.progress.plain import subject_of, troubles
from stellwerk.domain.text import one_line
from stellwerk.planning.progress import Leg, Progress, Spent, Wait
from stellwerk.planning.time_left import remaining

Paint: TypeAlias = Callable[[str, str], str]
_WIDE: Final = 56
"""From so many cells on, counts are named in words beside the titles."""
_NARROWEST: Final = 12
_NOTICES: Final = 2
_FRAMES_PER_SECOND: Final = 5
_LEAST_SECONDS: Final = 3.0


class Marks(NamedTuple):
    """The characters of the block; what is under way turns."""

    turning: str
    done: str
    ahead: str
    dot: str
    least: str
    arrow: str
    ellipsis: str


UNICODE: Final = Marks("◐◓◑◒", "●", "○", " · ", "≥ ", "→", "…")
ASCII: Final = Marks("|/-\\", "*", "o", " | ", "at least ", "->", "...")


class Look(NamedTuple):
    """How the block is drawn.

    Attributes:
        marks: What it is made of.
        paint: Takes a style and a text, returns the text in that style.
    """

    marks: Marks = UNICODE
    paint: Paint = lambda _, text: text


class Row(NamedTuple):
    """A line of the block.

    Attributes:
        style: Of its mark.
        mark: Whether it is done, under way or ahead.
        title: What it is about.
        tasks: How many tasks it has, or how many of them are done.
        packages: How many work packages.
        share: The tasks in a few cells.
    """

    style: str
    mark: str
    title: str
    tasks: str = ""
    packages: str = ""
    share: str = ""


def block(progress: Progress, at: float, size: Size, look: Look) -> list[str]:
    """Return the lines of the block: narrower and fewer than the terminal has; else none."""
    room, height = size.columns - 1, size.lines - 1
    if room < _NARROWEST or height < 1:
        return []
    if not progress.asked:
        return [_line(progress, at, room, look)]
    status = [_counts(progress, at, room, look), _spending(progress, room, look)]
    notices = _notices(progress, at, room, look)
    head = [_header(progress, room, look)]
    left = height - len(head) - len(status)
    notices = notices[: max(left - 1, 0)]
    rows = _rows(progress, at, left - len(notices), look.marks)
    return [*head, *_drawn(rows, room, look), *notices, *status][-height:]


def _line(progress: Progress, at: float, room: int, look: Look) -> str:
    """Return all there is to tell of a run that asks no model."""
    counts = [
        several(progress.stage(name).results, noun)
        for name, noun in (("decompose", "route"), ("packages", "work package"))
        if progress.stage(name).results
    ]
    told = [f"Planning with {one_line(progress.provider)}", *counts]
    line = fitting([[part] for part in [*told, _elapsed(progress, at)]], room - 2, ", ")
    return f"{look.paint('yellow', _turning(progress, at, look.marks))} {line}"


def _header(progress: Progress, room: int, look: Look) -> str:
    who = one_line(f"{progress.provider} {progress.model}")
    who = cut(who, room * 2 // 5, look.marks.ellipsis)
    goal = one_line(progress.goal)
    goal = cut(goal, room - cells(who) - 2, look.marks.ellipsis)
    gap = " " * (room - cells(goal) - cells(who))
    return f"{look.paint('bold', goal)}{gap}{look.paint('dim', who)}"


def _rows(progress: Progress, at: float, most: int, marks: Marks) -> list[Row]:
    """Return at most so many rows: what is done as one and what is too much as one, if need be."""
    turning = _turning(progress, at, marks)
    legs, review = progress.legs, _review(progress, turning, marks)
    rows = [_leg(leg, turning, marks) for leg in legs]
    if not rows:
        rows = [Row("yellow", turning, "Finding the routes")]
    if len(rows) + len(review) > most:
        rows = [row for row in rows if row.mark != marks.done]
        rows = [*_together([leg for leg in legs if leg.finished], marks), *rows]
    rows += review
    if len(rows) <= most:
        return rows
    shown = rows[: max(most - 1, 0)]
    more = Row("dim", marks.ahead, f"{len(rows) - len(shown)} more")
    return [*shown, more][: max(most, 0)]


def _leg(leg: Leg, turning: str, marks: Marks) -> Row:
    title = one_line(leg.title)
    if leg.finished:
        return _finished(title, leg.tasks or 0, leg.packages, marks)
    if leg.tasks is None:
        return Row("yellow", turning, title)
    share = f"{leg.done}/{leg.tasks}"
    packages = several(leg.packages, "package") if leg.packages else ""
    tasks = f"{leg.done}/{several(leg.tasks, 'task')}"
    return Row("yellow", turning, title, tasks, packages, share)


def _together(done: Sequence[Leg], marks: Marks) -> list[Row]:
    """Return one row for all routes that are done."""
    if not done:
        return []
    title = one_line(done[0].title) if len(done) == 1 else f"{len(done)} routes"
    tasks = sum(leg.tasks or 0 for leg in done)
    packages = sum(leg.packages for leg in done)
    return [_finished(title, tasks, packages, marks)]


def _finished(title: str, tasks: int, packages: int, marks: Marks) -> Row:
    told = several(tasks, "task"), several(packages, "package")
    return Row("green", marks.done, title, *told, f"{tasks}/{tasks}")


def _review(progress: Progress, turning: str, marks: Marks) -> list[Row]:
    review = progress.stage("review")
    if not review.known:
        return []
    if review.done < review.known:
        return [Row("yellow", turning, "Reviewing the plan")]
    return [Row("green", marks.done, f"Reviewed: {several(review.results, 'remark')}")]


def _drawn(rows: Sequence[Row], room: int, look: Look) -> list[str]:
    """Return rows as lines, their counts in columns."""
    wide = room >= _WIDE
    counts = [(row.tasks, row.packages) if wide else (row.share,) for row in rows]
    widths = [max(map(cells, column), default=0) for column in zip(*counts, strict=True)]
    taken = sum(2 + width for width in widths if width)
    lines = []
    for row, texts in zip(rows, counts, strict=True):
        told = "".join(
            f"  {padded(text, width, right=True)}"
            for text, width in zip(texts, widths, strict=True)
            if width
        )
        title = cut(row.title, room - 3 - taken, look.marks.ellipsis)
        line = f" {look.paint(row.style, row.mark)} {padded(title, room - 3 - taken)}"
        column = "" if title.isascii() else to_column(room - taken)
        lines.append(
            f"{line}{column}{look.paint('dim', told)}" if any(texts) else line.rstrip()
        )
    return lines


def _notices(progress: Progress, at: float, room: int, look: Look) -> list[str]:
    """Return what holds the run up, and who could not be asked."""
    waits = [wait for wait in progress.waits if wait.until > at]
    told = [
        _waiting(list(alike), at) for _, alike in groupby(sorted(waits, key=_alike), _alike)
    ]
    arrow = look.marks.arrow
    told += [
        f"{each.provider} {arrow} {each.to}: {each.reason}" for each in progress.failovers
    ]
    lines = (
        cut(one_line(text), room - 3, look.marks.ellipsis) for text in dict.fromkeys(told)
    )
    return [f" {look.paint('yellow', f'! {line}')}" for line in list(lines)[-_NOTICES:]]


def _alike(wait: Wait) -> tuple[str, str]:
    return wait.provider, wait.reason


def _waiting(waits: Sequence[Wait], at: float) -> str:
    """Return the line of calls that wait for the same reason."""
    seconds = span(max(min(wait.until for wait in waits) - at, 0) + 1)
    stage, subject = waits[0][:2]
    what = subject_of(stage, subject) if len(waits) == 1 else several(len(waits), "call")
    return f"waiting {seconds} ({what}): {waits[0].reason}"


def _counts(progress: Progress, at: float, room: int, look: Look) -> str:
    parts = [[_elapsed(progress, at)]]
    if progress.done:
        known = f"{progress.done}/{progress.known}{'' if progress.settled else '+'}"
        parts.insert(0, [f"{known} answers", known])
    left = remaining(progress, at)
    if left is not None and left >= _LEAST_SECONDS:
        parts.append([f"about {about(left)} left", f"~{about(left)} left"])
    if progress.under_way:
        parts.append([f"{len(progress.under_way)} under way"])
    return " " + look.paint("dim", fitting(parts, room - 1, look.marks.dot))


def _spending(progress: Progress, room: int, look: Look) -> str:
    spent, least = progress.spent, look.marks.least
    parts = [[several(spent.calls, "call")], [cost(spent, least)], _tokens(spent, least)]
    parts += [[told] for told in troubles(progress)]
    if progress.reused:
        parts.append([f"{progress.reused} reused"])
    if progress.resumed:
        parts.append([f"{progress.resumed} from before"])
    if not spent.calls:
        del parts[1:3]
    return " " + look.paint("dim", fitting(parts, room - 1, look.marks.dot))


def _tokens(spent: Spent, least: str) -> list[str]:
    if spent.unmeasured >= spent.calls:
        return ["tokens unknown"]
    more = least if spent.unmeasured else ""
    asked, answered = amount(spent.input_tokens), amount(spent.output_tokens)
    both = amount(spent.input_tokens + spent.output_tokens)
    return [
        f"{more}{asked} tokens in, {more}{answered} out",
        f"{more}{asked} in, {more}{answered} out",
        f"{more}{both} tokens",
    ]


def _elapsed(progress: Progress, at: float) -> str:
    return span(progress.elapsed(at))


def _turning(progress: Progress, at: float, marks: Marks) -> str:
    return marks.turning[int(progress.elapsed(at) * _FRAMES_PER_SECOND) % len(marks.turning)]
