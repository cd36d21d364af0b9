"""Text from the command line as values, without pydantic where it has nothing to do.

Typer builds a pydantic adapter for every parameter of a call, given or not; importing
pydantic is a third of what a quick verb costs. Here it is built for given text alone
that is to become something else than text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args, get_origin


class Late:
    """Stands in for a parameter's own coercion and asks it only when there is need.

    Args:
        parameter: A parameter that Typer made.
    """

    def __init__(self, parameter: Any) -> None:
        self._descriptor = parameter.type_descriptor
        self._built: Any = None

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the value as the parameter's type has it (typer.BadParameter)."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        if not isinstance(value, str | list | tuple) or _is_text(self._descriptor.annotation):
            return list(value) if several else value
        if self._built is None:
            from typer._coercion import build_runtime_param

            self._built = build_runtime_param(self._descriptor)
        return self._built.coerce(value, param=param, ctx=ctx)


def coerce_late(parameters: Sequence[Any]) -> None:
    """Let parameters of a command build their coercion when they need it."""
    for parameter in parameters:
        parameter._runtime_param = Late(parameter)  # noqa: SLF001  (as of Typer 0.29)


def _is_text(annotation: Any) -> bool:
    """Whether a parameter's type is text, or a list of texts, and optional or not."""
    kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
    if get_origin(annotation) is list or len(kinds) == 1:
        return _is_text(kinds[0])
    return annotation is str
