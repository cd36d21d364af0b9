"""Plans in files, folders and standard input, as calls name them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from stellwerk.cli.reading import read_text
from stellwerk.domain.births import Births
from stellwerk.errors import ExchangeError, NotFoundError, PlanError
from stellwerk.exchange.document import Document, Importer
from stellwerk.exchange.files import read_files

STDIN = "-"


class Source(NamedTuple):
    """Texts that a plan can be read from.

    Attributes:
        path: As it was named; `-` for standard input.
        files: Their texts by relative name.
        form: The format they seem to have.
    """

    path: str
    files: Mapping[str, str]
    form: str

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        return "standard input" if self.path == STDIN else self.path

    @property
    def main(self) -> str:
        """Relative name of the file that a plan begins in."""
        names = [name for name in ("index.md", "plan.json") if name in self.files]
        return names[0] if names else next(iter(self.files))

    def where(self, name: str) -> str:
        """Return the path of one of the files; nothing for standard input."""
        if self.path == STDIN:
            return ""
        path = Path(self.path)
        return (path / name if path.is_dir() else path).as_posix()


class Broken(NamedTuple):
    """A rule that no plan can break, and a document breaks.

    Attributes:
        rule: A sentence.
        name: Relative name of the file where that shows, if it is known.
        line: From 1; 0 if it is not known.
    """

    rule: str
    name: str
    line: int


def source_of(named: str, form: str | None = None) -> Source:
    """Return the texts of a file, a folder, or of standard input for `-`.

    Raises:
        NotFoundError: There is nothing there.
        ExchangeError: It is too large, or not text.
    """
    if named == STDIN:
        files: Mapping[str, str] = {"stdin": read_text(STDIN)}
    else:
        path = Path(named)
        if not path.exists():
            msg = f"There is no file or folder {path}."
            raise NotFoundError(msg, "Check its path.")
        files = read_files(path)
    return Source(named, files, form or _format(files))


def read_or_broken(
    source: Source, importer: Importer, births: Births
) -> Document | tuple[Broken, ...]:
    """Return the document in some texts, or the rules it breaks if it can be no plan.

    Raises:
        ExchangeError: It is not what the format promises.
    """
    try:
        return importer.read(source.files, births)
    except ExchangeError as error:
        if not isinstance(error.__cause__, PlanError):
            raise
        name, line = _place(error.message, source)
        return tuple(Broken(rule, name, line) for rule in error.__cause__.rules)


def steady(births: Births) -> Births:
    """Return births that name items that nobody stores the same way each time."""
    return Births(births.now, _counted())


def _counted() -> Callable[[], str]:
    from itertools import count

    numbers = count(1)
    return lambda: f"unnamed-{next(numbers)}"


def _place(message: str, source: Source) -> tuple[str, int]:
    """Return the file and line that an importer's message begins with, if it does."""
    for name in source.files:
        line = message.removeprefix(f"{name}:").partition(":")[0]
        if message.startswith(f"{name}:") and line.isdigit():
            return name, int(line)
    return source.main, 0


def _format(files: Mapping[str, Any]) -> str:
    """Return the format of some files, by their names or first character."""
    if len(files) > 1:
        return "markdown" if any(name.endswith(".md") for name in files) else "json"
    name, text = next(iter(files.items()))
    json = name.endswith(".json") or text.lstrip()[:1] == "{"
    return "json" if json else "markdown"
