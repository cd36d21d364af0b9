"""A prompt of the user's own takes the place of ours, or says exactly why it does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stellwerk.errors import ConfigError
from stellwerk.planning.previewing import ORDER, placeholders
from stellwerk.planning.prompt_files import MAX_FILE
from stellwerk.planning.prompts import PromptShelf, load_prompt, prompt
from stellwerk.planning.templating import MAX_RENDERED
from stellwerk.planning.wish import Wish

HEAD = '+++\nid = "tasks"\nversion = 7\nstage = "tasks"\ninputs = ["wish", "route"]\n+++\n'
GOOD = HEAD + 'Be brief, in {{ language }}.\n---\n{{ wish.title | fenced("GOAL") }}\n'


def write(folder: Path, text: str | bytes, name: str = "tasks.md") -> Path:
    """Write a file of the user's, and return it."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_file_of_the_same_name_takes_the_place_of_ours(tmp_path: Path):
    """It is rendered as ours are; the others stay."""
    path = write(tmp_path, GOOD)
    shelf = PromptShelf(tmp_path)
    own = shelf.prompt("tasks")
    system, user = own.render(placeholders(Wish("Juggle", language="de")))
    assert system["content"] == "Be brief, in German."
    assert user["content"].split("\n")[1] == "Juggle"
    assert (own.file, own.own, own.inputs) == (path, True, ("wish", "route"))
    assert shelf.prompt("decompose") == prompt("decompose")


def test_its_label_and_digest_tell_it_from_ours(tmp_path: Path):
    """Plans and the call log know which one was asked, even in the same words."""
    write(tmp_path, prompt("tasks").text)
    own = load_prompt("tasks", tmp_path)
    assert own.label == f"{prompt('tasks').label}+own"
    assert own.digest == prompt("tasks").digest
    write(tmp_path, prompt("tasks").text.replace("Rules", "RULES"))
    assert load_prompt("tasks", tmp_path).digest != own.digest


def test_an_example_alone_can_be_replaced(tmp_path: Path):
    """The label and the digest change with it."""
    write(tmp_path, "Example: {}", "examples/tasks.de.md")
    own, ours = load_prompt("tasks", tmp_path), prompt("tasks")
    assert own.examples == {"en": ours.examples["en"], "de": "Example: {}"}
    assert own.label == f"{ours.label}+own"
    assert (own.digest != ours.digest, own.text) == (True, ours.text)
    assert load_prompt("packages", tmp_path) == prompt("packages")


def test_a_shelf_reads_a_file_once(tmp_path: Path):
    """A run asks the same from its first question to its last."""
    write(tmp_path, GOOD)
    shelf = PromptShelf(tmp_path)
    first = shelf.prompt("tasks")
    write(tmp_path, "no prompt at all")
    assert shelf.prompt("tasks") is first
    assert shelf == PromptShelf(tmp_path)
    with pytest.raises(ConfigError):
        PromptShelf(tmp_path).prompt("tasks")


def test_windows_line_ends_and_control_characters_are_cleaned_away(tmp_path: Path):
    """What is written into a file may be shown on a terminal."""
    write(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("brief", "\x1b[31mbrief").encode())
    assert load_prompt("tasks", tmp_path).text == GOOD
    write(tmp_path, GOOD.replace("\n", "\r\n"))
    assert load_prompt("tasks", tmp_path).text == GOOD


