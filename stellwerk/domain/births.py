"""What a new item needs from outside the pure rules: an identity and a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple


class Births(NamedTuple):
    """Source of identity for new items.

    Attributes:
        now: Time of birth, UTC.
        new_uid: Returns a fresh hexadecimal UUID at each call.
    """

    now: datetime
    new_uid: Callable[[], str]
