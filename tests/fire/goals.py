"""Databases with plans in them, opened as the command line opens them."""

from __future__ import annotations

import os
from pathlib import Path

from stellwerk.bootstrap import Stellwerk, build
from stellwerk.config.discovery import load

TITLES = ("Launch a SaaS product", "Learn to juggle", "Move to another city")
SEED = "seed"


def opened(path: Path, author: str) -> Stellwerk:
    """Return the services on a database, for an author."""
    settings = load(Path.cwd(), os.environ, {"database.url": str(path)})
    return build(settings, os.environ, author=author)


def planned(path: Path, titles: tuple[str, ...] = TITLES[:1]) -> list[str]:
    """Make a database with offline plans of some goals; return the goals' uids."""
    work = opened(path, SEED)
    uids = [work.plan(title).goal.uid for title in titles]
    work.store.close()
    return uids
