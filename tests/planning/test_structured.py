"""A reply is a draft, or an error that says what is wrong with it and where."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from pydantic import Field

from stellwerk.domain import limits
from stellwerk.planning import drafts
from stellwerk.planning.drafts import (
    Draft,
    PackageDraft,
    PackagesDraft,
    RefinedDraft,
    ReviewDraft,
    StructureDraft,
    TasksDraft,
)
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import ModelReply, Usage
from stellwerk.planning.structured import Drafted, Where, draft_of
from tests.planning.drafts import package, packages, structure, tasks

REVIEW = {
    "summary": "Fine, but for one thing.",
    "problems": [
        {
            "key": "r1.1.1",
            "quote": "Do it",
            "problem": "Vague.",
            "change": "Name the tool.",
            "severity": "high",
            "confidence": 0.75,
        }
    ],
}
ANSWERS: list[tuple[type[Draft], dict[str, Any], str]] = [
    (StructureDraft, structure(), ""),
    (TasksDraft, tasks("r1", 3), "r1"),
    (PackagesDraft, packages("r1.1", 2), "r1.1"),
    (RefinedDraft, package("r1.1.1"), "r1.1.1"),
    (ReviewDraft, REVIEW, ""),
]
ANYWHERE = Where()
CUT = {FailureKind.TRUNCATED, FailureKind.NOT_JSON}


def failed(kind: type[Draft], reply: ModelReply, where: Where = ANYWHERE) -> ModelError:
    """Return the error of a reply that makes no draft."""
    with pytest.raises(ModelError) as caught:
        draft_of(kind, reply, "tasks of “r1”", where)
    return caught.value


@pytest.mark.parametrize(("kind", "data", "subject"), ANSWERS)
def test_a_good_reply_passes_unchanged(kind: type[Draft], data: dict[str, Any], subject: str):
    """As data, or as JSON text; with what it was asked about, or without."""
    text = json.dumps(data)
    for reply in (ModelReply(data=data), ModelReply(text=text)):
        for where in (Where(), Where(subject)):
            made = draft_of(kind, reply, "x", where)
            assert made == Drafted(kind.model_validate(data))
            assert made.draft.model_dump(exclude_unset=True) == data


def test_answers_that_are_parsed_already_import_no_repair():
    """Planning from playbooks does not pay for it."""
    code = (
        "import sys\n"
        "from stellwerk.planning.drafts import TasksDraft\n"
        "from stellwerk.planning.models import ModelReply\n"
        "from stellwerk.planning.structured import draft_of\n"
        "data = {'tasks': [{'key': 'r1.1', 'title': 'Throw'}]}\n"
        "draft_of(TasksDraft, ModelReply(data=data))\n"
        "print('stellwerk.planning.replies.reading' in sys.modules)\n"
        "draft_of(TasksDraft, ModelReply(text='Here: ' + repr(data).replace(chr(39), chr(34))))\n"
        "print('json_repair' in sys.modules)\n"
        "draft_of(TasksDraft, ModelReply(text=repr(data)))\n"
        "print('json_repair' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False", "True"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("```json\n", "\n```"),
        ("<think>Hm.</think>Here you are:\n", "\nAnything else?"),
    ],
)
@pytest.mark.parametrize("quote", ['"', "'", "“"])
def test_a_reply_cut_off_at_any_byte_is_never_half_a_plan(before: str, after: str, quote: str):
    """Whatever the finish reason says, and whatever could be repaired."""
    data = {
        "tasks": [{"key": "r1.1", "title": "Werfen, üben"}, {"key": "r1.2", "title": "Fangen"}]
    }
    body = json.dumps(data, ensure_ascii=False).replace('"', quote)
    whole = f"{before}{body}{after}".encode()
    end = len(f"{before}{body}".encode())
    for length in range(end):
        text = whole[:length].decode(errors="ignore")
        kind = failed(TasksDraft, ModelReply(text=text, model="m1")).kind
        assert kind is FailureKind.TRUNCATED or (kind in CUT and "{" not in text), text
    for length in range(end, len(whole) + 1):
        text = whole[:length].decode(errors="ignore")
        assert len(draft_of(TasksDraft, ModelReply(text=text)).draft.tasks) == 2


@pytest.mark.parametrize("length", range(1, len(json.dumps(json.dumps(tasks("r1"))))))
def test_json_in_a_text_of_json_cut_off_is_no_plan_either(length: int):
    """One quotation mark alone is missing in the longest of them."""
    text = json.dumps(json.dumps(tasks("r1")))[:length]
    if length == len(json.dumps(json.dumps(tasks("r1")))) - 1:
        assert draft_of(TasksDraft, ModelReply(text=text)).draft.tasks[0].key == "r1.1"
    else:
        assert failed(TasksDraft, ModelReply(text=text)).kind in CUT


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("length", FailureKind.TRUNCATED),
        ("refusal", FailureKind.REFUSED),
        ("filtered", FailureKind.FILTERED),
        ("other", FailureKind.TRUNCATED),
        ("tool_calls", FailureKind.TRUNCATED),
    ],
)
def test_a_reply_that_did_not_end_by_itself_is_refused(reason: Any, kind: FailureKind):
    """Not even if it could be read, as text or as data."""
    for reply in (
        ModelReply(data=tasks("r1"), finish_reason=reason),
        ModelReply(text=json.dumps(tasks("r1")), finish_reason=reason),
    ):
        assert failed(TasksDraft, reply).kind is kind


def test_an_error_carries_all_that_is_known_of_the_reply():
    """So that what it cost is counted, and the model can be shown what it said."""
    data = {"tasks": [{"title": ""}, {"title": "x"}, {}]}
    reply = ModelReply(data=data, model="m1", usage=Usage(1, 2, 3), request_id="q7")
    error = failed(TasksDraft, reply, Where("r1"))
    assert error.message == (
        "The answer of m1 to tasks of “r1” does not fit:"
        " /tasks/0/title: must not be empty (and 1 more)."
    )
    assert error.problems == (
        "/tasks/0/title: must not be empty",
        "/tasks/2/title: is missing",
    )
    assert (error.usage, error.request_id) == (Usage(1, 2, 3), "q7")
    assert json.loads(error.raw) == data


def test_an_error_without_a_question_names_the_model_alone():
    """And says what to do next where somebody can do something."""
    with pytest.raises(ModelError) as caught:
        draft_of(TasksDraft, ModelReply(model="m1", finish_reason="length"))
    assert caught.value.message == "The answer of m1 was cut off."
    assert caught.value.hint.startswith("Ask for a smaller plan")


def test_a_number_that_python_will_not_write_is_told_all_the_same():
    """It has more digits than Python turns into text."""
    error = failed(StructureDraft, ModelReply(data=structure(unit_hours=10**5000)))
    assert error.problems == (
        "/unit_hours: must be a number, not a number of thousands of digits",
    )


@pytest.mark.parametrize("data", [{1, 2}, {"tasks": {1, 2}}, {"tasks": [object()]}, b"x"])
def test_data_that_is_no_json_does_not_fit(data: Any):
    """A provider may hand over anything; what cannot be written is not shown."""
    error = failed(TasksDraft, ModelReply(data=data, model="m1"))
    assert (error.kind, error.raw) == (FailureKind.INVALID, "")


def test_a_long_list_of_problems_is_cut():
    """Thirty are enough to mend an answer."""
    error = failed(PackagesDraft, ModelReply(data={"packages": [{"title": "x"}] * 50}))
    assert len(error.problems) == 30
    assert error.message.endswith("(and 299 more).")


def test_keys_are_ours_and_follow_the_subject():
    """What is asked about decides them; without it, those that differ are kept."""
    data = {"tasks": [{"key": "a", "title": "Throw"}, {"key": "b", "title": "Catch"}]}
    keys = {
        subject: [
            t.key for t in draft_of(TasksDraft, ModelReply(data=data), "", where).draft.tasks
        ]
        for subject, where in (("", Where()), ("r4", Where("r4")))
    }
    assert keys == {"": ["a", "b"], "r4": ["r4.1", "r4.2"]}


def test_keys_with_gaps_are_kept_for_they_may_be_known_elsewhere():
    """A playbook whose second task was removed goes on calling its third one so."""
    data = {"tasks": [{"key": "r1.1", "title": "Throw"}, {"key": "r1.3", "title": "Catch"}]}
    made = draft_of(TasksDraft, ModelReply(data=data), "", Where("r1"))
    assert ([task.key for task in made.draft.tasks], made.notes) == (["r1.1", "r1.3"], ())


@pytest.mark.parametrize(
    ("told", "unit_hours", "length"),
    [
        ("30 Minuten", 1, 1),
        ("90 min", 1, 2),
        ("2 Tage", 4, 4),
        ("1 week", 10, 4),
        ("1 week", 1, 8),
        ("3 Monate", 0.1, 8),
    ],
)
def test_a_time_becomes_a_length_by_the_hours_of_a_unit(
    told: str, unit_hours: float, length: int
):
    """A day has eight hours of work, a week forty; the result stays between 1 and 8."""
    data = {"packages": [package("r1.1.1", length=told)]}
    where = Where("r1.1", unit_hours)
    made = draft_of(PackagesDraft, ModelReply(data=data), "", where)
    assert made.draft.packages[0].length == length
    assert made.notes == (f"/packages/0/length: “{told}” read as {length}",)


@pytest.mark.parametrize(("language", "hours"), [("de", 1234), ("en", 1.234)])
def test_the_language_decides_what_a_point_before_three_digits_means(
    language: str, hours: float
):
    """Every other number is the same in both."""
    data = {"packages": [package("r1.1.1", hours={"p50": "1.234"})]}
    made = draft_of(PackagesDraft, ModelReply(data=data), "", Where("r1.1", 1, language))
    assert made.draft.packages[0].hours is not None
    assert made.draft.packages[0].hours.p50 == hours


class _Poem(Draft):
    """A draft that a plugin could ask for."""

    verses: list[str] = Field(min_length=1)
    rhyme: str = Field(default="aabb", pattern="^[a-z]+$")


def test_a_draft_nobody_knows_is_read_by_its_own_fields():
    """Wrappers and fences are dealt with, nothing is coerced."""
    text = '```json\n{"result": {"verses": ["Up", "Down"]}}\n```'
    assert draft_of(_Poem, ModelReply(text=text)).draft.verses == ["Up", "Down"]
    error = failed(_Poem, ModelReply(data={"verses": []}))
    assert error.problems == ("/verses: must have at least 1 items and has 0",)
    error = failed(_Poem, ModelReply(data={"verses": ["Up"], "rhyme": "1"}))
    assert error.problems == ("/rhyme: String should match pattern '^[a-z]+$'",)


def schemas(kind: type[Draft]) -> dict[str, dict[str, Any]]:
    """Return the schemas of a draft and of all that it holds, by name."""
    schema = kind.model_json_schema()
    return {kind.__name__: schema, **schema.get("$defs", {})}


KINDS = [kind for kind, _, _ in ANSWERS]


@pytest.mark.parametrize("kind", KINDS)
def test_no_draft_asks_for_an_object_with_names_of_the_models_own(kind: type[Draft]):
    """Providers that hold a model to a schema make such objects empty or leave them open."""
    for schema in schemas(kind).values():
        assert "additionalProperties" not in json.dumps(schema)
        assert schema["properties"]


def test_bounds_in_the_schema_are_those_of_the_plan():
    """What a validator enforces, a model is told."""
    told = schemas(PackagesDraft)["PackageDraft"]["properties"]
    assert told["steps"]["minItems"] == limits.MIN_STEPS
    assert told["done_when"]["minItems"] == limits.MIN_CRITERIA
    assert told["risks"]["minItems"] == limits.MIN_RISKS
    assert (told["length"]["minimum"], told["length"]["maximum"]) == limits.LENGTH
    assert (told["grade"]["minimum"], told["grade"]["maximum"]) == limits.GRADE
    assert told["title"]["maxLength"] == limits.MAX_TITLE


def test_the_fields_of_a_package_say_what_belongs_into_them():
    """A description travels with each field whose name does not say it all."""
    told = schemas(PackagesDraft)["PackageDraft"]["properties"]
    plain = {"risks", "sources", "images", "hours"}
    assert {name for name, field in told.items() if "description" not in field} == plain


def test_a_refined_package_is_a_package():
    """So it takes the place of one."""
    assert issubclass(RefinedDraft, PackageDraft)
    assert drafts.RefinedDraft.model_validate(package("r1.1.1")).key == "r1.1.1"
