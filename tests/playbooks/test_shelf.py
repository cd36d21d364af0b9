"""A team's own folder of playbooks can do nothing but offer playbooks."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from stellwerk.errors import ExchangeError, ProviderError
from stellwerk.planning.asking import Panel
from stellwerk.planning.pipeline import Planned, plan_goal
from stellwerk.planning.wish import wish_of
from stellwerk.plugins.api import ProviderOptions
from stellwerk_playbooks.playbook import SHELF, shelf
from stellwerk_playbooks.provider import PlaybookProvider
from tests.planning.drafts import births

OURS = (SHELF / "launch-a-software-product.en.md").read_text(encoding="utf-8")
TEAM = (
    OURS.replace('id = "launch-a-software-product"', 'id = "bake"')
    .replace('keywords = ["saas"', 'keywords = ["bakery", "saas"')
    .replace('examples = ["Launch a SaaS product"', 'examples = ["Open a bakery"')
)


def plan(goal: str, *folders: Path) -> Planned:
    """Plan a goal with the playbooks in some folders."""
    provider = PlaybookProvider(ProviderOptions(folders=folders))
    return asyncio.run(plan_goal(wish_of(goal), Panel((provider,)), births()))


def shelved(folder: Path, text: str | bytes = TEAM, name: str = "bake.en.md") -> Path:
    """Put a file on a team's shelf; return the shelf."""
    raw = text.encode() if isinstance(text, str) else text
    (folder / name).write_bytes(raw)
    return folder


def test_a_team_playbook_is_taken_for_its_goals(tmp_path: Path):
    """Others stay with ours."""
    shelved(tmp_path)
    assert plan("Open a bakery", tmp_path).composition.plan.goal.source.model == "bake"
    ours = plan("Learn to juggle", tmp_path).composition.plan.goal.source.model
    assert ours == "general"


def test_a_team_playbook_takes_the_place_of_ours_with_the_same_name(tmp_path: Path):
    """In its language; the other ones stay."""
    shelved(tmp_path, OURS.replace("version = 1\nkeywords", "version = 7\nkeywords"))
    found = {(p.id, p.language): p.version for p in shelf((tmp_path,))}
    assert found["launch-a-software-product", "en"] == 7
    assert found["launch-a-software-product", "de"] == 1
    assert len(found) == len(shelf())


def test_what_is_no_playbook_is_left_out(tmp_path: Path):
    """Read-me files, plans, other suffixes, and a folder that is not there."""
    shelved(tmp_path, "# Our playbooks\n", "README.md")
    shelved(tmp_path, "+++\ntitle = 'x'\n+++\n", "site.md")
    shelved(tmp_path, TEAM, "bake.txt")
    assert shelf((tmp_path, tmp_path / "nowhere")) == shelf()


def test_a_byte_order_mark_and_other_line_breaks_are_read(tmp_path: Path):
    """Windows editors write them."""
    shelved(tmp_path, b"\xef\xbb\xbf" + TEAM.replace("\n", "\r\n").encode())
    assert plan("Open a bakery", tmp_path).composition.plan.goal.source.model == "bake"


