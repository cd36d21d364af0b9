"""What language models can answer."""

from __future__ import annotations

from typing import Final

STAGES: Final = frozenset({"decompose", "tasks", "packages", "review", "refine", "expand"})