WRONG = {
    "no front matter": ("Rules\n---\nx", ":1: the front matter between two lines `+++`"),
    "no TOML": (
        '+++\nid = "tasks"\nversion =\n+++\n---\n',
        ":3: the front matter is not TOML",
    ),
    "open TOML": ("+++\nid = [\n+++\n---\n", ":2: the front matter is not TOML"),
    "unknown field": (HEAD.replace("version", "vresion"), ":3: there is no field `vresion`"),
    "no version": (HEAD.replace("version = 7\n", ""), ":1: the front matter has no `version`"),
    "version in words": (HEAD.replace("7", '"7"'), ":3: `version` is not a whole number"),
    "version that is a truth": (HEAD.replace("7", "true"), ":3: `version` is not a whole"),
    "version 0": (HEAD.replace("7", "0"), ":3: `version` is less than 1"),
    "another id": (HEAD.replace('"tasks"', '"task"', 1), ":2: `id` is 'task', not 'tasks'"),
    "another stage": (HEAD.replace('stage = "tasks"', 'stage = "x"'), ":4: `stage` is 'x'"),
    "unknown input": (
        HEAD.replace('"route"', '"roots"'),
        ":5: the stage tasks gives no 'roots'",
    ),
    "inputs in a text": (HEAD.replace('["wish", "route"]', '"wish"'), ":5: `inputs` is not a"),
    "unknown example": (
        HEAD.replace("+++\n", "+++\nlanguages = ['fi']\n", 1) + "---\n",
        ": there is no example in 'fi'",
    ),
    "no split": (HEAD + "Rules\n\nGoal", ":9: the line `---` between the system part and"),
    "syntax": (HEAD + "\n---\n\n{% for x %}\n", ":10: "),
    "open loop": (HEAD + "{% for a in route %}\n---\n", ":7: Unexpected end of template"),
    "unknown variable": (
        HEAD + "a\n---\nb\n{{ wihs.title }}\n",
        ":10: there is no value 'wihs'",
    ),
    "input not named": (HEAD + "---\n{{ routes }}", ":8: there is no value 'routes'"),
    "unknown filter": (HEAD + "---\n{{ wish.title|shout }}", ":8: No filter named 'shout'"),
    "call": (HEAD + "---\n\n{{ range(9) }}", ":9: a call cannot be used in prompts"),
    "include": (HEAD + "---\n{% include 'x' %}", ":8: include cannot be used in prompts"),
    "import": (HEAD + "---\n{% from 'x' import y %}", ":8: import cannot be used in"),
    "macro": (HEAD + "---\n{% macro x() %}{% endmacro %}", ":8: a macro cannot be used"),
    "multiplication": (HEAD + "---\n{{ 'a' * 999999999 }}", ":8: Mul cannot be used"),
    "concatenation": (HEAD + "---\n{{ 'a' ~ 'b' }}", ":8: `~` cannot be used"),
    "deep nesting": (
        HEAD + "---\n{{ " + "(" * 9000 + "1",
        ": the template is nested too deeply",
    ),
    "deep chain": (HEAD + "---\n{{ wish" + ".a" * 9000 + " }}", "the template is nested too"),
    "too large": (GOOD + "x" * MAX_FILE, " has more than 64,000 bytes"),
    "not UTF-8": (GOOD.encode() + b"\n\xff", ":11: the text is not UTF-8"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_file_is_said_with_its_line_and_what_to_do(
    case: str, tmp_path: Path
):
    """Before anything is asked with it."""
    text, told = WRONG[case]
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        PromptShelf(tmp_path).prompt("tasks")
    assert caught.value.message.startswith(str(path))
    assert told in caught.value.message
    assert caught.value.message.endswith(".")
    assert caught.value.hint


RUNAWAY = {
    "nested loops": "{% for a in routes %}" * 8 + "x" + "{% endfor %}" * 8,
    "loops over characters": "{% for a in wish.title %}" * 6 + "{% endfor %}" * 6,
    "a fat loop": "{% for a in wish.context %}" + "x" * 40_000 + "{% endfor %}",
    "a loop in a filter": '{% filter fenced("X") %}{% for a in wish.context %}'
    + "x" * 40_000
    + "{% endfor %}{% endfilter %}",
    "the same again and again": "{{ wish.context }}" * 3_000,
    "filters in a chain": "{{ wish.context" + "|tojson" * 60 + " }}",
    "joins of joins": "{{ wish.context" + "|join('---------')" * 20 + " }}",
}


@pytest.mark.parametrize("case", RUNAWAY)
def test_no_template_runs_on(case: str, tmp_path: Path):
    """What it does is counted; it ends soon, and with its file and line where it can."""
    head = HEAD.replace('"route"', '"routes"')
    path = write(tmp_path, f"{head}---\n{RUNAWAY[case]}")
    wish = Wish("Learn to juggle five balls", context="Once upon a time. " * 10_000)
    given = placeholders(wish)
    given["routes"] *= 20
    own = PromptShelf(tmp_path).prompt("tasks")
    with pytest.raises(ConfigError) as caught:
        own.render(given)
    assert caught.value.message.startswith(str(path))
    assert caught.value.hint


def test_a_prompt_that_becomes_too_long_is_not_sent(tmp_path: Path):
    """Ours as well as anybody's."""
    given = placeholders(Wish("Juggle", context="x" * (MAX_RENDERED + 1)))
    with pytest.raises(ConfigError, match="longer than 1,000,000 characters") as caught:
        prompt("decompose").render(given)
    assert "Give less background" in caught.value.hint


UNSAFE = {
    "{{ wish.title.__class__ }}": "unsafe",
    "{{ wish.title.upper }}": "cannot be shown",
    "{{ wish }}": "a dict cannot be shown",
    "{{ none }}": "nothing cannot be shown",
    "{{ true }}": "a bool cannot be shown",
    "{{ wish.titel }}": "no attribute 'titel'",
    "{{ wish.title|fenced('low') }}": "no name for a fence",
    "{{ wish.title|first('x') }}": "argument",
    "{% if wish.title > 3 %}{% endif %}": "not supported",
}


@pytest.mark.parametrize("template", UNSAFE)
def test_a_template_shows_texts_and_numbers_and_reaches_nothing_else(
    template: str, tmp_path: Path
):
    """The sandbox refuses the rest when the prompt is rendered, with the line."""
    path = write(tmp_path, f"{HEAD}---\n\n{template}")
    with pytest.raises(ConfigError) as caught:
        PromptShelf(tmp_path).prompt("tasks").render(placeholders(Wish("Juggle")))
    assert caught.value.message.startswith(f"{path}:9: ")
    assert UNSAFE[template] in caught.value.message


def test_what_a_template_can_do_is_enough_to_write_one(tmp_path: Path):
    """Loops, conditions, parts of texts, and a handful of filters."""
    body = (
        "{% set name = wish.title|upper|lower|trim %}{{ name[0:2] }}\n---\n"
        "{% for each in routes if each.key != 'r1' %}{{ loop.index }}{{ each.key|first }}"
        "{{ ', ' if not loop.last }}{% else %}none{% endfor %}"
        "|{{ routes|length }}|{{ wish.people|join('+') }}|{{ wish.people|last|tojson }}"
    )
    write(tmp_path, HEAD.replace('"route"', '"routes"') + body)
    given = placeholders(Wish(" Juggle", people=("Mira", "Tom"), size="small"))
    system, user = load_prompt("tasks", tmp_path).render(given)
    assert system["content"] == "ju"
    assert user["content"] == '1r|2|Mira+Tom|"Tom"'


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path):
    """Nor is one that leads nowhere; within the folder links are fine."""
    folder = tmp_path / "mine"
    write(folder, GOOD, "really.md")
    (folder / "tasks.md").symlink_to("really.md")
    assert load_prompt("tasks", folder).version == 7
    secret = write(tmp_path, GOOD, "secret.md")
    (folder / "tasks.md").unlink()
    (folder / "tasks.md").symlink_to(secret)
    with pytest.raises(ConfigError, match="leads out of the folder"):
        load_prompt("tasks", folder)
    (folder / "tasks.md").unlink()
    (folder / "tasks.md").symlink_to("nowhere.md")
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load_prompt("tasks", folder)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path):
    """A folder or a pipe of that name is named."""
    (tmp_path / "tasks.md").mkdir()
    with pytest.raises(ConfigError, match=r"tasks\.md is no file"):
        load_prompt("tasks", tmp_path)
    os.mkfifo(tmp_path / "packages.md")
    with pytest.raises(ConfigError, match=r"packages\.md is no file"):
        load_prompt("packages", tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    """A typing error in the settings is no silent return to our prompts."""
    with pytest.raises(ConfigError, match=r"no folder .*nowhere with prompts") as caught:
        PromptShelf(tmp_path / "nowhere").prompt("tasks")
    assert "planning.prompts" in caught.value.hint


def test_strangers_in_the_folder_are_found(tmp_path: Path):
    """Misspelt names would go unnoticed; a README may be there."""
    write(tmp_path, GOOD)
    write(tmp_path, "x", "README.md")
    stranger = write(tmp_path, GOOD, "task.md")
    example = write(tmp_path, "x", "examples/tasks.fi.md")
    assert PromptShelf(tmp_path).strangers() == (example, stranger)
    assert PromptShelf().strangers() == ()


def test_our_own_prompts_pass_the_checks_of_others(tmp_path: Path):
    """A copy of each can be the beginning of one's own."""
    for name in ORDER:
        write(tmp_path, prompt(name).text, f"{name}.md")
        own = load_prompt(name, tmp_path)
        assert (own.inputs, own.optional) == (prompt(name).inputs, prompt(name).optional)
        given = placeholders(Wish("Juggle"))
        assert own.render(given) == prompt(name).render(given)
