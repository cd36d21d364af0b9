"""Lives here: the checks of `stellwerk doctor`. Each looks at one thing and changes nothing."""

from __future__ import annotations

from stellwerk.cli.checks.check import Check, Verdict
from stellwerk.cli.checks.running import run_checks

__all__ = ["Check", "Verdict", "run_checks"]
