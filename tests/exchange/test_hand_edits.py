"""What somebody does to an exported file on a forge or in an editor means what it seems."""

from __future__ import annotations

from dataclasses import replace

from stellwerk.domain.plan import RouteKind
from stellwerk.domain.work import Standing, Status
from stellwerk.exchange import markdown
from tests.exchange.samples import (
    NOTES,
    a_document,
    edited,
    folder,
    line_of,
    one_file,
    read,
    read_folder,
)

FRESH = f"{1000:032x}"
PACKAGE_B = one_file().split("\n")[line_of(one_file(), "Count answers") - 1]


def test_the_sample_comes_back():
    """The plan, its notes, counters and aliases are those that were exported."""
    found, document = read(one_file()), a_document()
    assert found.plan == document.plan
    assert found.notes == NOTES
    assert found.book == document.book
    assert read_folder(folder()) == found


def test_a_ticked_box_makes_a_package_done_and_changes_nothing_else():
    """The rest of the plan is what it was."""
    plan = read(edited(one_file(), ("- [ ] Ask", "- [x] Ask"))).plan
    assert plan.package("a").standing == Standing(Status.DONE)
    before = a_document().plan
    assert [p for p in plan.packages if p.uid != "a"] == [
        p for p in before.packages if p.uid != "a"
    ]
    assert (plan.goal, plan.edges, plan.switches) == (
        before.goal,
        before.edges,
        before.switches,
    )


def test_a_box_is_ticked_by_any_bullet_and_either_letter():
    """`* [X]` on a forge is as good as `- [x]`."""
    text = edited(one_file(), ("- [ ] Ask", "* [X] Ask"), ("- [ ] Count", "* [x] Count"))
    plan = read(text).plan
    assert [p.status for p in plan.route("r-ask").packages] == [Status.DONE, Status.DONE]


def test_an_unticked_box_opens_a_package_again():
    """Done becomes todo."""
    plan = read(edited(one_file(), ("- [x] Sell", "- [ ] Sell"))).plan
    assert plan.package("c").status is Status.TODO


def test_a_ticked_box_wins_over_the_status_in_the_marker():
    """Somebody who ticks a box that waits means that it is done."""
    text = edited(
        one_file(), ("- [ ] Rest", "- [x] Rest"), ('"e", ', '"e", status = "doing", ')
    )
    assert read(text).plan.package("e").status is Status.DONE


def test_changed_titles_are_taken_and_nothing_is_born():
    """Route, task, package, decision, option, person and goal can be renamed in place."""
    text = edited(
        one_file(),
        ("# A goal\n", "# Another goal\n"),
        ("## Ask <", "## Inquire <"),
        ("### Task t1", "### First"),
        ("] Ask people", "] Ask *three* people"),
        ("### Decision: Money?", "### Pay?"),
        ("- Take none", "- Give it away"),
        ("- Ada", "- Ada L."),
    )
    plan = read(text).plan
    assert plan.goal.title == "Another goal"
    assert plan.goal.slug == "a-goal"
    names = ("r-ask", "t1", "a", "d", "o-give", "ada")
    assert [plan.name(uid) for uid in names] == [
        "r1 Inquire",
        "r1.1 First",
        "r1.1.1 Ask *three* people",
        "d1 Pay?",
        "d1.b Give it away",
        "p1 Ada L.",
    ]
    assert plan.index.items.keys() == a_document().plan.index.items.keys()


def test_changed_texts_are_taken():
    """Descriptions, notes, prompts and trade-offs, with whatever Markdown stands in them."""
    text = edited(
        one_file(),
        ("Why not.", "Why not.\n\nBecause:\n\n- a\n- b\n\n    code"),
        ("Find out.", "Find *out*.\n\n```sh\n# no heading\n- [ ] no package\n```"),
        ("  Just a line.", "  Two\n  lines.\n\n  - [x] ticked\n\n  ```\n  ## code\n  ```"),
        ("Think.", "> Think."),
        ("  Feeds us.", "  Feeds us.\n\n  1. And others."),
    )
    found = read(text)
    plan = found.plan
    assert plan.goal.description == "Why not.\n\nBecause:\n\n- a\n- b\n\n    code"
    assert plan.route("r-ask").description == (
        "Find *out*.\n\n```sh\n# no heading\n- [ ] no package\n```"
    )
    assert found.notes["c"] == "Two\nlines.\n\n- [x] ticked\n\n```\n## code\n```\n"
    assert plan.switch("d").prompt == "> Think."
    assert plan.switch("d").options[0].tradeoff == "Feeds us.\n\n1. And others."
    assert [plan.ref(p.uid) for p in plan.packages] == [
        "r1.1.1",
        "r1.1.2",
        "r2.1.1",
        "r4.1.1",
    ]


