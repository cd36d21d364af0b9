"""A plan in a file, small enough to know what there is to say about it."""

from __future__ import annotations

from typing import Final

HEAD: Final = """\
+++
format = "stellwerk.markdown"
version = 2
uid = "juggling"
slug = "juggle"
language = "en"
created_at = 2026-01-01T09:00:00Z
+++

# Learn to juggle
"""
PLAN: Final = f"""\
{HEAD}
## One ball <!-- stellwerk r1 {{uid = "one", kind = "trunk", born = 2026-01-01T09:00:00Z}} -->

### Throw it <!-- stellwerk r1.1 {{uid = "throw", born = 2026-01-01T09:00:00Z}} -->

- [ ] Throw one ball <!-- stellwerk r1.1.1 {{uid = "ball", born = 2026-01-01T09:00:00Z}} -->

  #### Steps

  1. Do research
  2. Throw the red ball to the height of your eyes, twenty times

## Two balls <!-- stellwerk r2 {{uid = "two", kind = "trunk", after = ["r1"], born = 2026-01-01T09:00:00Z}} -->

## Three balls <!-- stellwerk r3 {{uid = "three", kind = "trunk", after = ["r1", "r2"], born = 2026-01-01T09:00:00Z}} -->
"""
"""r3 needs r1, which r2 implies (SW205 at line 25), and a step is vague (SW306 at line 20)."""
FIXED: Final = PLAN.replace('after = ["r1", "r2"]', 'after = ["r2"]')
CIRCLE: Final = PLAN.replace(
    '"one", kind = "trunk",', '"one", kind = "trunk", after = ["r3"],'
)
EDGE: Final = 25
STEP: Final = 20
