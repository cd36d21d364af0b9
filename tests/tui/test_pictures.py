"""A few screens as pictures: what changes in them is looked at before it is kept.

`pytest tests/tui/test_pictures.py --snapshot-update` keeps what is drawn now.
"""

from __future__ import annotations

import re

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual import __version__ as textual_version

from tests.tui.boxes import box_with
from tests.tui.driving import Driver, driven
from tests.tui.journeys import NOTES, journey


class Picture(SingleFileSnapshotExtension):
    """Keeps a screen as an SVG file."""

    file_extension = "svg"
    _write_mode = WriteMode.TEXT


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return what compares pictures; those of another Textual are drawn a little differently."""
    if textual_version.split(".")[:2] != ["8", "2"]:
        pytest.skip(f"the pictures are of Textual 8.2, this is {textual_version}")
    return snapshot.use_extension(Picture)


@pytest.mark.parametrize(
    ("name", "keys", "size"),
    [
        ("railway as cards", [], (120, 36)),
        ("railway at 80 columns", [], (80, 24)),
        ("railway upright", [], (40, 24)),
        ("decision", ["l", "d"], (100, 30)),
        ("package", ["enter", "enter"], (80, 24)),
        ("goals", ["escape"], (80, 24)),
        ("help", ["question_mark"], (100, 40)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_screen_looks_as_it_did(
    picture: SnapshotAssertion, name: str, keys: list[str], size: tuple[int, int]
):
    del name
    services, goal = box_with(journey(), notes={"k1": NOTES})
    drawn: list[str] = []

    async def steps(driver: Driver) -> None:
        await driver.press(*keys)
        drawn.append(driver.app.export_screenshot())

    driven(services, goal, steps, size)
    assert _plain(drawn[0]) == picture


def _plain(drawn: str) -> str:
    """Return a picture without what differs from run to run, and without fonts from elsewhere."""
    without = re.sub(r"\s*@font-face \{.*?\n\s*\}", "", drawn, flags=re.DOTALL)
    return re.sub(r"terminal-\d+", "terminal", without)
