"""The railway as a page: one file with the map, its work packages and their notes."""

from __future__ import annotations

from stellwerk.railway.html.page import RENDERER

__all__ = ["RENDERER"]
