"""Checking, fixing and keeping scores: what `validate` does with each plan it was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from stellwerk.cli.desk import Desk
from stellwerk.cli.documents import STDIN, Source, steady
from stellwerk.cli.findings.checking import Checked, Checker
from stellwerk.cli.findings.fixing import Fix, Fixed, fixed
from stellwerk.cli.findings.targets import Target, target_of
from stellwerk.domain.births import Births
from stellwerk.domain.snapshot import Snapshot
from stellwerk.exchange.document import Document
from stellwerk.plugins.discovery import State
from stellwerk.validation.findings import Severity
from stellwerk.validation.judging import Verdict

if TYPE_CHECKING:
    from stellwerk.cli.findings.rewriting import Form

_IMPORT: Final = "Import it and fix the goal: `stellwerk import {}`."


class Done(NamedTuple):
    """What was done with a plan.

    Attributes:
        checked: What there is to say about it now.
        fixes: What was fixed, or would be.
        written: Whether the fixes were made.
        refusal: Why they could not be.
        text: The fixed document that came from standard input.
    """

    checked: Checked
    fixes: tuple[Fix, ...] = ()
    written: bool = False
    refusal: str = ""
    text: str | None = None

    def fails(self, *, strict: bool) -> bool:
        """Whether the plan has errors, or with `strict` warnings."""
        counts = self.checked.counts
        return bool(counts[Severity.ERROR] or (strict and counts[Severity.WARNING]))


@dataclass(frozen=True)
class Runner:
    """Does what a call wants with plans.

    Attributes:
        desk: The desk of the call.
        checker: Checks plans.
        fix: Whether findings are fixed that can be.
        dry_run: Whether that is only shown.
    """

    desk: Desk
    checker: Checker
    fix: bool = False
    dry_run: bool = False

    def run(self, named: Sequence[str]) -> list[Done]:
        """Return what was done with each plan that was named; all are read before any is fixed."""
        targets = [target_of(self.desk, name) for name in named or (None,)]
        return [self._one(target) for target in targets]

    def _one(self, target: Target) -> Done:
        plan = target.plan
        if plan is None:
            return Done(self.checker.check(target), text=_text(target) if self.fix else None)
        verdict = self.checker.judge(plan, target.notes)
        if not self.fix:
            self._keep(target.base, target, verdict)
            return Done(self.checker.check(target, verdict))
        mended = fixed(plan, target.notes, self.checker.judge, verdict)
        if self.dry_run or not mended.fixes:
            self._keep(target.base, target, verdict)
            text = _text(target) if not mended.fixes else None
            return Done(self.checker.check(target, verdict), mended.fixes, text=text)
        if target.base is not None:
            return self._in_store(target, target.base, mended)
        return self._in_file(target, mended, verdict)

    def _in_store(self, target: Target, base: Snapshot, mended: Fixed) -> Done:
        outcome = self.desk.dispatcher.make(base, mended.edit)
        after, notes, verdict = outcome.after, mended.notes, mended.verdict
        if after.plan != mended.plan:
            # Somebody else changed the goal meanwhile, and the edit was made on top of that.
            notes = self.desk.stellwerk.store.notes(after.plan.goal.uid)
            verdict = self.checker.judge(after.plan, notes)
        now = target._replace(plan=after.plan, notes=notes, base=after)
        self._keep(after, now, verdict)
        return Done(self.checker.check(now, verdict), mended.fixes, written=True)

    def _in_file(self, target: Target, mended: Fixed, verdict: Verdict) -> Done:
        """Write a fixed document back where it came from, or say why that cannot be."""
        from stellwerk.cli.findings.rewriting import write_back

        source = target.source
        assert source is not None
        made, refusal = self._made(target, source, mended)
        if made is None:
            checked = self.checker.check(target, verdict)
            return Done(checked, mended.fixes, refusal=refusal, text=_text(target))
        name = source.main
        if source.path != STDIN:
            write_back(Path(source.path), source.files[name], made)
        after = source._replace(files={name: made})
        now = target._replace(plan=mended.plan, notes=mended.notes, source=after)
        text = made if source.path == STDIN else None
        checked = self.checker.check(now, mended.verdict)
        return Done(checked, mended.fixes, written=True, text=text)

    def _made(self, target: Target, source: Source, mended: Fixed) -> tuple[str | None, str]:
        """Return the text of a fixed document, or why there is none."""
        from stellwerk.cli.findings.rewriting import one_line_end, rewritten

        before, path = target.document, Path(source.path)
        assert before is not None
        how = _IMPORT.format(source.path)
        if source.path != STDIN and path.is_dir():
            return None, f"{path} is a folder, and only single files are rewritten. {how}"
        if source.path != STDIN and not one_line_end(path):
            return None, f"The lines of {path} end in two ways, so it is not rewritten. {how}"
        form = self._form(source, target.births or self.desk.dispatcher.births)
        book = before.book.following(before.plan, mended.plan)
        after = Document(mended.plan, mended.notes, book, before.extra)
        text = source.files[source.main]
        made = rewritten(text, before, after, form) if form else None
        if made is None:
            return None, f"{source.name} cannot be fixed without changing more of it. {how}"
        return made, ""

    def _form(self, source: Source, births: Births) -> Form | None:
        """Return the format of a document, if it can be written too."""
        from stellwerk.cli.findings.rewriting import Form

        plugins = self.desk.stellwerk.plugins
        ready = [
            each.name for each in plugins.report("exporters") if each.state is State.READY
        ]
        if source.form not in ready:
            return None
        importer = plugins.load("importers", source.form)
        exporter = plugins.load("exporters", source.form)

        def read(text: str) -> Document:
            document: Document = importer.read({source.main: text}, steady(births))
            return document

        def write(document: Document) -> str:
            return str(next(iter(exporter.files(document, folder=False).values())))

        return Form(read, write)

    def _keep(self, base: Snapshot | None, target: Target, verdict: Verdict) -> None:
        """Keep the score of a goal, unless it was held to a size it was not planned for."""
        if base is not None and self.checker.size is None:
            self.desk.stellwerk.grade(base, target.notes, verdict)


def _text(target: Target) -> str | None:
    """Return the text that came from standard input as it came."""
    source = target.source
    if source is None or source.path != STDIN:
        return None
    return source.files[source.main]