BROKEN: dict[str, str | bytes] = {
    "bad TOML": TEAM.replace('id = "bake"', "id = bake"),
    "deep TOML": TEAM.replace('id = "bake"', f"id = {'[' * 5000}"),
    "a number without end": TEAM.replace("version = 1\nkey", f"version = {'9' * 5000}\nkey"),
    "no id": TEAM.replace('id = "bake"\n', ""),
    "an id with a path": TEAM.replace('id = "bake"', 'id = "../../etc/passwd"'),
    "an id with a line break": TEAM.replace('id = "bake"', 'id = "bake\\n"'),
    "an id that is a number": TEAM.replace('id = "bake"', "id = 7"),
    "a version that is none": TEAM.replace("version = 1\nkey", 'version = "new"\nkey'),
    "an endless version": TEAM.replace("version = 1\nkey", "version = inf\nkey"),
    "keywords in one": TEAM.replace('keywords = ["bakery", ', 'keywords = "bakery" # ["'),
    "keywords that are numbers": TEAM.replace('keywords = ["bakery"', "keywords = [5"),
    "slots that are none": TEAM.replace("[playbook.slots.product]", "[playbook.slots]"),
    "a verb in one": TEAM.replace('lead = ["launch"', 'lead = "launch" # ["'),
    "Latin-1": TEAM.encode() + b"\xe9",
    "3 MB": TEAM + "x" * (3 * 1024 * 1024),
    "3 MB of nothing": b"\xff" * (3 * 1024 * 1024),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_playbook_is_one_clear_error(tmp_path: Path, text: str | bytes):
    """It names the file, whatever the goal."""
    shelved(tmp_path, text)
    with pytest.raises(ExchangeError) as caught:
        plan("Learn to juggle", tmp_path)
    assert str(tmp_path / "bake.en.md") in caught.value.message
    assert len(caught.value.message) < 400


BENT = {
    "no title": TEAM.replace("# {{goal}}\n", ""),
    "another version": TEAM.replace("version = 2", "version = 3"),
    "an unknown field": TEAM.replace("{length = 1, grade = 3,", "{lenght = 1, grade = 3,", 1),
    "an unknown need": TEAM.replace('needs = ["', 'needs = ["r9.9.9", "', 1),
}


@pytest.mark.parametrize("text", BENT.values(), ids=BENT)
def test_a_playbook_that_is_no_plan_breaks_its_own_goals_alone(tmp_path: Path, text: str):
    """With file and line; ours plan on."""
    shelved(tmp_path, text)
    with pytest.raises(ExchangeError) as caught:
        plan("Open a bakery", tmp_path)
    assert str(tmp_path / "bake.en.md") in caught.value.message
    assert plan("Learn to juggle", tmp_path).composition.plan.goal.source.model == "general"


def test_a_thin_playbook_is_told_by_what_it_lacks(tmp_path: Path):
    """Its packages pass the same checks as those of a model."""
    head, _, rest = TEAM.partition("  #### Steps")
    shelved(tmp_path, head + "  #### Risks" + rest.partition("  #### Risks")[2])
    with pytest.raises(ProviderError, match=r"answer of bake to .* /packages/0/steps"):
        plan("Open a bakery", tmp_path)


def _link_file(folder: Path, outside: Path) -> None:
    (folder / "bake.en.md").symlink_to(outside / "bake.en.md")


def _link_up(folder: Path, outside: Path) -> None:
    (folder / "bake.en.md").symlink_to(Path("..") / outside.name / "bake.en.md")


@pytest.mark.parametrize("link", [_link_file, _link_up])
def test_a_link_out_of_the_folder_is_not_read(
    tmp_path: Path, link: Callable[[Path, Path], None]
):
    """A repository's playbooks cannot show what lies elsewhere on a disk."""
    team, outside = tmp_path / "team", tmp_path / "outside"
    team.mkdir()
    outside.mkdir()
    shelved(outside)
    link(team, outside)
    assert shelf((team,)) == shelf()


def test_what_is_no_file_is_an_error(tmp_path: Path):
    """A link that leads nowhere, a folder, a pipe that nobody writes to."""
    (tmp_path / "bake.en.md").symlink_to(tmp_path / "nothing.md")
    with pytest.raises(ExchangeError, match=r"bake\.en\.md cannot be read"):
        shelf((tmp_path,))
    (tmp_path / "bake.en.md").unlink()
    (tmp_path / "bake.en.md").mkdir()
    with pytest.raises(ExchangeError, match=r"bake\.en\.md cannot be read"):
        plan("Learn to juggle", tmp_path)
    (tmp_path / "bake.en.md").rmdir()
    os.mkfifo(tmp_path / "bake.en.md")
    with pytest.raises(ExchangeError, match=r"bake\.en\.md cannot be read"):
        plan("Learn to juggle", tmp_path)


@pytest.mark.parametrize(
    "code",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ product.__init__.__globals__ }}",
        "{% for x in range(9) %}{{ x }}{% endfor %}",
        "{{ open('/etc/passwd').read() }}",
        "${HOME} `id` $(id) {0.__class__}",
        "{{ product|upper }}",
    ],
)
def test_code_in_a_playbook_is_text(tmp_path: Path, code: str):
    """Slots are words between braces; nothing is rendered, nothing is run."""
    shelved(tmp_path, TEAM.replace("# {{goal}}\n", f"# {{{{goal}}}}\n\n{code}\n", 1))
    told = plan("Open a bakery", tmp_path).composition.plan.goal.description
    assert told.startswith(code)


def test_a_value_that_looks_like_a_slot_is_not_filled_again(tmp_path: Path):
    """Neither the goal's words nor a default are templates."""
    shelved(tmp_path, TEAM.replace('default = "the product"', 'default = "{{goal}}"'))
    made = plan("Open a bakery {{product}} {{goal}}", tmp_path).composition
    assert made.plan.goal.title == "Open a bakery {{product}} {{goal}}"


def test_an_unknown_slot_stays_as_it_is(tmp_path: Path):
    """So its author sees it."""
    shelved(tmp_path, TEAM.replace("# {{goal}}\n", "# {{goal}}\n\nFor {{whom}}.\n", 1))
    told = plan("Open a bakery", tmp_path).composition.plan.goal.description
    assert told.startswith("For {{whom}}.")


def test_escape_sequences_in_a_playbook_reach_no_terminal(tmp_path: Path):
    """Not by its examples, which are listed, and not by its texts."""
    bad = TEAM.replace('"Open a bakery"', '"Open a bakery", "\\u001b[2Jx"')
    shelved(tmp_path, bad.replace("# {{goal}}\n", "# {{goal}}\n\n\x1b]0;t\x07Hi.\n", 1))
    (playbook,) = (p for p in shelf((tmp_path,)) if p.id == "bake")
    assert "x" in playbook.examples
    told = plan("Open a bakery", tmp_path).composition.plan.goal.description
    assert told.startswith("Hi.")
