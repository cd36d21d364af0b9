"""The command table, and how a call is run: verbs are imported only when they are called."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from keyword import iskeyword
from typing import Annotated, Any, Final, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from stellwerk import __version__
from stellwerk.cli import exit_codes
from stellwerk.cli.arguments import complete_slug
from stellwerk.cli.coercion import coerce_late
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.errors import redactor_for, report, show_traceback
from stellwerk.cli.streams import abandon_stdout, prepare
from stellwerk.errors import PlanError, StellwerkError, UsageError


class Verb(NamedTuple):
    """A row of the command table; its module is `commands/<name>.py`."""

    name: str
    panel: str
    help: str


class Told(NamedTuple):
    """What is told of an error: a message, the next step, a code by name and by number."""

    message: str
    hint: str
    code: str
    exit_code: int


PLAN: Final = "Plan"
SEE: Final = "See"
DO: Final = "Do"
KNOW: Final = "Know"
MOVE: Final = "Move"
TOOL: Final = "Tool"

TABLE: Final = (
    Verb("plan", PLAN, "Turn a goal into a plan."),
    Verb("resume", PLAN, "Go on with a planning run that stopped."),
    Verb("runs", PLAN, "List planning runs, and show what they asked."),
    Verb("refine", PLAN, "Make a plan better, change by change."),
    Verb("expand", PLAN, "Put an item in more detail."),
    Verb("validate", PLAN, "Check plans, and say what would make them better."),
    Verb("score", PLAN, "Say how good a plan is, and why."),
    Verb("list", SEE, "List goals with their progress."),
    Verb("show", SEE, "Show a plan, or any item of it by its ref."),
    Verb("map", SEE, "Draw the railway of a plan."),
    Verb("next", SEE, "Say what to do next, and why."),
    Verb("tui", SEE, "Open the signal box: the railway to walk along and to edit."),
    Verb("log", SEE, "List what was changed, by whom and when."),
    Verb("diff", SEE, "Show what differs between two revisions."),
    Verb("use", DO, "Select the goal that verbs are about."),
    Verb("start", DO, "Start a work package."),
    Verb("done", DO, "Finish a work package."),
    Verb("reopen", DO, "Put a work package back to be done."),
    Verb("divert", DO, "Settle a work package that ended up elsewhere."),
    Verb("wait", DO, "Put a work package on hold until somebody else has acted."),
    Verb("choose", DO, "Set a switch, or open it again."),
    Verb("add", DO, "Add a route, task, work package, switch or person."),
    Verb("edit", DO, "Change the fields, description or notes of an item."),
    Verb("rename", DO, "Give an item, or the goal, another title."),
    Verb("move", DO, "Move an item to another place."),
    Verb("remove", DO, "Remove an item."),
    Verb("link", DO, "Say that an item needs others first."),
    Verb("unlink", DO, "Say that an item no longer needs others."),
    Verb("people", DO, "List the people of a plan."),
    Verb("assign", DO, "Give a work package to a person."),
    Verb("batch", DO, "Make several edits as one, read from standard input."),
    Verb("archive", DO, "Put a goal away, or bring it back."),
    Verb("delete", DO, "Delete a goal (undo brings it back)."),
    Verb("undo", DO, "Take back your latest edit."),
    Verb("redo", DO, "Bring back what you undid."),
    Verb("stats", KNOW, "Sum up goals, planning runs, and how providers did."),
    Verb("export", MOVE, "Write a plan as Markdown or JSON."),
    Verb("import", MOVE, "Read a plan from Markdown or JSON."),
    Verb("schema", MOVE, "Print the JSON Schema of exported plans."),
    Verb("init", TOOL, "Write a commented settings file into this folder."),
    Verb("backup", TOOL, "Copy all goals to a file, while others work with them."),
    Verb("restore", TOOL, "Bring goals of a backup back."),
    Verb("config", TOOL, "Show, explain, set and trust settings."),
    Verb("keys", TOOL, "Keep API keys."),
    Verb("providers", TOOL, "List and test who can plan, and why others cannot."),
    Verb("cache", TOOL, "Show and clear the answers of models that are kept."),
    Verb("plugins", TOOL, "List installed plugins and their state."),
    Verb("playbooks", TOOL, "List and show the playbooks of offline planning."),
    Verb("prompts", TOOL, "Show and check the prompts that models get."),
    Verb("doctor", TOOL, "Check what a newcomer trips over."),
    Verb("completion", TOOL, "Print the completion script for your shell."),
)
_BY_NAME: Final = {verb.name: verb for verb in TABLE}
_COMPLETE: Final = "_STELLWERK_COMPLETE"


class Quick(TyperCommand):
    """A command whose own `--help` costs nothing until it is asked for."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option, its coercion put off like that of all others."""
        option = super().get_help_option(ctx)
        coerce_late([option] if option else [])
        return option


