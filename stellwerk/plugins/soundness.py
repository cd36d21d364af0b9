"""Edits of other packages: whether they can be made, kept in the journal and taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Final, get_type_hints

from stellwerk.domain.edits.edit import Edit, apply
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.plan import Plan
from stellwerk.domain.values import EDITS, from_data, to_data
from stellwerk.errors import EditError

_PLAIN: Final[Mapping[type, tuple[type, ...]]] = {
    str: (str,),
    int: (int,),
    float: (int, float),
}


def sound(edit: object, plan: Plan) -> bool:
    """Whether an edit that somebody else's code made is one; it need not fit the plan.

    Args:
        edit: What was given for an edit.
        plan: The plan it is for.
    """
    try:
        if not (isinstance(edit, Edit) and _known(edit) and _typed(edit)):
            return False
        kept: Edit = from_data(Edit, json.loads(json.dumps(to_data(edit))))  # type: ignore[type-abstract]
        after = apply(kept, plan)
        return bool(edit.says(plan, after)) and apply(kept.invert(plan), after) == plan
    except EditError:
        return True  # whoever weighs it says what it does not fit
    except Exception:  # noqa: BLE001 - somebody else's code
        return False


def _known(edit: Edit) -> bool:
    """Whether an edit and all it holds are of Stellwerk's own classes."""
    inner = edit.edits if isinstance(edit, Batch) else ()
    return EDITS.get(type(edit).__name__) is type(edit) and all(map(_known, inner))


def _typed(value: object) -> bool:
    """Whether texts and numbers stand where texts and numbers belong."""
    if isinstance(value, tuple):
        return all(map(_typed, value))
    if not is_dataclass(value):
        return True
    hints = get_type_hints(type(value))
    fields = {name: getattr(value, name) for name in value.__dataclass_fields__}
    return all(
        isinstance(each, _PLAIN.get(hints[name], (object,))) and _typed(each)
        for name, each in fields.items()
    )
