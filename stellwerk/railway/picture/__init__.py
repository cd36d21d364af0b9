"""The railway as a picture of shapes in pixels, from which SVG and HTML are made.

Lives here: cards, strokes of tracks, lettering, colours. Does not live here: files, pages.
"""

from __future__ import annotations
