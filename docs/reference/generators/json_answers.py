"""`json.md`: every kind of JSON answer, with what the verbs really answer."""

from __future__ import annotations

import io
import json
import os
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir, closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from generators.markdown import code, document, fenced
from stellwerk.bootstrap import Stellwerk, build
from stellwerk.cli import main
from stellwerk.cli.desk import Desk
from stellwerk.config.discovery import load
from stellwerk.domain.text import one_line, shortened
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.planning.models import ModelReply, Usage
from stellwerk.planning.runs import Call, Run, RunStatus
from stellwerk.planning.wish import Wish
from stellwerk.testing.clock import CountedUids, FrozenClock

LONGEST = 60
MOST = 5
FAILING = "show r99"
RUN = "ab12cd34" * 4


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
        "Each goal has its [fields](fields.md#goal), its revision, whether it is selected, its"
        " progress (lengths in units, `share` from 0 to 1), and its `quality`: the latest score"
        " that was kept and the revision it is about, or `null`.",
    ),
    Kind(
        "plan",
        "plan, resume, show",
        "show",
        "The whole plan. `signal` is `live`, `tentative` or `closed`; `ready` are the work"
        " packages that can be started, `decisions` the switches that can be decided,"
        " `quality` is as in `goal-list`. Items"
        " are as in their own kinds below, without the texts of notes.",
    ),
    Kind(
        "validation",
        "validate",
        "validate",
        "What was found in each of the `plans`. `severity` is `error`, `warning` or `info`;"
        " `count` is how many lines a finding speaks for. `file` and `line` are `null` for"
        " goals, `goal` and `revision` for files; `score` is `null` for what breaks a rule"
        " that no plan can break. `fixes` are what `--fix` made (`fixed` is true) or would"
        " make, `not_fixed` says why it could not, and `text` is a fixed document that came"
        " from standard input.",
    ),
    Kind(
        "score",
        "score",
        "score",
        "A score from 0 to 1 is the sum of `weight` times `value` over its parts. Each of the"
        " `losses` was found on `count` of the lines or items that could have it (`of`) and"
        " `lost` so much of its part, which `cost` so much of the score; `rest` is what else a"
        " part took from it, as what is not written says nothing. `min` is that of `--min`.",
    ),
    Kind(
        "refinement",
        "refine, expand",
        "refine",
        "Each of the `proposals` says in `says` what its line in the history would be;"
        " `differences` are as in `diff`, `notes` are the lines that differ, by the"
        " name of the work package. `dropped` are proposals that were left out, with `why`."
        " `score.after` is that of the plan with all proposals; `stored` says whether any was"
        " `accepted` and made.",
    ),
    Kind(
        "run-list",
        "runs, runs list",
        "runs",
        "`purpose` is `plan`, `refine` or `expand`. `status` is `running`, `interrupted`, `failed` or `done`. Sums have what is `known`"
        " and how many calls are `unknown`: with any, the sum is a lower bound. `maybe_billed`"
        " counts calls that never ended. Money is in millionths of a US dollar.",
    ),
    Kind(
        "run",
        "runs show",
        f"runs show {RUN}",
        "`run` is as in `run-list`; `used` counts calls that never ended with the most they"
        " can have used. `plan` is what the answers make so far, as in `plan`, or `null`."
        " `messages` and `answer` of calls are given with `--verbose`.",
    ),
    Kind(
        "call",
        "runs show --call",
        f"runs show {RUN} --call 1",
        "`status` is `started`, `done` or `failed`; `accepted` says whether the answer was made"
        " into a part of the plan, `ask` how many answers were turned down before.",
    ),
    Kind("run-dropped", "runs drop", "", "`run`: what was forgotten, as in `run-list`."),
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
    Kind(
        "stats",
        "stats",
        "stats",
        "All goals, planning runs and calls. `reused` counts calls that an answer stood in for.",
    ),
    Kind(
        "provider-stats",
        "stats --providers",
        "stats --providers",
        "A series has provider, model, stage and prompt in common. `seconds` are those of"
        " answers: half of them took no longer than `p50`.",
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
        "providers, providers list",
        "providers",
        "`state` is `ready`, `unready` (installed, but it cannot be asked as things are), `off`"
        " or `broken`; `reason` says why, `hint` what to do. `order` is `[ai] providers`,"
        " `asked` what comes of it now; `key` says where the key comes from.",
    ),
    Kind(
        "price-list",
        "providers --prices",
        "providers --prices",
        "US dollars for a million tokens. `date` is that of Stellwerk's own table, `file` the"
        " one of `ai.prices`; of two prices for a model the first one counts.",
    ),
    Kind(
        "provider-test",
        "providers test",
        "providers test playbooks",
        "`asked` is false where there is nobody to ask. `mode` is how JSON was asked for:"
        " `schema`, `json` or `text`; `refused_modes` are the stricter ways the provider does"
        " not know, `right` whether the sum it was asked for was right.",
    ),
    Kind(
        "cache-stats",
        "cache, cache stats",
        "cache",
        "`hits` is how often an answer stood in for a call, `most_bytes` comes from"
        " `ai.log_megabytes`.",
    ),
    Kind(
        "cache-list",
        "cache show",
        "cache show",
        "Answers that other runs may reuse, the newest first; `more` are left out.",
    ),
    Kind(
        "cache-cleared",
        "cache clear",
        "cache clear --expired",
        "How many `answers` with how many `bytes` were forgotten, the `runs` that were dropped"
        " with `--all`, and what is left.",
    ),
    Kind(
        "plugin-list",
        "plugins",
        "plugins",
        "`target` is the entry point, `state` as in `provider-list`.",
    ),
    Kind(
        "tui-keys",
        "tui --keys",
        "tui --keys",
        "`keys` are as Textual names them, `places` the places of the signal box where they count.",
    ),
    Kind(
        "playbook-list",
        "playbooks, playbooks list",
        "playbooks",
        "The shelf. `file` is `null` unless the playbook is the user's own.",
    ),
    Kind("playbook", "playbooks show", "playbooks show general", "The file as it is written."),
    Kind(
        "playbook-saved",
        "playbooks save",
        "playbooks save launch-a-saas-product --id my-launch",
        "The file that was written.",
    ),
    Kind(
        "playbook-check",
        "playbooks check",
        "playbooks check general",
        "Every file that was read, and what is wrong in it: `code` is `file`, `front-matter`,"
        " `slot`, `effort`, `plan`, `switch` or that of a [finding](findings.md). With an"
        " `error` it cannot be planned with, with a `warning` it can. `id` is `null` where the"
        " file could not be read, `file` where it comes with Stellwerk.",
    ),
    Kind(
        "prompt-list",
        "prompts, prompts list",
        "prompts",
        "`label` and `digest` are what plans and the call log name a prompt by. `file` is `null`"
        " unless it is the user's `own`; `optional` inputs may be left out by a stage.",
    ),
    Kind(
        "prompt",
        "prompts show",
        "prompts show repair",
        "The file as it is written, and its `examples` by language.",
    ),
    Kind(
        "prompt-messages",
        "prompts render",
        "prompts render repair",
        "`exact` is whether the `messages` are sent as they are, or placeholders in brackets"
        " stand in them; `tokens` is a rough count.",
    ),
    Kind(
        "prompt-check",
        "prompts check",
        "prompts check",
        "What was checked, and each thing found with its `prompt`, `file`, `message` and"
        " `hint`.",
    ),
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
        services = Stellwerk(made.settings, made.database, made.store, dispatcher)
        for call in SETUP:
            _run(services, call)
        _keep_run(services)
        made_by = {kind.name: _run(services, kind.call) for kind in KINDS if kind.call}
        return {name: json.loads(text.replace(root, "")) for name, text in made_by.items()}


def _keep_run(services: Stellwerk) -> None:
    """Put a planning run with one call into the log."""
    began = FrozenClock().now
    run = Run(RUN, Wish("Learn to juggle"), began, ("openai",), status=RunStatus.FAILED)
    call = Call(
        uid=RUN,
        run=RUN,
        **dict.fromkeys(("key", "question", "template", "schema"), "digest"),
        stage="decompose",
        subject=run.wish.title,
        ask=0,
        attempt=1,
        provider="openai",
        base_url="https://api.openai.com/v1",
        model="gpt-5",
        prompt="decompose@3",
        mode="schema",
        parameters="{}",
        request=json.dumps([{"role": "user", "content": "Turn the goal into a plan."}]),
        reserved_tokens=9000,
        reserved_micro=12_000,
        started_at=began,
    )
    reply = ModelReply(text='{"routes": []}', usage=Usage(1200, 300, 4500), request_id="req-1")
    call = call.finished(reply, began + timedelta(seconds=4))
    error = "OpenAI gave no answer in time."
    with closing(services.runs) as log:
        log.save(replace(run, error=error, finished_at=began + timedelta(seconds=42)))
        log.begin(call.taken(repaired=False, expires_at=began.replace(year=9000)))


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
