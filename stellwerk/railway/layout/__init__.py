"""Layered layout of a railway: columns, lanes and the lanes its tracks run through.

After Sugiyama, Tagawa and Toda (1981): layers, an order within each that crosses little, and
lanes that keep tracks straight (Brandes and Koepf 2001, on whole lanes).
"""

from __future__ import annotations

from stellwerk.railway.layout.layered import Layout, Wishes, lay_out

__all__ = ["Layout", "Wishes", "lay_out"]
