"""Background of a goal, gathered once when a run begins and kept in its wish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from stellwerk.planning.context.budget import fitted
from stellwerk.planning.context.history import history
from stellwerk.planning.context.passage import Passage
from stellwerk.planning.context.playbooks import playbook
from stellwerk.planning.context.records import records
from stellwerk.planning.context.similar import similar
from stellwerk.planning.context.standards import standards
from stellwerk.planning.models import LanguageModel
from stellwerk.planning.ports import PlanReader
from stellwerk.planning.similarity.search import Candidate
from stellwerk.planning.wish import Wish


class Sources(NamedTuple):
    """Which sources may be drawn on.

    Attributes:
        history: How earlier goals went; without it `similar` is off, too.
        similar: Plans of finished goals.
        playbooks: The nearest playbook.
        standards: Files with rules to keep.
        project: The folder that links of these files must not lead out of.
        max_tokens: For all that is told.
    """

    history: bool = True
    similar: bool = True
    playbooks: bool = True
    standards: tuple[Path, ...] = ()
    project: Path | None = None
    max_tokens: int = 3_000


@dataclass(frozen=True, slots=True)
class Context:
    """Gathers the background of wishes.

    Attributes:
        sources: What may be drawn on.
        plans: The earlier goals.
        nearest: Finds those that are like a wish.
        playbooks: Returns who answers from playbooks, or None.
        names: Names that must not be told, besides those in plans.
        say: Told in a sentence what was left out.
    """

    sources: Sources
    plans: PlanReader
    nearest: Callable[[Wish], Sequence[Candidate]]
    playbooks: Callable[[], LanguageModel | None] = lambda: None
    names: tuple[str, ...] = ()
    say: Callable[[str], None] = lambda _: None

    def informed(self, wish: Wish) -> Wish:
        """Return a wish with its background.

        Raises:
            ConfigError: A file of standards cannot be told.
        """
        sources = self.sources
        passages = standards(sources.standards, sources.project)
        if sources.history and self.plans.goals():
            passages += self._experience(wish)
        if sources.playbooks and (provider := self.playbooks()):
            passages += playbook(wish, provider)
        told = fitted(passages, sources.max_tokens)
        if told.cut:
            most = f"context.max_tokens is {sources.max_tokens:,}"
            self.say(f"Not all of the background is told ({most}): {', '.join(told.cut)}.")
        return replace(wish, background=told.background)

    def _experience(self, wish: Wish) -> list[Passage]:
        known = records(self.plans, self.nearest(wish), self.names)
        return [*history(known), *(similar(known) if self.sources.similar else ())]
