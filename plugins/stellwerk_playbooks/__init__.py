"""Planning without a model: exemplary plans with slots, written by people who know.

Imports nothing of Stellwerk but `stellwerk.plugins.api`.
"""

from __future__ import annotations

STELLWERK_API = 1
