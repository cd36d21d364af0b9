"""`stellwerk validate`: what there is to say about plans."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from stellwerk.cli.arguments import complete_slug
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.documents import STDIN
from stellwerk.cli.exit_codes import FINDINGS
from stellwerk.cli.findings.checking import Checker, narrowed
from stellwerk.cli.findings.data import validation_data
from stellwerk.cli.findings.running import Done, Runner
from stellwerk.cli.findings.text import counts_text, findings_text, fixes_text
from stellwerk.cli.streams import as_json
from stellwerk.domain.limits import SIZES
from stellwerk.domain.text import clean
from stellwerk.errors import UsageError
from stellwerk.plugins.judging import Validators, rules_of


class Form(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def command(
    context: typer.Context,
    named: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[GOAL|FILE|-]...",
            help="Goals, or what `import` reads; the current goal if left out. A file wins"
            " over a goal of that name.",
            autocompletion=complete_slug,
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="Report only these: SW301, or SW3 for all such."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="CODES", help="Leave these out.")
    ] = None,
    size: Annotated[
        str | None, typer.Option(help="Hold the plan to a size: small, standard or detailed.")
    ] = None,
    more: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="NAMES", help="Validators that run only when named."),
    ] = None,
    form: Annotated[
        Form | None, typer.Option("--format", "-f", help="How findings are written.")
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Make the edits that findings bring; undoable.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --fix: show the edits, change nothing.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Let warnings count as errors for the exit code.")
    ] = False,
) -> None:
    """Check plans, stored or in files, and say what would make them better.

    Exit code 3 if there is an error. What `[validation]` configures counts; --select and
    --ignore count more.
    """
    desk = desk_of(context)
    form = _form(desk, form)
    _refuse_contradictions(named or (), fix=fix, dry_run=dry_run)
    checker = _checker(desk, _split(select), _split(ignore), _split(more, upper=False), size)
    done = Runner(desk, checker, fix, dry_run).run(named or ())
    _answer(desk, done, form, dry_run=dry_run)
    if any(each.fails(strict=strict) for each in done):
        raise typer.Exit(FINDINGS)


def _checker(
    desk: Desk,
    select: Sequence[str],
    ignore: Sequence[str],
    more: Sequence[str],
    size: str | None,
) -> Checker:
    if size is not None and size not in SIZES:
        raise UsageError(f"There is no size {size!r}.", f"Say one of {', '.join(SIZES)}.")
    validation = desk.settings.validation
    rules = narrowed(rules_of(validation), select, ignore)
    enabled = tuple(dict.fromkeys((*validation.enable, *more)))
    validators = Validators(desk.stellwerk.plugins, rules, enabled)
    checker = Checker(validators, SIZES[size] if size else None)
    checker.refuse_unknown((*select, *ignore))
    return checker


def _form(desk: Desk, form: Form | None) -> Form:
    """Return how to write findings; `--format json` is `--json`."""
    if desk.json and form not in (None, Form.JSON):
        raise UsageError(f"--json and --format {form} contradict each other.", "Say one.")
    desk.json = desk.json or form is Form.JSON
    return Form.JSON if desk.json else form or Form.TEXT


def _refuse_contradictions(named: Sequence[str], *, fix: bool, dry_run: bool) -> None:
    if dry_run and not fix:
        raise UsageError("--dry-run belongs to --fix.", "Say both.")
    if fix and STDIN in named and len(named) > 1:
        msg = "With --fix and `-` the fixed document goes to standard output."
        raise UsageError(msg, "Give the other plans a call of their own.")


def _answer(desk: Desk, done: Sequence[Done], form: Form, *, dry_run: bool) -> None:
    """Write what was found; a document from standard input that is fixed takes its place."""
    checked = [each.checked for each in done]
    if form is Form.JSON:
        desk.envelope("validation", validation_data(done))
        return
    if form is Form.TEXT:
        text = findings_text(
            done, desk.ink, desk.width, each=desk.verbose > 0, dry_run=dry_run
        )
        if (fixed := done[0].text) is not None and not dry_run:
            desk.write(fixed)
            desk.say(clean(text))
        else:
            desk.out(text, paging=True)
        return
    for each in done:
        for line in fixes_text(each, dry_run=dry_run):
            desk.say(line)
    if form is Form.GITHUB:
        from stellwerk.cli.findings.github import commands

        lines = commands(checked, each=desk.verbose > 0)
        desk.write("".join(f"{line}\n" for line in lines))
    else:
        from stellwerk.cli.findings.sarif import log

        desk.write(f"{as_json(log(checked), indent=2)}\n")
    for plan in checked:
        desk.say(f"{plan.target.name}: {counts_text(plan.counts)}")


def _split(given: Sequence[str] | None, *, upper: bool = True) -> tuple[str, ...]:
    """Return the words of an option that may be repeated and have commas."""
    words = [word.strip() for each in given or () for word in each.split(",")]
    return tuple(word.upper() if upper else word for word in words if word)
