"""The generated pages of the reference, a module for each; `page()` returns its text."""

from __future__ import annotations
