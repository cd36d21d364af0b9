"""Playbooks made for tests: as small as they can be, and fit to be planned with."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from stellwerk_playbooks.front_matter import Front
from stellwerk_playbooks.playbook import Playbook

_WORDS: Final = "shop drawer kettle ladder pencil window basket candle hammer ribbon".split()
_NOTE: Final = """
  #### Summary

  The {word} number {n} is what this is about. It is over once the {word} is put away.

  #### Steps

{steps}

  #### Definition of Done

{criteria}

  #### Risks

{risks}

  #### Sources

{sources}
"""


def package(ref: str, word: str, fields: str = "length = 1, grade = 2") -> str:
    """Return a work package with full notes, no line of which stands in another one."""
    n = ref.replace(".", "").lstrip("r")
    lines = {
        "steps": [f"{i}. Carry {word} {n} to place {i} of the hall" for i in range(1, 7)],
        "criteria": [f"- [ ] Place {i} holds {word} {n}" for i in range(1, 8)],
        "risks": [f"- The {word} {n} slips {i} times → tie it {i} times" for i in (2, 3, 4)],
        "sources": [
            f"- https://en.wikipedia.org/wiki/{word}_{n}_{i} ({word})" for i in (1, 2, 3)
        ],
    }
    note = _NOTE.format(
        word=word,
        n=n,
        **{name: "\n".join(f"  {line}" for line in each) for name, each in lines.items()},
    )
    return (
        f"- [ ] Carry the {word} of number {n} <!-- stellwerk {ref} {{{fields}}} -->\n{note}"
    )


def playbook_text(front: str = "", *, language: str = "en", body: str = "") -> str:
    """Return a playbook of two routes and four work packages.

    Args:
        front: The `[playbook]` tables; a small one with the id `small` without.
        language: As in the front matter.
        body: Text below the title.
    """
    front = front or '[playbook]\nid = "small"\nsize = "small"\nkeywords = []\nexamples = []'
    first = (package(f"r1.1.{i}", _WORDS[i], ESTIMATE) for i in (1, 2))
    second = (package(f"r2.1.{i}", _WORDS[i + 2], ESTIMATE) for i in (1, 2))
    return "\n\n".join(
        (
            '+++\nformat = "stellwerk.markdown"\nversion = 2\n'
            f'language = "{language}"\nunit_hours = 2.0\n\n{front}\n+++\n\n# {{{{goal}}}}',
            body or "Four things are carried. For {{goal}} that is enough.",
            '## Carry two things <!-- stellwerk r1 {kind = "trunk"} -->',
            "### Carry the first two <!-- stellwerk r1.1 -->",
            *first,
            '## Carry the rest <!-- stellwerk r2 {kind = "trunk", after = ["r1"]} -->',
            "### Carry the last two <!-- stellwerk r2.1 -->",
            *second,
        )
    )


ESTIMATE: Final = "length = 1, grade = 2, estimate = [1.0, 2.0, 4.0]"


def shelved(folder: Path, name: str, text: str | bytes) -> Path:
    """Put a file into a folder; return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def described(front: Front, path: Path = Path("test.en.md")) -> Playbook:
    """Return a playbook that has a front and no plan."""
    return Playbook(
        id=front.id,
        language=front.language,
        version=front.version,
        keywords=front.keywords,
        examples=front.examples,
        slots=front.slots,
        path=path,
        size=front.size,
        effort=front.effort,
        also=front.also,
    )
