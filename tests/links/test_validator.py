"""The validator as a plan meets it: where URLs stand, and what is said of each."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from stellwerk.plugins.api import Severity, Subject, Validator
from stellwerk_links import validator
from stellwerk_links.outcomes import Kind, Outcome
from stellwerk_links.validator import VALIDATOR, Place, findings, places
from tests.links.conftest import Serve
from tests.links.doubles import checker
from tests.links.servers import leads, status
from tests.validation.notation import plan_of

ROOT = Path(__file__).parents[2]


def subject(**notes: str) -> Subject:
    """Return a plan with notes, `r1_1_1` for the work package `r1.1.1`."""
    texts = {ref.replace("_", "."): text for ref, text in notes.items()}
    return Subject(plan_of(", ".join(texts)), texts)


def sources(*urls: str) -> str:
    """Return a note with sources."""
    return "## Sources\n\n" + "".join(f"- {url} (a page)\n" for url in urls)


def test_it_is_announced_and_runs_only_when_it_is_named():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    points = project["project"]["entry-points"]["stellwerk.validators"]
    assert points["links"] == "stellwerk_links.validator:VALIDATOR"
    assert (
        "plugins/stellwerk_links"
        in (project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    )
    assert isinstance(VALIDATOR, Validator)
    assert VALIDATOR.default is False


def test_its_codes_never_count_for_the_score():
    assert [code.code for code in VALIDATOR.codes] == ["SW910", "SW911", "SW912", "SW913"]
    assert {(code.aspect, code.cost) for code in VALIDATOR.codes} == {(None, 0.0)}


def test_it_imports_nothing_of_stellwerk_but_the_api():
    modules = [*(ROOT / "plugins/stellwerk_links").glob("*.py")]
    assert len(modules) > 5
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            own = {name for name in names if name.split(".")[0] == "stellwerk"}
            assert own <= {"stellwerk.plugins.api"}, module.name


def test_loading_it_loads_neither_network_nor_cache():
    code = (
        "import sys, stellwerk_links.validator as v;"
        "from stellwerk.plugins.api import Subject;"
        "from tests.validation.notation import plan_of;"
        "assert not list(v.VALIDATOR(Subject(plan_of('r1.1.1'))));"
        "heavy = ('httpx2', 'diskcache', 'stellwerk_links.checking', 'stellwerk_links.asking');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr


def test_urls_of_sources_and_images_are_found_once_for_a_package():
    note = """## Summary

See https://summary.example.org/ first.

## Sources

- https://a.example.org/page (A)
- again https://a.example.org/page, and [B](http://b.example.org/x).
- ftp://c.example.org/file.txt.
- HTTPS://D.example.org/
- http://[::1]/admin
- no URL at all, mailto:ada@example.org

## Images

- https://a.example.org/page/image.png
"""
    assert places(subject(r1_1_1=note)) == [
        Place("r1.1.1", "https://a.example.org/page"),
        Place("r1.1.1", "http://b.example.org/x"),
        Place("r1.1.1", "ftp://c.example.org/file.txt"),
        Place("r1.1.1", "HTTPS://D.example.org/"),
        Place("r1.1.1", "http://[::1]/admin"),
        Place("r1.1.1", "https://a.example.org/page/image.png"),
    ]


def test_a_url_of_several_packages_is_asked_once_and_reported_for_each(serve: Serve):
    site = serve({"/here": status(200), "/old": leads("/new", 301), "/new": status(200)})
    gone, old = site.url("/gone"), site.url("/old")
    plan = subject(
        r1_1_1=sources(gone, site.url("/here")),
        r1_1_2=sources(gone, f"{old}#part"),
        r2_1_1=sources("http://10.0.0.1/"),
    )
    found = places(plan)
    told = [*findings(found, checker(site).outcomes(place.url for place in found))]
    assert [(each.code, each.severity, each.ref, each.quote) for each in told] == [
        ("SW910", Severity.WARNING, "r1.1.1", gone),
        ("SW910", Severity.WARNING, "r1.1.2", gone),
        ("SW913", Severity.INFO, "r1.1.2", f"{old}#part"),
        ("SW912", Severity.INFO, "r2.1.1", "http://10.0.0.1/"),
    ]
    assert told[0].message == f"r1.1.1: {gone} does not exist (404)."
    assert told[2].hint == f"Write {site.url('/new')}#part instead."
    assert told[3].message.endswith("was not asked: 10.0.0.1 is not on the public internet.")
    assert site.asked.count("HEAD /gone") == 1


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Kind.MISSING, "SW910"),
        (Kind.NO_HOST, "SW910"),
        (Kind.SILENT, "SW911"),
        (Kind.UNASKED, "SW912"),
        (Kind.UNCLEAR, None),
        (Kind.FOUND, None),
    ],
)
def test_each_outcome_has_its_code(kind: Kind, code: str | None):
    place = Place("r1.1.1", "https://a.example.org/")
    told = [*findings([place], {place.url: Outcome(kind, "did this")})]
    assert [each.code for each in told] == ([code] if code else [])
    if code:
        assert told[0].message == "r1.1.1: https://a.example.org/ did this."
        assert told[0].hint


def test_what_is_said_is_safe_to_print():
    url = "http://a.example.org/\x1b[31mred\x07"
    found = places(subject(r1_1_1=sources(url)))
    told = [*findings(found, checker().outcomes(place.url for place in found))]
    assert [each.code for each in told] == ["SW912"]
    assert (told[0].message + told[0].quote + told[0].hint).isprintable()


def test_a_private_source_is_not_asked_by_the_check_as_it_comes(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """No setting and no variable opens the local network to it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    site = serve({"*": status(200)})
    urls = [
        "http://127.0.0.1:8080/",
        "http://localhost:8080/",
        "http://[::1]:8080/",
        site.url(),
    ]
    told = [*VALIDATOR(subject(r1_1_1=sources(*urls)))]
    assert [(each.code, each.quote) for each in told] == [
        ("SW912", url) for url in (*urls[:2], urls[3], urls[2])
    ]
    assert site.connections == 0
    assert validator.STELLWERK_API == 1
