"""Prompts for people and programs: a line each, and the messages that would be sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from stellwerk.cli.ink import Ink
from stellwerk.planning.previewing import ShownPrompt
from stellwerk.planning.prompts import Prompt


def prompt_line(prompt: Prompt, ink: Ink) -> str:
    """Return a prompt on one line: label, digest and where it comes from."""
    where = str(prompt.file) if prompt.own else "comes with Stellwerk"
    label = ink("cyan", f"{prompt.label:<16}")
    return f"{label} {prompt.digest[:12]}  {ink('dim', where)}"


def prompt_data(prompt: Prompt) -> dict[str, Any]:
    """Return a prompt as JSON data, without its text."""
    return {
        "name": prompt.name,
        "version": prompt.version,
        "label": prompt.label,
        "digest": prompt.digest,
        "stage": prompt.stage,
        "inputs": list(prompt.inputs),
        "optional": list(prompt.optional),
        "languages": list(prompt.examples),
        "own": prompt.own,
        "file": str(prompt.file) if prompt.own else None,
    }


def messages_text(shown: Iterable[ShownPrompt], ink: Ink) -> str:
    """Return the messages of prompts, each under a line that says whose it is."""
    return "\n\n".join(_messages(each, ink) for each in shown)


def messages_data(shown: Sequence[ShownPrompt]) -> dict[str, Any]:
    """Return the messages of prompts as JSON data, the fields of `prompt-messages`."""
    return {
        "prompts": [
            {
                "label": each.prompt.label,
                "stage": each.prompt.stage,
                "digest": each.prompt.digest,
                "exact": each.exact,
                "tokens": each.tokens,
                "messages": each.messages,
            }
            for each in shown
        ]
    }


def _messages(shown: ShownPrompt, ink: Ink) -> str:
    kind = "as it is sent" if shown.exact else "with placeholders in brackets"
    head = f"{shown.prompt.label}, about {shown.tokens:,} tokens, {kind}"
    parts = [ink("bold", head)]
    for message in shown.messages:
        parts += [ink("cyan", f"── {message['role']} ──"), message["content"]]
    return "\n\n".join(parts)
