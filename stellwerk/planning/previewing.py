"""What would be sent to a model, shown before anything is.

Only the first stage's messages are known before a run: those of the others carry what models
answered before them, for which placeholders stand here.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final, NamedTuple

from stellwerk.domain.limits import SIZES
from stellwerk.planning.prompts import Prompt, PromptShelf
from stellwerk.planning.wish import CAPS, STANDARDS, Background, Caps, Wish

ORDER: Final = ("decompose", "tasks", "packages", "review", "refine", "expand", "repair")
"""The prompts in the order in which a run may ask them."""
SAMPLE: Final = Wish(
    "Learn to juggle five balls in six months",
    "I can juggle three.",
    "Half an hour on weekdays.",
    ("Mira",),
    background=(Background("standards: rules.md", "Practise before supper."),),
)
"""A goal to show prompts with."""
_PER_TOKEN: Final = 4


class ShownPrompt(NamedTuple):
    """The messages of one prompt.

    Attributes:
        prompt: The prompt.
        exact: Whether they are sent as they are; else placeholders stand in them.
        messages: With `role` and `content`.
    """

    prompt: Prompt
    exact: bool
    messages: list[dict[str, str]]

    @property
    def tokens(self) -> int:
        """About how many tokens they are, at four characters each."""
        return -(-sum(len(message["content"]) for message in self.messages) // _PER_TOKEN)


def shown_prompts(
    wish: Wish, shelf: PromptShelf, caps: Caps = CAPS
) -> tuple[ShownPrompt, ...]:
    """Return the messages of all prompts of a run, in the order in which they are asked.

    Raises:
        ConfigError: A prompt of the user's does not work.
    """
    return tuple(shown_prompt(shelf.prompt(name), wish, caps) for name in ORDER)


def shown_prompt(prompt: Prompt, wish: Wish, caps: Caps = CAPS) -> ShownPrompt:
    """Return the messages of one prompt (ConfigError)."""
    messages = prompt.render(placeholders(wish, caps, prompt.stage))
    return ShownPrompt(prompt, prompt.name == "decompose", messages)


def placeholders(wish: Wish, caps: Caps = CAPS, stage: str = "") -> dict[str, Any]:
    """Return an input of every name, with placeholders for what models will answer.

    There are as many routes as the size has at least; a size that follows the goal is taken
    for the middle one.
    """
    size = SIZES.get(wish.size, SIZES["standard"])
    routes = [_item(f"r{number}", "route") for number in range(1, size.routes[0] + 1)]
    tasks = [_item(f"r1.{number}", "task") for number in (1, 2)]
    return {
        "wish": asdict(wish),
        "background": wish.told(STANDARDS if stage == "review" else ""),
        "caps": caps._asdict(),
        "routes": routes,
        "route": routes[0],
        "tasks": tasks,
        "task": tasks[0],
        "known": [],
        "wanted": [],
        "feedback": "",
        "plan": [{"key": "r1", "title": "[the whole plan: titles and summaries]"}],
        "package": {"key": "r1.1.1", "title": "[the work package with all its fields]"},
        "problems": ["[what is wrong, one line each]"],
        "stage": "packages",
    }


def _item(key: str, kind: str) -> dict[str, str]:
    return {
        "key": key,
        "title": f"[title of {kind} {key}]",
        "description": f"[description of {kind} {key}]",
    }
