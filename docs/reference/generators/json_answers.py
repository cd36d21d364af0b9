"""`json.md`: every kind of JSON answer, with what the verbs really answer."""

from __future__ import annotations

import io
import json
import os
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from generators.markdown import code, document, fenced
from stellwerk.bootstrap import Stellwerk, build
from stellwerk.cli import main
from stellwerk.cli.desk import Desk
from stellwerk.config.discovery import load
from stellwerk.domain.text import one_line, shortened
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.testing.clock import CountedUids, FrozenClock

LONGEST = 60
MOST = 5
FAILING = "show r99"


class Kind(NamedTuple):
    """A kind of answer: who gives it, the call of the example, and what it means."""

    name: str
    verbs: str
    call: str
    meaning: str


SETUP = (
    "plan 'Launch a SaaS product'",
    "add person Mira --role helper",
    "assign r1.1.1 Mira",
)
KINDS = (
    Kind(
        "goal-list",
        "list",
        "list",
        "Each goal has its [fields](fields.md#goal), its revision, whether it is selected, and"
        " its progress: lengths in units, `share` from 0 to 1.",
    ),
    Kind(
        "plan",
        "plan, show",
        "show",
        "The whole plan. `signal` is `live`, `tentative` or `closed`; `ready` are the work"
        " packages that can be started, `decisions` the switches that can be decided. Items"
        " are as in their own kinds below, without the texts of notes.",
    ),
    Kind("map", "map", "", "The same data as `plan`."),
    Kind(
        "route",
        "show",
        "show r1",
        "`needs` are the routes before it. In all items, other items are named by their refs.",
    ),
    Kind("task", "show", "show r1.1", "A task with its work packages."),
    Kind(
        "work-package",
        "show",
        "show r1.1.1",
        "`status` repeats the status of `standing`; `notes_digest` changes when the notes do.",
    ),
    Kind("switch", "show", "show d1", "A switch with its options."),
    Kind("option", "show", "show d1.a", "`head` is the route it leads to."),
    Kind("person", "show", "show p1", "Somebody who takes part."),
    Kind(
        "next",
        "next",
        "next -n 1",
        "`next` are work packages and switches, the most urgent first. `total_float_hours` is"
        " how long one can wait without delaying the end (`null` for switches), `tail_hours`"
        " the longest chain of work from its start to the end.",
    ),
    Kind("people", "people", "people", "Who takes part."),
    Kind(
        "outcome",
        "start, done, reopen, divert, wait, choose, add, edit, rename, move, remove, link,"
        " unlink, assign, batch, archive, delete, undo, redo, import",
        "done r1.1.1",
        "What an edit led to: the revision it made, the line of the journal, the refs of new"
        " items, where the goal stands, and what can be started or decided now and could not"
        " before.",
    ),
    Kind(
        "log",
        "log",
        "log -n 1",
        "Entries, the oldest first. `undoes` is the revision that an undo or redo took back,"
        " `undone_by` the one that took this back.",
    ),
    Kind(
        "diff",
        "diff",
        "diff",
        "`sign` is `added`, `removed` or `changed`. `field` is `null` for whole items, `uid`"
        " for edges. Other items in `old` and `new` are named by their refs.",
    ),
    Kind("selection", "use", "use launch", "The selected goal, or `null`."),
    Kind(
        "export",
        "export",
        "export --into plan",
        "With `-o` or `--into` the files whose text changed, else the plan in `text`.",
    ),
    Kind("schema", "schema", "", "`schema`: the JSON Schema of [JSON plans](json-plan.md)."),
    Kind("completion", "completion", "", "`shell`, and the script for it in `script`."),
    Kind("init", "init", "init", "The file that was written."),
    Kind(
        "backup",
        "backup",
        "",
        "`file`, its size in `bytes`, how many `goals` it has, how many of them are `deleted`,"
        " and all their `revisions`.",
    ),
    Kind(
        "restore",
        "restore",
        "",
        "`file`, whether it was a `dry_run`, each of the `goals` with its `deed` (`added`,"
        " `same`, `replaced`, `skipped`, `refused`), the copy `saved` before anything was"
        " replaced or `null`, and how many `rows` were restored and compared.",
    ),
    Kind(
        "repair",
        "doctor --repair",
        "",
        "`database` and the `file` that what could be read was saved into (`null` if nothing"
        " had to be), the `damage`, whether all is `complete`, and of each of the `goals` its"
        " `state` (`whole`, `rebuilt`, `kept`, `partial`, `lost`), the revisions `missing` from"
        " its journal, and what was lost in `losses`.",
    ),
    Kind("config", "config, config show", "config", "All settings, as in `setting`."),
    Kind(
        "setting",
        "config explain",
        "config explain planning.size",
        "`origin` is `flag`, `environment`, `project`, `user` or `default`; `where` names the"
        " variable or file. Secrets are masked.",
    ),
    Kind(
        "config-set",
        "config set, config unset",
        "config set planning.size small",
        "The file that was changed.",
    ),
    Kind("config-trust", "config trust", "config trust", "Whether the file is trusted now."),
    Kind("key-list", "keys, keys list", "keys", "Whose keys there are, never the keys."),
    Kind("key-set", "keys set", "", "`provider`, and in `where` the keyring or the file."),
    Kind("key-removed", "keys remove", "", "`provider`: whose key was forgotten."),
    Kind("key-path", "keys path", "keys path", "The file for keys where there is no keyring."),
    Kind(
        "provider-list",
        "providers",
        "providers",
        "`state` is `ready`, `off` or `broken`; `reason` says why.",
    ),
    Kind(
        "plugin-list",
        "plugins",
        "plugins",
        "`target` is the entry point, `state` as in `provider-list`.",
    ),
    Kind("playbook-list", "playbooks, playbooks list", "playbooks", "The shelf."),
    Kind("playbook", "playbooks show", "playbooks show general", "The file as it is written."),
    Kind("doctor", "doctor", "doctor", "`verdict` is `fine`, `odd` or `bad`."),
    Kind(
        "error",
        "",
        FAILING,
        "What any verb says on standard error when it fails, on one line. See [Errors and exit codes](errors.md).",
    ),
)
_INTRO = """\
With `--json` a verb answers with one JSON object on standard output. Every answer has `schema_version`,
which counts up when a documented shape changes in a way that could break a reader, and `kind`. Absent
values are `null`, absent lists `[]`. Times are RFC 3339 in UTC. Standard error may carry narration
beside it; `--quiet` leaves that out.

The examples are what the verbs answer on a plan from a playbook. Lists are cut to their first entry and
long texts to a few words."""


