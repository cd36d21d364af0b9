"""Everything that can be done in the app, in one table: keys, palette, footer and help show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final, NamedTuple

from stellwerk.errors import ConfigError

GOALS: Final = "goals"
RAILWAY: Final = "railway"
PACKAGE: Final = "package"
DECISION: Final = "decision"
HISTORY: Final = "history"
FINDINGS: Final = "findings"
PLANNING: Final = "planning"
PROPOSALS: Final = "proposals"
REQUESTS: Final = "requests"
EVERYWHERE: Final = "everywhere"


class Action(NamedTuple):
    """Something that can be done.

    Attributes:
        name: Its name in settings; the app's method is `action_` and this.
        keys: Keys for it, as Textual names them.
        title: In one or two words, for the footer.
        help: What it does, for the palette and the help.
        places: Where it can be done.
        footer: Whether the footer names it.
    """

    name: str
    keys: tuple[str, ...]
    title: str
    help: str
    places: tuple[str, ...] = (RAILWAY,)
    footer: bool = False


_PLAN: Final = (RAILWAY, PACKAGE, DECISION)
_EDITED: Final = (*_PLAN, HISTORY, FINDINGS, GOALS)

ACTIONS: Final = (
    Action("new_goal", ("n",), "new", "Plan a new goal", (GOALS,), footer=True),
    Action("open_goal", ("enter",), "open", "Open the goal", (GOALS,), footer=True),
    Action("archive", ("x",), "archive", "Archive the goal, or bring it back", (GOALS,), True),
    Action("show_archived", ("a",), "archived", "Show or hide archived goals", (GOALS,)),
    Action("search", ("slash",), "search", "Search by title or ref", (GOALS, RAILWAY), True),
    Action("right", ("right", "l"), "onward", "Go along the track, the way that is chosen"),
    Action("left", ("left", "h"), "back", "Go back along the track"),
    Action("up", ("up", "k"), "up", "Go to the lane above"),
    Action("down", ("down", "j"), "down", "Go to the lane below"),
    Action("pan_left", ("H",), "pan left", "Move the view to the left"),
    Action("pan_down", ("J",), "pan down", "Move the view down", (RAILWAY, PACKAGE)),
    Action("pan_up", ("K",), "pan up", "Move the view up", (RAILWAY, PACKAGE)),
    Action("pan_right", ("L",), "pan right", "Move the view to the right"),
    Action("next_station", ("tab",), "next", "Go to the next station in order"),
    Action(
        "previous_station", ("shift+tab",), "previous", "Go to the station before in order"
    ),
    Action("next_switch", ("b",), "switch", "Go to the next switch"),
    Action("next_merge", ("m",), "merge", "Go to the next merge"),
    Action("first", ("g", "home"), "first", "Go to the first station"),
    Action("last", ("G", "end"), "last", "Go to the last station"),
    Action("centre", ("full_stop",), "centre", "Put the selected station into the middle"),
    Action(
        "jump", ("f",), "jump", "Jump to a station by the letters shown on it", footer=True
    ),
    Action("next_match", ("n",), "next match", "Go to the next match of the search"),
    Action("previous_match", ("N",), "match before", "Go to the match before"),
    Action("zoom_in", ("plus", "equals_sign"), "zoom in", "Draw the stations larger"),
    Action("zoom_out", ("minus",), "zoom out", "Draw the stations smaller"),
    Action("zoom_reset", ("0",), "overview", "Draw one row for each line"),
    Action("turn", ("v",), "turn", "Draw from top to bottom, or from left to right"),
    Action("minimap", ("M",), "minimap", "Show or hide the minimap"),
    Action(
        "critical", ("c",), "critical", "Show the critical path as the main line, or the way"
    ),
    Action("go_to_open", ("o",), "to do", "Go to what should be done next"),
    Action(
        "details", ("enter",), "details", "Go into the station's work packages", footer=True
    ),
    Action(
        "decide",
        ("d",),
        "decide",
        "Show the decision at the end of the station, or that leads to it",
    ),
    *(
        Action(
            f"choose_{number}",
            (str(number),),
            f"way {number}",
            f"Take way {number} of the switch; again leaves it open",
            (RAILWAY, DECISION),
        )
        for number in range(1, 10)
    ),
    Action(
        "tick",
        ("space",),
        "done",
        "Finish the next work package, or open the one you are on",
        _PLAN,
        True,
    ),
    Action("done", ("d",), "finish", "Finish the work package, or open it again", (PACKAGE,)),
    Action("fix", ("space",), "fix", "Make the fix of this finding", (FINDINGS,), footer=True),
    Action("visit", ("enter",), "go there", "Go to what this finding is about", (FINDINGS,)),
    Action("stop", ("x",), "stop", "Stop asking models", (PLANNING, PROPOSALS)),
    Action("again", ("r",), "go on", "Go on with what stopped", (PLANNING, PROPOSALS)),
    Action("take", ("space",), "take", "Take this proposal, or leave it", (PROPOSALS,)),
    Action("adopt", ("enter",), "make them", "Make the proposals taken", (PROPOSALS,)),
    Action(
        "refine", ("R",), "refine", "Have the plan made better, by feedback or by findings"
    ),
    Action(
        "expand", ("X",), "expand", "Have a model put this in more detail", (RAILWAY, PACKAGE)
    ),
    Action("start", ("s",), "start", "Start a work package, or stop it again", _PLAN),
    Action("wait", ("w",), "wait", "Put a work package on hold", (RAILWAY, PACKAGE)),
    Action("add_after", ("a",), "add", "Add a route behind, or a work package", footer=True),
    Action("add_before", ("A",), "add before", "Add a route before, or a task behind"),
    Action("add_package", ("t",), "add work", "Add a work package to the station"),
    Action("branch", ("B",), "branch", "Let the line part: a question and its ways"),
    Action("connect", ("e",), "connect", "Lay a track to another station"),
    Action("cut", ("x",), "cut", "Lift a track that leaves the station"),
    Action("rename", ("r",), "rename", "Give it another title", (*_PLAN, GOALS), True),
    Action("fields", ("F",), "fields", "Change any field of it", (*_PLAN, GOALS)),
    Action("move_up", ("shift+up",), "move up", "Move it up in the written order"),
    Action("move_down", ("shift+down",), "move down", "Move it down in the written order"),
    Action(
        "delete",
        ("D",),
        "delete",
        "Delete it, after showing what goes with it",
        (*_PLAN, GOALS),
    ),
    Action("notes", ("E",), "notes", "Write its notes in your editor", (RAILWAY, PACKAGE)),
    Action("assign", ("p",), "assign", "Say who does it", (RAILWAY, PACKAGE)),
    Action("people", ("P",), "people", "Change or remove people of the plan"),
    Action(
        "needs", ("n",), "needs", "Say what it needs first, or no longer needs", (PACKAGE,)
    ),
    Action("move_to", ("m",), "move", "Put it into another task", (PACKAGE,)),
    Action("divert", ("v",), "divert", "Settle it: it ended up elsewhere", (PACKAGE,)),
    Action("estimate", ("t",), "effort", "Say how much effort it takes", (PACKAGE,)),
    Action("history", ("y",), "history", "Show who changed what", _PLAN),
    Action("findings", ("i",), "findings", "Show what would make the plan better"),
    Action("undo", ("u", "z"), "undo", "Take back your latest edit", _EDITED, True),
    Action("redo", ("ctrl+r", "Z"), "redo", "Bring back what you undid", _EDITED),
    Action(
        "requests",
        ("backslash",),
        "requests",
        "Show what was sent to models and what came back, without keys",
        (EVERYWHERE,),
    ),
    Action("palette", ("colon", "ctrl+p"), "palette", "Find an action by name", (EVERYWHERE,)),
    Action("help", ("question_mark",), "help", "Show all keys", (EVERYWHERE,), True),
    Action("back", ("escape",), "back", "One step back", (EVERYWHERE,)),
    Action("quit", ("q", "ctrl+c"), "quit", "Leave", (EVERYWHERE,)),
)


def actions_of(place: str) -> list[Action]:
    """Return what can be done in a place."""
    return [each for each in ACTIONS if place in each.places or EVERYWHERE in each.places]


def keymap(told: Iterable[str]) -> Mapping[str, str]:
    """Return keys by the name of the action, from settings such as `undo=ctrl+z`.

    Raises:
        ConfigError: There is no such action, or it has no key.
    """
    names = {each.name for each in ACTIONS}
    found: dict[str, str] = {}
    for line in told:
        name, _, keys = (part.strip() for part in line.partition("="))
        if name not in names:
            near = get_close_matches(name, names, n=2)
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            msg = f"tui.keys: there is no action {name!r}."
            raise ConfigError(msg, f"{hint}`stellwerk tui --keys` lists them.")
        if not keys:
            raise ConfigError(f"tui.keys: {line!r} names no key.", "Write `action=key`.")
        found[name] = keys
    return found
