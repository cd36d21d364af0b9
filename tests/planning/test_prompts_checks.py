"""The check finds what would make a prompt a bad one, and nothing in ours."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from stellwerk.planning.asking import Panel
from stellwerk.planning.previewing import ORDER, SAMPLE, shown_prompt, shown_prompts
from stellwerk.planning.prompt_checks import TOLD, check_prompts
from stellwerk.planning.prompts import PromptShelf, prompt
from stellwerk.planning.stages.decompose import decompose
from stellwerk.planning.wish import Caps, Wish
from stellwerk.testing.scripted_provider import ScriptedProvider
from tests.planning.drafts import structure


def test_nothing_is_wrong_with_ours():
    """In every language and size, with all inputs and with the least."""
    assert check_prompts(PromptShelf()) == []


def bent(folder: Path, name: str, old: str, new: str) -> list[tuple[str, str]]:
    """Return what the check says about our prompt with one thing changed."""
    text = prompt(name).text
    assert old in text
    (folder / f"{name}.md").write_text(text.replace(old, new), encoding="utf-8")
    flaws = check_prompts(PromptShelf(folder))
    assert {flaw.prompt for flaw in flaws} <= {name}
    assert {flaw.file for flaw in flaws} <= {str(folder / f"{name}.md")}
    return [(flaw.message.replace(f"{folder}/", ""), flaw.hint) for flaw in flaws]


def _line(words: str) -> int:
    """Return the first line of a prompt in which words stand."""
    return prompt("tasks").text.partition(words)[0].count("\n") + 1


BENT = {
    "data among the rules": (
        *("tasks", "\nRules\n", "\nRules for {{ wish.title }}\n"),
        "tasks.md: `wish.title` stands outside a fence.",
    ),
    "data without a fence": (
        *("refine", '{{ package | fenced("PACKAGE") }}', "{{ package.title }}"),
        "refine.md: `package.title` stands outside a fence.",
    ),
    "a forged fence": (
        *(
            "packages",
            '{{ known | join("\\n") | fenced("KNOWN") }}',
            "<<<KNOWN\n{{ known[0] }}",
        ),
        "packages.md: `known` stands outside a fence.",
    ),
    "nothing of the plan": (
        *("review", '{{ plan | fenced("PLAN") }}', ""),
        "review.md: nothing of `plan` is shown.",
    ),
    "no language": (
        *("refine", "{{ language }}", "English"),
        "refine.md does not say which language to write in.",
    ),
    "a number by hand": (
        *("packages", "{{ limits.min_risks }}", "3"),
        "packages.md does not tell the limit `limits.min_risks`.",
    ),
    "the upper end by hand": (
        *("refine", "{{ limits.sources[1] }}", "8"),
        "refine.md does not tell the limit `limits.sources[1]`.",
    ),
    "very long": (
        *("tasks", "\nRules\n", "\nRules\n" + "- Be kind to your reader.\n" * 500),
        "tasks.md is about ",
    ),
    "a field that is not there": (
        *("tasks", "{{ route.title }}", "{{ route.titel }}"),
        f"tasks.md:{_line('{{ route.title }}')}: 'dict object' has no attribute 'titel'.",
    ),
    "a file that cannot be read": (
        *("repair", "{% endfor %}", ""),
        "repair.md:15: Encountered unknown tag 'endfilter'.",
    ),
}


@pytest.mark.parametrize("case", BENT)
def test_what_is_wrong_with_a_prompt_is_found(case: str, tmp_path: Path):
    """Each alone, with what to do about it."""
    name, old, new, told = BENT[case]
    found = bent(tmp_path, name, old, new)
    assert [message for message, _ in found if message.startswith(told.rstrip("."))]
    assert all(message.endswith(".") for message, _ in found)


@pytest.mark.parametrize("name", TOLD)
def test_every_limit_that_is_left_out_is_found(name: str, tmp_path: Path):
    """Each with the words that would tell it."""
    inputs = ", ".join(f'"{each}"' for each in prompt(name).inputs)
    shown = "\n".join(f'{{{{ {each} | fenced("DATA") }}}}' for each in prompt(name).inputs)
    text = (
        f'+++\nid = "{name}"\nversion = 1\nstage = "{name}"\ninputs = [{inputs}]\n+++\n'
        f"Write in {{{{ language }}}}.\n---\n{shown}\n"
    )
    (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    flaws = check_prompts(PromptShelf(tmp_path))
    assert len(flaws) == len(TOLD[name])
    assert all("does not tell the limit" in flaw.message for flaw in flaws)
    hints = " ".join(flaw.hint for flaw in flaws)
    for place in TOLD[name]:
        constant, _, part = place.removeprefix("sizes.").partition(".")
        kind = "size" if "sizes" in place else "limits"
        assert f"{{{{ {kind}.{constant}{f'[{part}]' if part else ''} }}}}" in hints


EXAMPLES = {
    "no JSON": ("Look at this.", "no line begins with `{`"),
    "broken JSON": ('{"tasks": [', "Expecting value"),
    "another form": ('{"tasks": []}', "tasks: List should have at least 1 item"),
}


@pytest.mark.parametrize("case", EXAMPLES)
def test_an_example_that_is_no_answer_is_found(case: str, tmp_path: Path):
    """Models copy the mistakes of examples."""
    text, told = EXAMPLES[case]
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples/tasks.de.md").write_text(text, encoding="utf-8")
    (flaw,) = check_prompts(PromptShelf(tmp_path))
    assert flaw.message.startswith("examples/tasks.de.md is no answer that would be taken: ")
    assert told in flaw.message


def test_an_example_that_makes_no_plan_is_found(tmp_path: Path):
    """A structure with a circle, or with two ends, teaches both."""
    (tmp_path / "examples").mkdir()
    example = prompt("decompose").example("en")
    file = tmp_path / "examples/decompose.en.md"
    edge = '{"before": "r5", "after": "r6"}'
    assert edge in example
    file.write_text(example.replace(edge, '{"before": "r5", "after": "r1"}'), encoding="utf-8")
    (flaw,) = check_prompts(PromptShelf(tmp_path))
    assert "r1" in flaw.message
    file.write_text(example.replace(f", {edge}", ""), encoding="utf-8")
    (flaw,) = check_prompts(PromptShelf(tmp_path))
    assert "is connected with no other route" in flaw.message


def test_a_misspelt_file_is_found(tmp_path: Path):
    """It would take the place of nothing, without a word."""
    (tmp_path / "decompse.md").write_text(prompt("decompose").text, encoding="utf-8")
    (flaw,) = check_prompts(PromptShelf(tmp_path))
    assert flaw.message == f"{tmp_path}/decompse.md takes the place of no prompt or example."
    assert flaw.hint.startswith("Did you mean decompose?")


def test_what_is_shown_of_decompose_is_what_is_sent():
    """Word for word, with the settings' caps."""
    wish, caps = Wish("Learn to juggle", "Five balls.", size="small"), Caps(4, 2, 2)
    model = ScriptedProvider(lambda _: structure())
    panel = Panel((model,))
    asyncio.run(decompose(panel, wish, caps, lambda _: ()))
    first = shown_prompts(wish, panel.shelf, caps)[0]
    assert first.exact
    assert first.messages == model.requests[0].messages()
    assert "2 to 4 routes" in first.messages[0]["content"]


def test_what_is_shown_of_the_others_has_placeholders_in_brackets():
    """All prompts of a run are shown, in the order in which they are asked."""
    shown = shown_prompts(SAMPLE, PromptShelf())
    assert [each.prompt.name for each in shown] == list(ORDER)
    assert [each.exact for each in shown] == [True, False, False, False, False, False, False]
    for each in shown[1:]:
        assert "[" in each.messages[1]["content"]
    told = sum(len(message["content"]) for message in shown[0].messages)
    assert shown[0].tokens == -(-told // 4)


def test_a_prompt_of_ones_own_is_shown_in_place_of_ours(tmp_path: Path):
    """As it would be asked."""
    text = prompt("tasks").text.replace("You plan like", "You plan exactly like")
    (tmp_path / "tasks.md").write_text(text, encoding="utf-8")
    shown = shown_prompt(PromptShelf(tmp_path).prompt("tasks"), SAMPLE)
    assert shown.messages[0]["content"].startswith("You plan exactly like")
    assert shown.prompt.own