def test_a_checkbox_without_a_marker_is_a_new_package():
    """It gets a number that was never handed out, a fresh uid and its notes."""
    new = "- [x] Thank them\n\n  ## Steps\n\n  1. Write.\n\n### Decision"
    found = read(edited(one_file(), ("### Decision", new)))
    package = found.plan.package(FRESH)
    assert found.plan.name(FRESH) == "r1.1.4 Thank them"
    assert (package.length, package.grade, package.status) == (1, 3, Status.DONE)
    assert found.notes[FRESH] == "## Steps\n\n1. Write.\n"
    assert found.book.next("t1") == 5


def test_several_new_items_get_numbers_of_their_own():
    """In written order."""
    found = read(edited(one_file(), ("### Decision", "- [ ] X\n- [ ] Y\n\n### Decision")))
    assert [found.plan.name(p.uid) for p in found.plan.route("r-ask").packages][2:] == [
        "r1.1.4 X",
        "r1.1.5 Y",
    ]


def test_a_deeper_heading_without_a_marker_is_a_new_task():
    """With the packages below it."""
    new = "### Thank them\n\nSoon.\n\n- [ ] Write\n- [ ] Send\n\n### Decision"
    plan = read(edited(one_file(), ("### Decision", new))).plan
    task = plan.route("r-ask").tasks[1]
    assert (plan.name(task.uid), task.description) == ("r1.2 Thank them", "Soon.")
    assert [plan.name(p.uid) for p in task.packages] == ["r1.2.1 Write", "r1.2.2 Send"]


def test_a_heading_as_deep_as_the_routes_is_a_new_route():
    """Its number is above the highest that was handed out, not that is shown."""
    new = "## Celebrate\n\nLoudly.\n\n### Invite\n\n- [ ] Ask Ada\n\n## People"
    plan = read(edited(one_file(), ("## People", new))).plan
    route = plan.routes[-1]
    assert [plan.name(r.uid) for r in (route, *route.tasks, *route.packages)] == [
        "r6 Celebrate",
        "r6.1 Invite",
        "r6.1.1 Ask Ada",
    ]
    assert (route.description, route.kind) == ("Loudly.", RouteKind.TRUNK)
    assert plan.index.before[route.uid] == []


def test_a_new_file_in_the_folder_is_a_new_route():
    """The other routes stay as they are and come first."""
    files = folder() | {"routes/celebrate.md": "# Celebrate\n\n## Invite\n\n- [ ] Ask Ada\n"}
    plan = read_folder(files).plan
    assert [plan.ref(route.uid) for route in plan.routes] == ["r1", "r2", "r3", "r4", "r6"]
    assert plan.routes[:4] == a_document().plan.routes
    assert [plan.name(p.uid) for p in plan.routes[4].packages] == ["r6.1.1 Ask Ada"]


def test_an_item_below_people_is_a_new_person():
    """With a number of its own."""
    plan = read(one_file() + "\n- Bob\n\n  Knows the law.\n").plan
    assert plan.name(FRESH) == "p2 Bob"
    assert plan.people[1].notes == "Knows the law."


def test_a_moved_package_keeps_its_uid_and_gets_a_new_ref_with_the_old_one_as_alias():
    """What it needs, and who needs it, stays."""
    text = edited(one_file(), (PACKAGE_B, ""), ("\n## People", f"{PACKAGE_B}\n\n## People"))
    found = read(text)
    before = a_document().plan.package("b")
    assert found.plan.name("b") == "r4.1.2 Count answers"
    assert found.plan.package("b") == replace(before, number=2)
    assert found.book.aliases == {"r1.1.2": "b", "r2.9": "t1"}
    assert found.book.resolve(found.plan, "r1.1.2") == "b"


def test_a_number_is_not_given_again_when_its_item_has_moved_away():
    """The file shows `r4.1.1` elsewhere, so a new package of the task is `r4.1.2`."""
    text = one_file()
    package = text.split("\n")[line_of(text, "] Rest") - 1]
    text = edited(text, (package, "- [ ] New"), ("### Decision", f"{package}\n\n### Decision"))
    found = read(text)
    assert found.plan.name("e") == "r1.1.4 Rest"
    assert found.plan.name(FRESH) == "r4.1.2 New"
    assert found.book.resolve(found.plan, "r4.1.1") == "e"


