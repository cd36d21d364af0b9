"""Stellwerk turns a goal into a plan with real decisions and helps to carry it out."""

from __future__ import annotations

__version__ = "2.0.0.dev0"
