"""Settings files that are too large, broken, or no files at all."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from stellwerk.config.files import read_small
from stellwerk.errors import ConfigError
from tests.config.house import House


def complaint(house: House) -> str:
    """Return the message that loading the settings ends with."""
    with pytest.raises(ConfigError) as error:
        house.load()
    assert error.value.hint or "TOML" in error.value.message
    return error.value.message


def test_a_file_of_a_megabyte_is_not_read(house: House):
    """Settings are small; something else was put there."""
    house.project_file.write_bytes(b"# x\n" * 262144)
    message = complaint(house)
    assert message == f"{house.project_file} is larger than 256 KB, so it is not read."


def test_a_file_of_just_the_limit_is_read(house: House):
    """The limit itself is allowed."""
    house.project_file.write_bytes(b"#" + b" " * (256 * 1024 - 1))
    assert house.load().files == (house.project_file,)


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"\xff\xfe\x00\x01", 1), (b"user.name = 'a'\n# \xe4\n", 2), (bytes(range(256)), 2)],
)
def test_a_binary_file_is_not_utf8(house: House, content: bytes, line: int):
    """The line of the first bad byte is named."""
    house.project_file.write_bytes(content)
    assert complaint(house) == f"{house.project_file} is not UTF-8 text (at line {line})."


def test_a_byte_order_mark_is_ignored(house: House):
    """Some editors write one."""
    house.project_file.write_bytes(b"\xef\xbb\xbftui.ascii = true")
    assert house.load().tui.ascii is True


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb = \n", "line 2"),
        ("[user]\nname = 'x'\nname = 'y'\n", "line 3"),
        ("x = [1,\n\n", "line 3"),
        ("\0", "line 1"),
        ("user.name = 'a'\nuser = 3", "line 2"),
    ],
)
def test_broken_toml_names_file_and_line(house: House, text: str, line: str):
    """Also when the file just ends too early."""
    house.project_file.write_text(text)
    message = complaint(house)
    assert message.startswith(f"{house.project_file} is not TOML: ")
    assert line in message


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 200_000,
        "a = " + "{b=" * 60_000,
        "a = 1" + "0" * 9_000,
        "a." * 120_000 + "b = 1",
        "[" + "a." * 120_000 + "b]",
        "\n".join("a." * 199 + f"b{i} = 1" for i in range(640)),
        "user.name = '''\n" + "# ....\n" * 30_000,
    ],
)
def test_hostile_toml_is_refused_soon(house: House, text: str):
    """Nesting, endless numbers and endless keys cost neither the stack nor minutes."""
    house.project_file.write_text(text)
    started = time.process_time()
    assert str(house.project_file) in complaint(house)
    assert time.process_time() - started < 5


def test_a_comment_may_have_any_number_of_dots(house: House):
    """Dotted rulers are common; only keys of many parts are dangerous."""
    house.project_file.write_text("  # " + "." * 1000)
    assert house.load().files == (house.project_file,)


def test_a_folder_is_not_a_file(house: House):
    """Somebody may have made one by mistake."""
    house.project_file.mkdir()
    assert complaint(house) == f"{house.project_file} is not a file."


def test_a_pipe_is_not_waited_for(house: House):
    """Opening one would block for ever."""
    os.mkfifo(house.project_file)
    assert complaint(house) == f"{house.project_file} is not a file."


def test_a_loop_of_links_is_one_clear_error(house: House):
    """The system's own reason is given."""
    house.project_file.symlink_to(house.project_file)
    assert complaint(house).startswith(f"{house.project_file} cannot be read: Too many levels")


def test_a_link_to_nothing_is_no_file(house: House):
    """As if it were not there."""
    house.user_file.symlink_to(house.home / "gone")
    house.project_file.symlink_to(house.home / "gone")
    assert house.load().files == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_one_clear_error(house: House):
    """The reason and what to look at."""
    house.project_file.write_text("")
    house.project_file.chmod(0)
    assert "Permission denied" in complaint(house)


def test_a_file_that_fails_while_it_is_read_is_one_clear_error():
    """`/proc/self/mem` is a regular file whose first bytes cannot be read."""
    path = Path("/proc/self/mem")
    if not path.exists():
        pytest.skip("no /proc here")
    with pytest.raises(ConfigError, match="/proc/self/mem cannot be read: "):
        read_small(path)


def test_the_users_file_is_held_to_the_same_rules(house: House):
    """Errors name the file they mean."""
    house.user_file.write_text("=")
    assert str(house.user_file) in complaint(house)


def test_a_hostile_variable_is_only_text(house: House):
    """Bytes that are no text arrive as lone surrogates and are dropped."""
    house.environ["STELLWERK_USER_NAME"] = os.fsdecode(b"A\xffda\x1b]0;x\x07")
    assert house.load().user.name == "Ada"


def test_git_does_not_take_part(house: House):
    """A `.git` folder changes nothing in the search."""
    subprocess.run(["git", "init", "-q", str(house.project)], check=True)
    assert house.load().files == ()
