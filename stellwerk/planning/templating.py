"""The language of prompt templates: a small, bounded part of Jinja in a sandbox.

A template shows values, loops over lists and decides. It calls nothing, builds no values
and reads no files, so a template written by anybody can neither reach out nor run on.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from stellwerk.errors import ConfigError

if TYPE_CHECKING:
    from jinja2 import Template, TemplateError, nodes
    from jinja2.runtime import Context
    from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_RENDERED: Final = 1_000_000
"""Characters that one part of a prompt may come to."""
_EFFORT: Final = 4 * MAX_RENDERED
_STEP: Final = 50
"""What a turn of a loop costs beside the text in it, in characters of `_EFFORT`."""

_ALLOWED: Final = frozenset(
    "Template Output TemplateData Name Const Getattr Getitem Slice Filter FilterBlock For If"
    " CondExpr Test Compare Operand And Or Not Assign".split()
)
_FENCE_NAME: Final = re.compile(r"[A-Z]{2,20}")
_LIKE_FENCE: Final = re.compile(
    r"<<<(?=[A-Z]{2,20} [0-9a-f]{8})|(?<=[0-9a-f]{8})>>>", re.IGNORECASE
)
_NO_KEY: Final = re.compile(r"[^\w.\-]+")


def fenced(content: object, name: str) -> str:
    """Return data between two lines that nothing in it can be taken for.

    The lines carry the name and the first eight digits of the SHA-256 of the data, so the
    same data always gets the same fence. Whatever in it looks like one is pulled apart.

    Args:
        content: A text, or JSON data.
        name: What it is, in capitals.
    """
    if not _FENCE_NAME.fullmatch(name):
        msg = f'{name!r} is no name for a fence; write capitals: fenced("GOAL")'
        raise ValueError(msg)
    text = content if isinstance(content, str) else _json(content)
    text = _LIKE_FENCE.sub(lambda found: " ".join(found[0]), text.strip())
    code = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"<<<{name} {code}\n{text}\n{name} {code}>>>"


def key(value: object) -> str:
    """Return a key such as `r1.2` fit to stand outside a fence: one short word."""
    return _NO_KEY.sub("", str(value))[:40]


def check(text: str, known: Collection[str], where: str) -> None:
    """Find what is wrong with a template before it is rendered.

    Args:
        text: The template, led by as many empty lines as the file has before it.
        known: Names of the values it may use.
        where: The file, for messages.

    Raises:
        ConfigError: It cannot be read, or names a value that there is not.
    """
    from jinja2 import meta, nodes

    _compiled(text, where)
    tree = _parsed(text, where)
    unknown = meta.find_undeclared_variables(tree) - set(known)
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            raise fault(
                f"{where}:{name.lineno}: there is no value {name.name!r}.",
                f"There are: {', '.join(sorted(known))}.",
            )


def render(text: str, values: Mapping[str, Any], where: str) -> str:
    """Return a template filled with values.

    Raises:
        ConfigError: It cannot be read or filled, or becomes too long.
    """
    from jinja2 import TemplateError

    template = _compiled(text, where)
    try:
        rendered = template.render(**values, _meter=_Meter())
    except (TemplateError, TypeError, ValueError, LookupError, AttributeError) as error:
        message = (str(error) or type(error).__name__).rstrip(".")
        raise fault(f"{where}:{_line(error)}: {message}.") from error
    if len(rendered) > MAX_RENDERED:
        raise fault(
            f"{where} has become longer than {MAX_RENDERED:,} characters.",
            "Give less background, or plan the goal in parts.",
        )
    return rendered


def fault(message: str, hint: str = "") -> ConfigError:
    """Return the error for a prompt that does not work."""
    return ConfigError(message, hint or "Mend it, or move the file away to have ours again.")


class _Meter:
    """Counts what rendering costs."""

    def __init__(self) -> None:
        self._left = _EFFORT

    def take(self, amount: int) -> None:
        from jinja2 import TemplateRuntimeError

        self._left -= amount
        if self._left < 0:
            raise TemplateRuntimeError("the prompt goes on and on; shorten its loops")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _joined(values: Iterable[object], separator: str = "") -> str:
    texts = [str(value) for value in values]
    if sum(map(len, texts)) + len(separator) * len(texts) > MAX_RENDERED:
        raise ValueError("what is joined is too long")
    return separator.join(texts)


_FILTERS: Final[Mapping[str, Callable[..., object]]] = {
    "fenced": fenced,
    "key": key,
    "join": _joined,
    "tojson": _json,
    "length": len,
    "lower": lambda text: str(text).lower(),
    "upper": lambda text: str(text).upper(),
    "trim": lambda text: str(text).strip(),
    "first": lambda values: values[0],
    "last": lambda values: values[-1],
}


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        finalize=_shown(),
    )
    environment.globals.clear()
    environment.filters = {name: _metered(filter_) for name, filter_ in _FILTERS.items()}
    environment.filters["_counted"] = _counted()
    return environment


def _metered(function: Callable[..., object]) -> Callable[..., object]:
    """Return a filter that pays for what it works on."""
    from jinja2 import pass_context

    @pass_context
    def filtered(context: Context, value: object, *args: object) -> object:
        context["_meter"].take(len(value) if isinstance(value, str) else _STEP)
        return function(value, *args)

    return filtered


def _counted() -> Callable[..., Iterator[object]]:
    """Return the filter that stands, unseen, behind what each loop runs over."""
    from jinja2 import pass_context

    @pass_context
    def counted(context: Context, values: Iterable[object], cost: int) -> Iterator[object]:
        meter = context["_meter"]
        for value in values:
            meter.take(cost)
            yield value

    return counted


def _shown() -> Callable[..., object]:
    """Return what every shown value passes through: only texts and numbers are shown."""
    from jinja2 import Undefined, pass_context

    @pass_context
    def shown(context: Context, value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, str | int | float | Undefined):
            kind = "nothing" if value is None else f"a {type(value).__name__}"
            msg = f"{kind} cannot be shown; take a part of it, or join it"
            raise TypeError(msg)
        text = str(value)
        context["_meter"].take(len(text))
        return text

    return shown


@lru_cache(maxsize=64)
def _compiled(text: str, where: str) -> Template:
    """Return a template ready to be rendered, its loops counted."""
    from jinja2 import TemplateError, nodes

    tree = _parsed(text, where)
    try:
        for loop in tree.find_all(nodes.For):
            cost = _STEP + sum(len(data.data) for data in loop.find_all(nodes.TemplateData))
            given: list[nodes.Expr] = [nodes.Const(cost)]
            loop.iter = nodes.Filter(
                loop.iter, "_counted", given, [], None, None, lineno=loop.lineno
            )
        return _environment().from_string(tree)
    except TemplateError as error:
        raise _unreadable(error, where) from error
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise fault(f"{where}: the template is nested too deeply.") from error


def _parsed(text: str, where: str) -> nodes.Template:
    """Return the tree of a template in which nothing stands that is not allowed."""
    from jinja2 import TemplateError

    try:
        tree = _environment().parse(text)
    except TemplateError as error:
        raise _unreadable(error, where) from error
    except (ValueError, RecursionError) as error:
        raise fault(f"{where}: the template is nested too deeply.") from error
    for node in _all(tree):
        name = type(node).__name__
        stored = name == "Tuple" and getattr(node, "ctx", "") == "store"
        if name not in _ALLOWED and not stored:
            raise fault(
                f"{where}:{node.lineno}: {_SPOKEN.get(name, name)} cannot be used in prompts.",
                "Prompts show values, and have for, if, set and filter; nothing is called.",
            )
    return tree


_SPOKEN: Final = {
    "Call": "a call",
    "Macro": "a macro",
    "Include": "include",
    "Import": "import",
    "FromImport": "import",
    "Extends": "extends",
    "Block": "a block",
    "List": "a list",
    "Dict": "a dictionary",
    "Tuple": "a list",
    "Concat": "`~`",
}


def _all(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Yield every node, without recursion: a tree may be as deep as its file is long."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.iter_child_nodes()


def _unreadable(error: TemplateError, where: str) -> ConfigError:
    line, told = getattr(error, "lineno", 0), (error.message or "cannot be read").rstrip(".")
    hint = f"There are: {', '.join(sorted(_FILTERS))}." if "No filter" in told else ""
    return fault(f"{where}:{line}: {told}.", hint)


def _line(error: BaseException) -> int:
    """Return the line of a template in which an error arose."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
