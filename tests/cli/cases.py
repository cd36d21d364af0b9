"""A call of every verb, with what it says and the shape of its JSON answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.cli.logged import SHORT, keep_answered, keep_expanded, keep_run
from tests.cli.terminal import GOAL, Terminal

PLAN: Final = frozenset(
    {
        *("goal", "revision", "progress", "quality", "routes", "switches", "people", "ready"),
        "decisions",
    }
)
OUTCOME: Final = frozenset({"goal", "revision", "goal_status", "says", "born", "now_ready"})
ITEM: Final = frozenset({"goal", "item"})
SETTING: Final = frozenset({"key", "value", "origin", "where", "default", "doc"})
PROMPT: Final = frozenset(
    {
        *("name", "version", "label", "digest", "stage", "inputs", "optional", "languages"),
        *("own", "file", "text", "examples"),
    }
)
SCORE: Final = frozenset({"goal", "file", "revision", "min", "score", "parts"})
SHAPES: Final = {
    "plan": PLAN,
    "map": PLAN,
    "validation": frozenset({"counts", "plans"}),
    "refinement": frozenset({"goal", "revision", "score", "stored", "proposals", "dropped"}),
    "score": SCORE,
    "outcome": OUTCOME,
    "route": ITEM,
    "task": ITEM,
    "work-package": ITEM,
    "switch": ITEM,
    "option": ITEM,
    "person": ITEM,
    "goal-list": frozenset({"goals"}),
    "next": frozenset({"goal", "doing", "waiting", "next"}),
    "log": frozenset({"goal", "entries"}),
    "diff": frozenset({"goal", "old", "new", "differences"}),
    "selection": frozenset({"goal"}),
    "people": frozenset({"goal", "people"}),
    "export": frozenset({"goal", "changed", "text"}),
    "schema": frozenset({"schema"}),
    "init": frozenset({"file"}),
    "backup": frozenset({"file", "bytes", "goals", "deleted", "revisions"}),
    "restore": frozenset({"file", "dry_run", "goals", "saved", "rows"}),
    "repair": frozenset(
        {"database", "file", "damage", "complete", "goals", "losses", "remarks"}
    ),
    "config": frozenset({"settings"}),
    "setting": SETTING,
    "config-set": frozenset({"key", "file"}),
    "config-trust": frozenset({"file", "trusted"}),
    "key-list": frozenset({"keys"}),
    "key-set": frozenset({"provider", "where"}),
    "key-removed": frozenset({"provider"}),
    "key-path": frozenset({"file"}),
    "provider-list": frozenset({"order", "asked", "providers"}),
    "price-list": frozenset({"date", "file", "prices"}),
    "provider-test": frozenset(
        {
            *("provider", "asked", "model", "base_url", "mode", "refused_modes", "seconds"),
            *("input_tokens", "output_tokens", "cost_micro", "request_id", "right"),
        }
    ),
    "run-list": frozenset({"runs"}),
    "run": frozenset({"run", "wish", "limits", "plan", "calls", "next_step"}),
    "call": frozenset({"run", "call"}),
    "run-dropped": frozenset({"run"}),
    "cache-stats": frozenset(
        {
            *("runs", "calls", "answers", "reusable", "expired", "hits", "bytes"),
            *("most_bytes", "reuse_days", "oldest_at", "newest_at"),
        }
    ),
    "cache-list": frozenset({"answers", "more"}),
    "cache-cleared": frozenset({"answers", "bytes", "runs", "left_answers", "left_bytes"}),
    "stats": frozenset(
        {
            *("goals", "runs", "calls", "answers", "failed", "unfinished", "reused"),
            *("input_tokens", "output_tokens", "cost_micro"),
        }
    ),
    "provider-stats": frozenset({"since_at", "series"}),
    "plugin-list": frozenset({"plugins"}),
    "tui-keys": frozenset({"actions"}),
    "playbook-list": frozenset({"playbooks"}),
    "playbook": frozenset({"id", "language", "text"}),
    "playbook-saved": frozenset({"id", "language", "file"}),
    "playbook-check": frozenset({"playbooks", "findings"}),
    "prompt-list": frozenset({"prompts"}),
    "prompt": PROMPT,
    "prompt-messages": frozenset({"prompts"}),
    "prompt-check": frozenset({"prompts", "findings"}),
    "doctor": frozenset({"checks"}),
    "completion": frozenset({"shell", "script"}),
}
"""The fields of each kind of answer, beside `schema_version` and `kind`."""


def _nothing(_: Terminal) -> None:
    """Let nothing have happened before."""


@dataclass(frozen=True)
class Case:
    """A call that succeeds on a planned goal.

    Attributes:
        args: What is typed, the verb first.
        says: A part of the text answer.
        kind: Kind of the JSON answer.
        before: Calls that lead up to it.
        stdin: What is piped in.
        given: What happened before that no call of ours can make happen.
    """

    args: tuple[str, ...]
    says: str
    kind: str
    before: tuple[tuple[str, ...], ...] = ()
    stdin: str = ""
    given: Callable[[Terminal], None] = _nothing

    @property
    def name(self) -> str:
        """The call on one line."""
        return " ".join(self.args)


_BRANCHED: Final = (("add", "route", "Sell nothing", "--after", "r1", "--before", "r5"),)
_MIRA: Final = (("add", "person", "Mira"),)
_STARTED: Final = (("start", "r1.1.1"),)
_COPY: Final = (("export", "-o", "plan.json"),)

CASES: Final = (
    Case(("plan", "Learn to juggle", "-q"), "Learn to juggle  learn-to-juggle", "plan"),
    Case(("resume",), "4 routes, 4 work packages, 1 switch", "plan", given=keep_answered),
    Case(("runs",), f"{SHORT}  failed", "run-list", given=keep_run),
    Case(("runs", "list"), f"{SHORT}  failed", "run-list", given=keep_run),
    Case(("runs", "show", SHORT), "Used      3 calls", "run", given=keep_run),
    Case(("runs", "show", SHORT, "--calls"), "Three balls", "run", given=keep_run),
    Case(("runs", "show", SHORT, "--call", "1"), "You plan.", "call", given=keep_run),
    Case(
        ("runs", "drop", SHORT, "--yes"),
        f"Forgot the run {SHORT}",
        "run-dropped",
        given=keep_run,
    ),
    Case(("refine",), "Quality ", "refinement"),
    Case(("refine", "--findings", "--dry-run"), "Quality ", "refinement"),
    Case(("expand", "r1.1.1"), "Puts r1.1.1", "refinement", given=keep_expanded),
    Case(("validate",), "Noted  (-v shows each)", "validation"),
    Case(("validate", "plan.json"), "Noted  (-v shows each)", "validation", _COPY),
    Case(("score",), "completeness  ━", "score"),
    Case(("score", "--explain"), "The score is the sum of weight x value", "score"),
    Case(("list",), f"{GOAL}    0%  planned", "goal-list"),
    Case(("show",), "8 routes, 24 work packages, 2 switches", "plan"),
    Case(("show", "r1"), "Needs     nothing: it can begin at once", "route"),
    Case(("show", "r1.1"), "Route     r1 Find the customer group and its problem", "task"),
    Case(("show", "r1.1.1"), "## Definition of Done", "work-package"),
    Case(("show", "d1"), "Decide with `stellwerk choose d1 a`.", "switch"),
    Case(("show", "d1.a"), "Leads to  r3 Lay the foundation in the browser", "option"),
    Case(("show", "p1"), "Role      companion, with me", "person", _MIRA),
    Case(("map",), "◎      r1 Find the customer group and its problem  0/3", "map"),
    Case(("map", "--zoom", "0"), "╰◌╯", "map"),
    Case(("map", "--zoom", "2"), "Find the customer group", "map"),
    Case(("map", "--horizontal", "--width", "200"), "r1", "map"),
    Case(("map", "--critical", "--ascii"), "r1 Find the customer group", "map"),
    Case(("tui", "--keys"), "undo", "tui-keys"),
    Case(("next",), "on the critical path", "next"),
    Case(("log",), "planned “Launch a SaaS product”", "log"),
    Case(("diff",), "+ r1 Find the customer group and its problem", "diff"),
    Case(("use",), f"{GOAL}: Launch a SaaS product", "selection"),
    Case(("use", GOAL), f"Selected {GOAL}", "selection"),
    Case(("use", "--none"), "No goal is selected.", "selection"),
    Case(("start", "r1.1.1"), "Started r1.1.1 Name one", "outcome"),
    Case(("done", "r1.1.1"), "Finished r1.1.1 Name one", "outcome"),
    Case(("reopen", "r1.1.1"), "Reopened r1.1.1 Name one", "outcome", _STARTED),
    Case(("divert", "r1.1.1"), "Diverted r1.1.1 Name one", "outcome"),
    Case(("wait", "r1.1.1", "--for", "Tom"), "waiting for Tom", "outcome"),
    Case(("choose", "d1", "a"), "Set d1 Where does the software run? to d1.a", "outcome"),
    Case(("add", "route", "Legal"), "Added r9 Legal.", "outcome"),
    Case(("add", "task", "r1", "Ask around"), "Added r1.3 Ask around.", "outcome"),
    Case(("add", "package", "r1.1", "Call Tom"), "Added r1.1.3 Call Tom.", "outcome"),
    Case(("add", "switch", "r1", "Which way?"), "Added d3 Which way?", "outcome", _BRANCHED),
    Case(("add", "person", "Mira"), "Added p1 Mira.", "outcome"),
    Case(("edit", "r1.1.1", "--length", "3"), "r1.1.1 Name one", "outcome"),
    Case(
        ("rename", "r1", "Ask people"),
        "Renamed r1 Find the customer group and its problem to",
        "outcome",
    ),
    Case(("move", "r1.1.2", "--to", "r1.2"), "as r1.2.2.", "outcome"),
    Case(("remove", "r1.1.1"), "Removed r1.1.1 Name one", "outcome"),
    Case(("link", "r8", "--needs", "r3"), "needs r3 Lay the foundation", "outcome"),
    Case(("unlink", "r2", "--needs", "r1"), "no longer needs r1 Find the customer", "outcome"),
    Case(("people",), "p1 Mira (companion, with me; 0 open, length 0)", "people", _MIRA),
    Case(("assign", "r1.1.1", "mira"), "to p1 Mira.", "outcome", _MIRA),
    Case(("batch",), "Made 2 edits as one", "outcome", stdin="start r1.1.1\ndone r1.2.1\n"),
    Case(("archive",), "Archived the goal.", "outcome"),
    Case(("delete", GOAL, "--yes"), "Deleted the goal.", "outcome"),
    Case(("undo",), "Undid: started r1.1.1", "outcome", _STARTED),
    Case(("redo",), "Redid: ", "outcome", (*_STARTED, ("undo",))),
    Case(("stats",), "Goals   1 (1 from playbooks)", "stats", given=keep_run),
    Case(("stats", "--providers"), "decompose@3", "provider-stats", given=keep_run),
    Case(("export",), "# Launch a SaaS product", "export"),
    Case(("export", "-o", "plan.md"), "Wrote plan.md.", "export"),
    Case(("export", "--into", "plan"), "files changed in plan.", "export"),
    Case(("import", "plan.json", "--copy"), "Imported plan.json: 8 routes", "outcome", _COPY),
    Case(("schema",), '"$schema"', "schema"),
    Case(("init",), "Wrote stellwerk2.toml.", "init"),
    Case(("backup", "goals.db"), "Backed up 1 goal, 1 revision to goals.db", "backup"),
    Case(("restore", "goals.db"), "as it is here", "restore", (("backup", "goals.db"),)),
    Case(("config",), "planning.size", "config"),
    Case(("config", "show"), "planning.size", "config"),
    Case(("config", "explain", "planning.size"), "from: default", "setting"),
    Case(("config", "set", "planning.size", "small"), "Set planning.size in", "config-set"),
    Case(
        ("config", "unset", "planning.size"),
        "Took planning.size out of",
        "config-set",
        (("config", "set", "planning.size", "small"),),
    ),
    Case(("config", "trust"), "is trusted as it is now", "config-trust", (("init",),)),
    Case(("keys",), "No key is stored.", "key-list"),
    Case(("keys", "list"), "No key is stored.", "key-list"),
    Case(("keys", "set", "openai"), "Stored the key in", "key-set", stdin="sk-1234\n"),
    Case(("keys", "remove", "openai"), "Forgot the key of openai.", "key-removed"),
    Case(("keys", "path"), "keys.json", "key-path"),
    Case(("providers",), "ready    playbooks", "provider-list"),
    Case(("providers", "list"), "ready    playbooks", "provider-list"),
    Case(("providers", "--prices"), "US dollars for a million tokens", "price-list"),
    Case(("providers", "test", "playbooks"), "there is nobody to ask", "provider-test"),
    Case(("cache",), "Reusable  1 by other runs", "cache-stats", given=keep_run),
    Case(("cache", "stats"), "Reusable  1 by other runs", "cache-stats", given=keep_run),
    Case(("cache", "show"), "Learn to juggle", "cache-list", given=keep_run),
    Case(("cache", "clear", "-y"), "There was no answer", "cache-cleared", given=keep_run),
    Case(("plugins",), "exporters  markdown   ready", "plugin-list"),
    Case(("playbooks",), "launch-a-software-product", "playbook-list"),
    Case(("playbooks", "list"), "launch-a-software-product", "playbook-list"),
    Case(("playbooks", "show", "general"), "+++", "playbook"),
    Case(("playbooks", "save", GOAL), f"{GOAL}.en.md.", "playbook-saved"),
    Case(("playbooks", "check", "general"), "2 playbooks are fit", "playbook-check"),
    Case(("prompts",), "comes with Stellwerk", "prompt-list"),
    Case(("prompts", "list"), "comes with Stellwerk", "prompt-list"),
    Case(("prompts", "show", "tasks"), 'id = "tasks"', "prompt"),
    Case(("prompts", "render", "tasks"), "Break one route of a plan", "prompt-messages"),
    Case(("prompts", "check"), "7 prompts are fit to be sent.", "prompt-check"),
    Case(("doctor",), "ok    provider   `stellwerk plan` asks playbooks", "doctor"),
    Case(("doctor", "--repair"), "There is nothing to repair in", "repair"),
    Case(("completion", "bash"), "complete -o default", "completion"),
)
