"""What the figures were taken on, and when."""

from __future__ import annotations

import os
import platform
from datetime import datetime
from pathlib import Path
from typing import Final

_MODEL: Final = "model name"


def described(versions: dict[str, str], started: str, load: str) -> list[str]:
    """Return lines about a run: the moment, the machine, the tools and how busy it was."""
    used = {"Python": platform.python_version(), **versions}
    told = ", ".join(f"{title} {version}" for title, version in used.items())
    return [
        f"Taken on {started} on {os.cpu_count()} cores ({model()}), {platform.system()}.",
        f"{told}.",
        f"Load average before the first round {load}, after the last {load_average()}.",
    ]


def model(source: Path = Path("/proc/cpuinfo")) -> str:
    """Return the name of the processor."""
    lines = source.read_text("utf-8").splitlines() if source.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith(_MODEL)]
    return names[0] if names else platform.processor() or platform.machine()


def load_average() -> str:
    """Return how busy the machine was in the last minute, five and fifteen."""
    return " / ".join(f"{load:.2f}" for load in os.getloadavg())


def today() -> str:
    """Return the date and the minute."""
    return f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}"
