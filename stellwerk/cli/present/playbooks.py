"""Playbooks for people and programs: a line each, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stellwerk.cli.ink import Ink


def playbook_line(playbook: Any, ink: Ink) -> str:
    """Return a playbook on one line: id, language and the first goals it is for."""
    told = "; ".join(playbook.examples[:2]) or "any goal"
    return f"{ink('cyan', f'{playbook.id:<28}')} {playbook.language}  {ink('dim', told)}"


def playbook_data(playbook: Any) -> dict[str, Any]:
    """Return a playbook as JSON data, without its text."""
    return {
        "id": playbook.id,
        "language": playbook.language,
        "version": playbook.version,
        "size": playbook.size,
        "examples": list(playbook.examples),
        "file": str(playbook.path) if playbook.own else None,
    }


def checked_text(checked: Iterable[Any], ink: Ink) -> str:
    """Return what is wrong with playbooks, file by file, each thing on a line."""
    files = list(checked)
    lines: list[str] = []
    for each in files:
        if each.flaws:
            lines.append(ink("cyan", str(each.file)))
        for flaw in each.flaws:
            colour = "red" if flaw.severity == "error" else "yellow"
            code = flaw.code if flaw.code.startswith("SW") else flaw.severity
            message = flaw.message.removeprefix(f"{each.file}:").strip()
            lines.append(f"  {ink(colour, code)} {message}")
            lines += [f"    {ink('dim', f'→ {flaw.hint}')}"] if flaw.hint else []
    if lines:
        return "\n".join(lines)
    count = len(files)
    return f"{count} playbook{' is' if count == 1 else 's are'} fit to be planned with."


def checked_data(checked: Iterable[Any]) -> dict[str, Any]:
    """Return what is wrong with playbooks as JSON data, the fields of `playbook-check`."""
    files = list(checked)
    return {
        "playbooks": [
            {
                "id": each.playbook.id if each.playbook else None,
                "language": each.playbook.language if each.playbook else None,
                "file": None if each.playbook and not each.playbook.own else str(each.file),
            }
            for each in files
        ],
        "findings": [
            {**flaw._asdict(), "file": str(flaw.file)} for each in files for flaw in each.flaws
        ],
    }
