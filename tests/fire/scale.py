"""How large a run is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """How much fire there is.

    Attributes:
        seconds: How long the writers of the concurrency trial write.
        writers: How many there are.
        kills: How many writing processes are killed.
        depth: How many edits are undone and redone.
        reaches: At how many of the times that a command reaches a point it dies there; with
            0 once at every point in all, and once in every command at those of the store.
        seed: What chance begins with.
    """

    seconds: float = 30.0
    writers: int = 8
    kills: int = 500
    depth: int = 10_000
    reaches: int = 4
    seed: int = 1


SHORT = Scale(seconds=3.0, writers=4, kills=30, depth=300, reaches=0)
