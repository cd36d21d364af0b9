"""Services for the app: a store in memory, a clock that stands, somebody with a name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from stellwerk.bootstrap import Stellwerk, build
from stellwerk.config.discovery import load
from stellwerk.domain.plan import Plan
from stellwerk.testing.memory_store import MemoryStore

ME = "Mira <mira@example.org>"


def box_with(
    *plans: Plan, notes: Mapping[str, str] | None = None, **flags: object
) -> tuple[Stellwerk, str]:
    """Return services that hold some plans, and the uid of the first one's goal."""
    settings = load(Path("/"), {}, flags)
    services = build(settings, os.environ, author=ME, store=MemoryStore())
    for plan in plans:
        services.dispatcher.adopt(plan, dict(notes or {}), "planned it")
    lines = services.store.goals()
    return services, lines[0].goal.uid if lines else ""
