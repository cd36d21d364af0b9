"""Every page is walked through: its commands are typed, its Python run, its output compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.fences import DOCS, commands, fences, pages
from tests.docs.shell import Shell, matches
from tests.docs.walk import walk

# What a process leaves open its end closes; here many calls share one process.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")

GUIDES = [DOCS / "tutorial.md", *pages("how-to", "reference", "explanation")]
WALKED = [
    page for page in GUIDES if any(f.language in ("console", "python") for f in fences(page))
]


@pytest.mark.parametrize("page", WALKED, ids=lambda page: str(page.relative_to(DOCS)))
def test_a_page_shows_what_happens(page: Path, shell: Shell):
    """Every command of a page does what the page shows, in the page's order."""
    steps = list(walk(page, shell))
    problems = [
        f"{s.command.where}: {s.command.text}: {s.problem}" for s in steps if s.problem
    ]
    assert not problems, "\n\n".join(problems)


def test_every_guide_is_walked():
    """No how-to guide and no tutorial is without commands."""
    expected = {DOCS / "tutorial.md", *pages("how-to")} - {DOCS / "how-to/README.md"}
    assert expected <= set(WALKED)


def test_console_fences_hold_commands():
    """A console fence begins with a command; what it shows stands below one."""
    for page in GUIDES:
        for fence in fences(page):
            if fence.language == "console":
                assert fence.lines[0].startswith("$ "), fence.where
                assert len(list(commands(fence))) > 0, fence.where


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (("one", "two"), "one\ntwo\n", True),
        (("one",), "one\ntwo\n", False),
        (("one", "..."), "one\ntwo\nthree\n", True),
        (("...", "three"), "one\ntwo\nthree\n", True),
        (("one", "...", "three"), "one\nthree\n", True),
        (("on…",), "one\n", True),
        (("on…",), "two\n", False),
        (("at 2026-01-01 09:00",), "at 2027-05-31 17:30\n", True),
        ((), "anything\n", True),
        (("one", ""), "one\n", True),
    ],
)
def test_output_is_compared_as_pages_are_written(
    shown: tuple[str, ...], printed: str, same: bool
):
    """`...` stands for lines, `…` for the rest of one, times are never compared."""
    assert matches(shown, printed) is same


def test_only_pages_that_ask_models_have_a_server(shell: Shell):
    """There OpenAI is a server of the tests, which stands in the page by another name."""
    explain = "stellwerk config explain ai.openai.base_url"
    with shell.asking(DOCS / "tutorial.md"):
        assert shell.run(explain).startswith("ai.openai.base_url = https://api.openai.com/v1")
    with shell.asking(DOCS / "how-to/models.md"):
        assert shell.run(explain).startswith("ai.openai.base_url = http://localhost:8000/v1")


def test_a_shell_is_nobodys(shell: Shell):
    """The shell of a page sees no settings, keys or goals of the developer."""
    assert "OPENAI_API_KEY" not in shell.environment()
    assert shell.run("stellwerk list").startswith("There is no goal yet.")
    assert shell.run("stellwerk config explain planning.size").rstrip().endswith("default")
