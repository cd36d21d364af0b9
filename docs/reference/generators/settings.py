"""`settings.md`: every setting, from the table of settings."""

from __future__ import annotations

import json

from generators.markdown import code, document, table
from stellwerk.config.schema import SETTINGS
from stellwerk.config.setting import Setting

_INTRO = """\
A flag beats a variable, a variable beats the project's `stellwerk2.toml`, that beats your own file, and
that beats the default. `stellwerk config explain KEY` says where a value comes from. How files, trust
and `${NAME}` work is in [Settings, trust and keys](../how-to/settings.md).

*Guarded* settings count in a project's file only after `stellwerk config trust`. So does any setting
there that holds a `${NAME}` or leads out of the project."""
_OTHERS = """\
## Other variables

| variable | meaning |
|---|---|
| `STELLWERK_GOAL` | The goal that verbs are about, by its slug; `-g` beats it. |
| `STELLWERK_DEBUG` | Show tracebacks, as `--debug` does. |
| `STELLWERK_PAGER`, `PAGER` | Shows long answers on a terminal; `cat` shows them without one. |
| `VISUAL`, `EDITOR` | Opens notes and descriptions for `stellwerk edit`. |
| `NO_COLOR`, `CLICOLOR=0`, `TERM=dumb` | No colour. |
| `CLICOLOR_FORCE` | Colour even into a pipe or file. |
| `XDG_DATA_HOME`, `XDG_CONFIG_HOME`, `XDG_STATE_HOME` | Where [files](../how-to/files.md) are. |"""


def page() -> str:
    """Return the page."""
    parts = []
    for section in dict.fromkeys(setting.section for setting in SETTINGS):
        rows = [_row(each) for each in SETTINGS if each.section == section]
        parts += [f"## [{section}]", table(("key", "takes", "default", "meaning"), rows)]
    return document("Settings", _INTRO, *parts, _OTHERS)


def _row(setting: Setting) -> tuple[str, ...]:
    variables = ", ".join(code(name) for name in setting.variables)
    told = " ".join([setting.doc, *["**Guarded.**"] * setting.guarded])
    return (
        code(setting.key),
        _takes(setting),
        code(_default(setting)),
        f"{told}<br>Variable: {variables}",
    )


def _takes(setting: Setting) -> str:
    if setting.choices:
        return ", ".join(code(choice) for choice in setting.choices)
    kind = setting.kind.value
    return kind if setting.minimum is None else setting.expected.removeprefix("a ")


def _default(setting: Setting) -> str:
    if setting.default is None or setting.default == ():
        return ""
    value = list(setting.default) if isinstance(setting.default, tuple) else setting.default
    return json.dumps(value)