def test_a_moved_task_takes_its_packages_along():
    """All of them are found by their old refs, too."""
    text = one_file()
    start, stop = text.index("### Task t2"), text.index("## Give away")
    task = text[start:stop]
    found = read(edited(text, (task, ""), ("## People", f"{task}## People")))
    assert [found.plan.name(uid) for uid in ("t2", "c")] == ["r4.2 Task t2", "r4.2.1 Sell"]
    assert found.notes == NOTES
    assert found.book.aliases == {"r2.1": "t2", "r2.1.1": "c", "r2.9": "t1"}


def test_aliases_and_counters_survive_another_round():
    """What a move left behind is written down and read again."""
    text = edited(one_file(), (PACKAGE_B, ""), ("\n## People", f"{PACKAGE_B}\n\n## People"))
    found = read(text)
    again = read(markdown.EXPORTER.files(found, folder=False)["plan.md"])
    assert again == found
    assert again.book.next("t1") == 4


def test_packages_in_another_order_keep_their_refs():
    """Order is what the file shows; refs are for ever."""
    text = edited(one_file(), (PACKAGE_B, ""), ("- [ ] Ask", f"{PACKAGE_B}\n\n- [ ] Ask"))
    task = read(text).plan.route("r-ask").tasks[0]
    assert [package.uid for package in task.packages] == ["b", "a"]
    assert [package.number for package in task.packages] == [2, 1]


def test_a_deleted_package_is_gone():
    """With its notes; nothing else is."""
    found = read(edited(one_file(), (PACKAGE_B, "")))
    assert "b" not in found.plan.index.items
    assert len(found.plan.index.items) == len(a_document().plan.index.items) - 1


def test_text_below_the_packages_belongs_to_their_task():
    """It joins the description, one blank line below it."""
    new = "Do these first.\n\n- [ ] Ask"
    text = edited(
        one_file(), ("- [ ] Ask", new), ("### Decision", "And rest.\n\n### Decision")
    )
    task = read(text).plan.route("r-ask").tasks[0]
    assert task.description == "Do these first.\n\nAnd rest."
    assert len(task.packages) == 2


def test_what_is_written_into_the_generated_part_is_left_out():
    """It will be written anew."""
    text = edited(one_file(), ("| r3 | Give away | 0 | 0 |", "| r3 | Nonsense | 9 | 9 |"))
    assert read(text) == read(one_file())


def test_an_option_is_chosen_by_its_ref():
    """In the marker of the decision."""
    text = edited(one_file(), ('{uid = "d", ', '{uid = "d", chosen = "d1.b", '))
    assert read(text).plan.switch("d").chosen == "o-give"


def test_a_marker_needs_no_uid():
    """Somebody who writes a plan by hand need not make any up."""
    text = edited(one_file(), ('{uid = "c", ', "{"), ('{uid = "ada", ', "{"))
    found = read(text)
    assert found.plan.name(found.plan.index.by_ref["r2.1.1"]) == "r2.1.1 Sell"
    assert found.plan.package("a").assignee == found.plan.index.by_ref["p1"]


def test_the_shortest_plan_is_a_title():
    """All else has a default."""
    text = '+++\nformat = "stellwerk.markdown"\nversion = 2\n+++\n\n# Über alles\n'
    plan = read(text).plan
    assert (plan.goal.title, plan.goal.slug) == ("Über alles", "ueber-alles")
    assert plan.routes == ()


def test_a_time_with_another_zone_is_kept_as_utc():
    """Nobody who edits by hand has to count hours."""
    text = edited(
        one_file(), ('"e", ', '"e", status = "doing", started = 2026-05-01T01:00:00+02:00, ')
    )
    started = read(text).plan.package("e").standing.started_at
    assert started.isoformat() == "2026-04-30T23:00:00+00:00"


def test_a_copied_package_loses_its_marker_to_become_one_of_its_own():
    """As the error for the copy says."""
    copy = PACKAGE_B.partition(" <!--")[0]
    plan = read(edited(one_file(), (PACKAGE_B, f"{PACKAGE_B}\n{copy}"))).plan
    assert plan.name(FRESH) == "r1.1.4 Count answers"