class Table(TyperGroup):
    """The table as a command group that imports a verb when it is called."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option as `Quick` does."""
        option = super().get_help_option(ctx)
        coerce_late([option] if option else [])
        return option

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the verbs in the table's order."""
        return [verb.name for verb in TABLE]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a verb; for help and completion of names a line of the table will do."""
        verb = _BY_NAME.get(cmd_name)
        if verb is None:
            return None
        if ctx.meta.get("listing"):
            return TyperCommand(name=verb.name, help=verb.help, rich_help_panel=verb.panel)
        return _imported(verb)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Complete the name of a verb without importing any."""
        ctx.meta["listing"] = True
        return super().shell_complete(ctx, incomplete)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of the whole table without importing any verb."""
        ctx.meta["listing"] = True
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the table, a section for each group of verbs."""
        for panel in dict.fromkeys(verb.panel for verb in TABLE):
            with formatter.section(panel):
                rows = [(verb.name, verb.help) for verb in TABLE if verb.panel == panel]
                formatter.write_dl(rows, col_spacing=4)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the called verb, or name the nearest."""
        name = args[0]
        if name not in _BY_NAME and not ctx.resilient_parsing:
            near = get_close_matches(name, _BY_NAME, n=2, cutoff=0.5)
            hint = f"Did you mean {' or '.join(near)}?" if near else "See `stellwerk --help`."
            raise UsageError(f"There is no verb {name!r}.", hint)
        return super().resolve_command(ctx, args)


def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Turn a goal into a plan with real decisions, and carry it out."""
    if version:
        print(f"stellwerk {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        desk = desk_of(context)
        if desk.interactive:
            from stellwerk.cli.signal_box import open_box

            open_box(desk, desk.named)
        else:
            print(context.get_help())
        raise typer.Exit


def global_options(
    context: typer.Context,
    goal: Annotated[
        str | None,
        typer.Option(
            *("-g", "--goal"),
            help="The goal, by its slug.",
            metavar="SLUG",
            autocompletion=complete_slug,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Narrate nothing.")] = False,
    verbose: Annotated[
        int,
        typer.Option("-v", "--verbose", count=True, help="Narrate more.", show_default=False),
    ] = 0,
    database: Annotated[
        str | None, typer.Option("--db", help="The database file.", metavar="FILE")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Declare the options every verb takes; `_accept` puts them on the desk."""


@cache
def app() -> TyperGroup:
    """Return the command line, without running it."""
    table = typer.Typer(cls=Table, add_completion=False, rich_markup_mode=None)
    table.callback(invoke_without_command=True)(root)
    group = typer.main.get_group(table)
    group.name = "stellwerk"
    coerce_late(group.params)
    group.params.extend(_global_params())
    return group


def run() -> int:
    """Run the call the process was started for; return its exit code."""
    prepare()
    return call(sys.argv[1:])


def call(args: list[str]) -> int:
    """Run one call and return its exit code; no traceback without `--debug`."""
    desk = Desk(
        json="--json" in args, debug="--debug" in args or "STELLWERK_DEBUG" in os.environ
    )
    if _COMPLETE in os.environ:
        return _complete(desk)
    try:
        code = invoke(args, desk)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone, as `| head` does; nobody is left to be told.
        abandon_stdout()
        return exit_codes.OK
    except (KeyboardInterrupt, typer.Abort) as stopped:
        code = exit_codes.INTERRUPTED
        _report(desk, "Interrupted.", _what_is_left(stopped), "interrupted", code)
    except Exception as error:  # noqa: BLE001  (the outermost edge)
        code = _explain(desk, error)
    finally:
        desk.close()
    return code


def invoke(args: list[str], desk: Desk) -> int:
    """Run the verb that arguments name on a desk and return its exit code.

    Unlike typer's own `main` it lets errors, interruptions and broken pipes through.
    """
    try:
        with app().make_context("stellwerk", list(args), obj=desk) as context:
            context.command.invoke(context)
    except typer.Exit as ended:
        return ended.exit_code
    return exit_codes.OK


def _complete(desk: Desk) -> int:
    """Answer the shell's completion script; what goes wrong completes nothing."""
    desk.quiet = True
    import_module("typer.completion").completion_init()
    try:
        app().main([], prog_name="stellwerk", obj=desk)
    except SystemExit as ended:
        return int(ended.code or 0)
    except Exception as error:  # noqa: BLE001  (the outermost edge)
        if desk.debug:
            show_traceback(error, redactor_for(desk).scrub)
    finally:
        desk.close()
    return exit_codes.FAILED


def _explain(desk: Desk, error: Exception) -> int:
    """Report an error, and return the exit code for it."""
    redactor = redactor_for(desk)
    if desk.debug and not isinstance(error, TyperException):
        show_traceback(error, redactor.scrub)
    told = _told(error)
    _report(desk, *told, scrub=redactor.scrub)
    if told.code == "bug":
        from stellwerk.cli.reporting import report_bug

        report_bug(desk, error, redactor)
    return told.exit_code


def _what_is_left(stopped: BaseException | None) -> str:
    """Return what an interruption left, as it says or the one that it came on top of."""
    while stopped is not None:
        if hint := getattr(stopped, "hint", ""):
            return str(hint)
        stopped = stopped.__context__
    return "Nothing half-done was kept."


def _told(error: Exception) -> Told:
    """Return what is told of an error."""
    match error:
        case StellwerkError():
            refused = "Nothing was changed." if isinstance(error, PlanError) else ""
            code = exit_codes.exit_code(error)
            return Told(error.message, error.hint or refused, error.code, code)
        case TyperException():
            message = error.format_message()
            message += "" if message.endswith((".", "?", "!")) else "."
            return Told(message, _help_hint(error), "usage", exit_codes.USAGE)
        case OSError(errno=errno.ENOSPC | errno.EFBIG | errno.EIO):
            abandon_stdout()
            message = f"The output could not be written: {error.strerror}."
            hint = "What the call changed is kept: see `stellwerk log`. Free some space: df -h"
            return Told(message, hint, "output", exit_codes.FAILED)
        case _:
            message = f"{type(error).__name__}: {error}"
            hint = "This is a bug of ours. Run it again with --debug and report what it shows."
            return Told(message, hint, "bug", exit_codes.FAILED)


def _report(
    desk: Desk,
    message: str,
    hint: str,
    code: str,
    exit_code: int,
    scrub: Callable[[str], str] = str,
) -> None:
    programs = desk.json or desk.events
    report(message, hint, code=code, exit_code=exit_code, for_programs=programs, scrub=scrub)


def _help_hint(error: TyperException) -> str:
    context = getattr(error, "ctx", None)
    return f"See `{context.command_path} --help`." if context else "See `stellwerk --help`."


@cache
def _imported(verb: Verb) -> TyperCommand | TyperGroup:
    """Import a verb and give it, or each verb below it, the global options."""
    module = import_module(f"stellwerk.cli.commands.{_module(verb.name)}")
    if isinstance(module.command, typer.Typer):
        group = typer.main.get_group(module.command)
        group.name, group.help = verb.name, verb.help
        for each in (group, *group.commands.values()):
            coerce_late(each.params)
            each.params.extend(_global_params())
        return group
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(verb.name, cls=Quick)(module.command)
    command = typer.main.get_command(single)
    coerce_late(command.params)
    command.params.extend(_global_params())
    assert isinstance(command, TyperCommand)
    return command


@cache
def _global_params() -> tuple[Any, ...]:
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command()(global_options)
    params = typer.main.get_command(single).params
    coerce_late(params)
    for param in list[Any](params):
        param.expose_value = False
        param.callback = _accept
    return tuple(params)


def _accept(context: Any, param: Any, value: Any) -> Any:
    """Put a given global option on the desk; one that was not given changes nothing."""
    if value == "":
        raise UsageError(
            f"--{param.opts[-1].lstrip('-')} is empty.", "Give it a value, or leave it out."
        )
    if not value:
        return value
    desk = desk_of(context)
    if param.name == "database":
        desk.flags["database.url"] = value
    else:
        setattr(desk, {"as_json": "json"}.get(param.name, param.name), value)
    return value


def _module(name: str) -> str:
    return f"{name}_" if iskeyword(name) else name
