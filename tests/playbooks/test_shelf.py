"""A team's own folder of playbooks can do nothing but offer playbooks."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest

from stellwerk.errors import ExchangeError
from stellwerk.planning.asking import Panel
from stellwerk.planning.pipeline import Planned, plan_goal
from stellwerk.planning.wish import wish_of
from stellwerk.plugins.api import ProviderOptions, own_folder
from stellwerk_playbooks.front_matter import front_of, text_of
from stellwerk_playbooks.playbook import MAX_FILES, SHELF, files_in, look, shelf
from stellwerk_playbooks.provider import PlaybookProvider
from tests.planning.drafts import births
from tests.playbooks.doubles import playbook_text

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
    ours = plan("Grow tomatoes", tmp_path).composition.plan.goal.source.model
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


NOTHING = b"\xff" * (3 * 1024 * 1024)
TOO_LONG = (TEAM.encode() + b"\xe9", TEAM + "x" * (3 * 1024 * 1024), NOTHING)
"""What is wrong with these stands behind the front matter, where nobody looks yet."""
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
    "3 MB of nothing": NOTHING,
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_playbook_is_left_out_with_one_sentence(tmp_path: Path, text: str | bytes):
    """It names the file, and planning goes on without it."""
    shelved(tmp_path, text)
    assert plan("Grow tomatoes", tmp_path).composition.plan.goal.source.kind == "playbook"
    if text not in TOO_LONG:
        (skipped,) = look((tmp_path,)).skipped
        assert skipped.reason.startswith(f"{tmp_path / 'bake.en.md'}")
        assert len(skipped.reason) < 400
        assert PlaybookProvider(ProviderOptions(folders=(tmp_path,))).skipped() == (
            skipped.reason,
        )


BENT = {
    "no title": TEAM.replace("# {{goal}}\n", ""),
    "another version": TEAM.replace("version = 2", "version = 3"),
    "an unknown field": TEAM.replace("{length = 1, grade = 3,", "{lenght = 1, grade = 3,", 1),
    "too few steps": TEAM.partition("  #### Steps")[0]
    + "  #### Risks"
    + TEAM.partition("  #### Steps")[2].partition("  #### Risks")[2],
    "100 000 work packages": TEAM + "- [ ] a\n" * 100_000,
    "100 000 slots in use": TEAM + "{{goal}} " * 100_000,
    "an unknown need": TEAM.replace('needs = ["', 'needs = ["r9.9.9", "', 1),
}


@pytest.mark.parametrize("text", BENT.values(), ids=BENT)
def test_a_playbook_that_cannot_be_planned_with_is_passed_over(tmp_path: Path, text: str):
    """The next best one plans, and it is said why, once the goal was its own."""
    provider = PlaybookProvider(ProviderOptions(folders=(shelved(tmp_path, text),)))
    made = asyncio.run(plan_goal(wish_of("Open a bakery"), Panel((provider,)), births()))
    assert made.composition.plan.goal.source.model != "bake"
    (told,) = provider.skipped()
    assert told.startswith(str(tmp_path / "bake.en.md"))


def test_one_that_took_the_place_of_ours_gives_it_back(tmp_path: Path):
    """If it cannot be planned with."""
    shelved(tmp_path, OURS.replace("# {{goal}}\n", ""))
    made = plan("Launch a SaaS product", tmp_path).composition.plan
    assert made.goal.source.model == "launch-a-software-product"


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


def _nothing(path: Path) -> None:
    path.symlink_to(path.with_name("nothing.md"))


def _to_itself(path: Path) -> None:
    path.symlink_to(path)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


@pytest.mark.parametrize(
    "make",
    [_nothing, Path.mkdir, os.mkfifo, _sparse],
    ids=["a link to nothing", "a folder", "a pipe", "a terabyte"],
)
def test_what_is_no_plain_file_is_left_out(tmp_path: Path, make: Callable[[Path], None]):
    """A link to nothing, a folder, a pipe that nobody writes to, a terabyte of nothing."""
    make(tmp_path / "bake.en.md")
    assert look((tmp_path,)).playbooks == shelf()
    assert plan("Grow tomatoes", tmp_path).composition.plan.routes


def test_a_link_to_itself_is_no_file(tmp_path: Path):
    _to_itself(tmp_path / "bake.en.md")
    assert look((tmp_path,)).playbooks == shelf()


def test_a_device_is_no_playbook():
    """Reading it would never end."""
    with pytest.raises(ExchangeError, match="it is no file"):
        text_of(Path("/dev/zero"))


FLOODS = {
    "a million slots": "\n".join(f"[playbook.slots.a{i}]" for i in range(1_000_000)),
    "thirty slots": "\n".join(f"[playbook.slots.{'a' * i}]" for i in range(1, 31)),
    "a thousand keywords": f"keywords = {['word'] * 1000}".replace("'", '"'),
    "a long keyword": f'keywords = ["{"x" * 10_000}"]',
    "a slot named goal": '[playbook.slots.goal]\nkind = "phrase"',
    "a slot with a bad name": '[playbook.slots."a\\u001b"]\nkind = "phrase"',
    "a kind that is none": '[playbook.slots.a]\nkind = "regex"',
    "an article that is none": '[playbook.slots.a]\narticle = "yes"',
    "a size that is none": 'size = "huge"',
    "an endless effort": "[playbook.effort]\nhours = inf",
    "an effort in words": '[playbook.effort]\nhours = "many"',
    "a negative effort": "[playbook.effort]\nweekly = -3",
    "an effort without end": "[playbook.effort.table]\n"
    + "\n".join(f"a{i} = 1" for i in range(300)),
}


@pytest.mark.parametrize("front", FLOODS.values(), ids=FLOODS)
def test_a_front_matter_has_limits(tmp_path: Path, front: str):
    """Whatever is in it, it costs little and is refused in a sentence."""
    text = playbook_text(f'[playbook]\nid = "flood"\n{front}')
    shelved(tmp_path, text)
    began = perf_counter()
    (skipped,) = look((tmp_path,)).skipped
    assert perf_counter() - began < 2
    assert str(tmp_path / "bake.en.md") in skipped.reason
    assert len(skipped.reason) < 400
    assert skipped.reason.isprintable()


def test_only_so_many_files_of_a_folder_are_read(tmp_path: Path):
    for number in range(MAX_FILES + 10):
        (tmp_path / f"{number:04}.md").touch()
    assert len(list(files_in(tmp_path))) == MAX_FILES


def test_the_shelf_reads_front_matter_alone(tmp_path: Path):
    """What stands below it is read when a goal needs it."""
    shelved(tmp_path, TEAM.encode() + b"\xff\xff")
    assert "bake" in {p.id for p in shelf((tmp_path,))}
    assert front_of(tmp_path / "bake.en.md")


def test_a_playbook_that_changes_is_read_again(tmp_path: Path):
    """Within one process, too."""
    shelved(tmp_path)
    assert "bake" in {p.id for p in look((tmp_path,)).playbooks}
    shelved(tmp_path, TEAM.replace('id = "bake"', 'id = "bake-bread"'))
    found = {p.id for p in look((tmp_path,)).playbooks}
    assert {"bake", "bake-bread"} & found == {"bake-bread"}


def test_the_folder_beside_ones_settings_is_a_shelf_too():
    """And one that a project configures counts more."""
    provider = PlaybookProvider(ProviderOptions())
    assert provider.home == own_folder("playbooks")
    provider.home.mkdir(parents=True)
    try:
        shelved(provider.home)
        assert provider.playbook("bake", "en").own
    finally:
        (provider.home / "bake.en.md").unlink()
    assert PlaybookProvider(ProviderOptions(folders=(Path("mine"),))).home == Path("mine")


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
