"""The documentation, executed: what the pages show is what happens."""

from __future__ import annotations
