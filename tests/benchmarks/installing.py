"""Installing the other tools with their own package managers."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.peers.peer import Peer


def install(peer: Peer, cache: Path, narrate: Callable[[str], None]) -> None:
    """Install a tool unless it is there; what goes wrong is only narrated."""
    if peer.install is None or peer.find(cache):
        return
    words = peer.install(cache)
    narrate(" ".join(words))
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError as error:
        narrate(f"{words[0]} cannot be run: {error.strerror}")
        return
    if done.returncode != 0:
        narrate(f"{words[0]} ended with {done.returncode}:\n{done.stderr.strip()}")
