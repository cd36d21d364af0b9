"""The tools that are measured, one file each."""

from __future__ import annotations

from typing import Final

from tests.benchmarks.peers import backlog, stellwerk, taskmaster, taskwarrior
from tests.benchmarks.peers.peer import Peer

PEERS: Final[dict[str, Peer]] = {
    peer.name: peer
    for peer in (stellwerk.PEER, taskwarrior.PEER, backlog.PEER, taskmaster.PEER)
}