def page() -> str:
    """Return the page."""
    parts = []
    answers = _answers()
    for kind in KINDS:
        verbs = ", ".join(code(verb) for verb in kind.verbs.split(", "))
        given = f"Answer of {verbs}. " if kind.verbs else ""
        parts += [f"## {kind.name}", f"{given}{kind.meaning}"]
        if kind.call:
            answer = answers[kind.name]
            assert answer["kind"] == kind.name, kind
            text = json.dumps(_cut(answer), ensure_ascii=False, indent=2)
            parts.append(f"`stellwerk {kind.call} --json`")
            parts.append(fenced(text, "json"))
    return document("JSON answers", _INTRO, *parts)


def _answers() -> dict[str, Any]:
    """Return the answer to the call of each kind, on one plan, in the order of `KINDS`."""
    with _home() as root:
        settings = load(Path.cwd(), os.environ)
        made = build(settings, os.environ, author="Ada")
        dispatcher = Dispatcher(made.store, "Ada", FrozenClock(), CountedUids())
        services = replace(made, dispatcher=dispatcher)
        for call in SETUP:
            _run(services, call)
        made_by = {kind.name: _run(services, kind.call) for kind in KINDS if kind.call}
        return {name: json.loads(text.replace(root, "")) for name, text in made_by.items()}


def _run(services: Stellwerk, call: str) -> str:
    """Return what a call prints, on either stream."""
    args = shlex.split(call)
    output = io.StringIO()
    with redirect_stdout(output), redirect_stderr(output):
        if call == FAILING:
            main.call([*args, "--json"])
        else:
            desk = Desk(json=True, quiet=True)
            desk.__dict__["stellwerk"] = services
            main.app().main(args, prog_name="stellwerk", standalone_mode=False, obj=desk)
    return output.getvalue()


def _cut(value: Any) -> Any:
    """Return data with lists cut to one entry and long texts cut short."""
    if isinstance(value, str):
        return shortened(one_line(value), LONGEST)
    if isinstance(value, list):
        ours = [each for each in value if _is_ours(each)]
        some = ours[:1] if ours and isinstance(ours[0], Mapping) else ours[:MOST]
        return [_cut(each) for each in some]
    if isinstance(value, Mapping):
        return {key: _cut(each) for key, each in value.items()}
    return value


def _is_ours(entry: Any) -> bool:
    """Whether an entry is there whatever else is installed."""
    told = (
        entry.get("distribution", "stellwerk") if isinstance(entry, Mapping) else "stellwerk"
    )
    return str(told).startswith("stellwerk")


@contextmanager
def _home() -> Iterator[str]:
    """Let the process be somebody's without settings and plugins; yield the root of it."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as root:
        work = Path(root, "home/ada/project")
        work.mkdir(parents=True)
        os.environ.clear()
        home = {"HOME": f"{root}/home/ada", "PATH": before.get("PATH", "")}
        os.environ.update({**home, "STELLWERK_PLUGINS": ""})
        try:
            with chdir(work):
                yield root
        finally:
            os.environ.clear()
            os.environ.update(before)
