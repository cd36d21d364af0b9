"""Renderers, Stellwerk's own and those of other packages: one that breaks says so."""

from __future__ import annotations

from stellwerk.domain.text import one_line
from stellwerk.errors import PluginError, StellwerkError
from stellwerk.plugins.discovery import Plugins
from stellwerk.railway.renderer import Drawing, Renderer, View


def renderer_of(plugins: Plugins, name: str) -> Renderer:
    """Return the renderer of a form.

    Raises:
        NotFoundError: It is not installed.
        PluginError: It is switched off, cannot be loaded, or is no renderer.
    """
    found = plugins.load("renderers", name)
    if not isinstance(found, Renderer):
        msg = f"The plugin {name} is no Renderer but {type(found).__name__}."
        raise PluginError(msg, "Tell its author; `stellwerk plugins` names the package.")
    return found


def rendered(name: str, renderer: Renderer, drawing: Drawing, view: View) -> str:
    """Return the text of a drawing (PluginError if the renderer breaks or gives no text)."""
    try:
        text: object = renderer.render(drawing, view)
    except StellwerkError:
        raise
    except Exception as error:
        told = one_line(f"{type(error).__name__}: {error}")[:200]
        msg = f"The renderer {name} broke: {told}."
        raise PluginError(msg, "Tell its author; --debug shows where.") from error
    if not isinstance(text, str):
        msg = f"The renderer {name} gave {type(text).__name__} instead of text."
        raise PluginError(msg, "Tell its author; `stellwerk plugins` names the package.")
    return text
