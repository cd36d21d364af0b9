"""The examples of checks do what they promise: each command of their files is run."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
HOOK = EXAMPLES / "pre-commit/.pre-commit-config.yaml"
WORKFLOW = EXAMPLES / "ci/validate-plans.yml"


class Repository:
    """Somebody's git repository with a plan in it, and a shell in its root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        homes = {f"XDG_{n}_HOME": str(folder.parent / n) for n in ("DATA", "CONFIG", "STATE")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        names = {
            f"GIT_{who}_{what}": "ada@example.org" if what == "EMAIL" else "Ada"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        self.environ = {**os.environ, **homes, **names, "PATH": path, "PIP_NO_INDEX": "1"}
        (folder / "plans").mkdir(parents=True)
        self("git init -q")
        self('stellwerk plan "Launch a SaaS product" -q')
        self("stellwerk export -o plans/launch.md")

    def __call__(self, line: str, code: int = 0) -> str:
        """Run a line of shell, which must end as expected; return what it said."""
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", line],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, f"{line}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    @property
    def plan(self) -> str:
        """The text of its plan."""
        return (self.folder / "plans/launch.md").read_text(encoding="utf-8")

    def write(self, text: str) -> None:
        """Write another text into the file of its plan."""
        (self.folder / "plans/launch.md").write_text(text, encoding="utf-8")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a repository with a plan."""
    return Repository(tmp_path / "work")


def setting(name: str, file: Path) -> str:
    """Return a value of a YAML file that has it on one line."""
    found = re.search(rf"^\s*{name}: (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


def runs() -> list[str]:
    """Return the `run:` lines of the workflow."""
    return re.findall(r"^\s*run: (.+)$", WORKFLOW.read_text(encoding="utf-8"), re.MULTILINE)


def hooked(repository: Repository, code: int = 0) -> str:
    """Run the hook as pre-commit does: its entry, with the staged files that it is for."""
    wanted = re.compile(setting("files", HOOK))
    repository("git add .")
    staged = repository("git diff --cached --name-only").splitlines()
    files = [name for name in staged if wanted.search(name)]
    assert files == ["plans/launch.md"]
    return repository(f"{setting('entry', HOOK)} {shlex.join(files)}", code)


def test_the_hook_stops_a_commit_with_warnings_and_lets_a_sound_plan_through(
    repository: Repository,
):
    (repository.folder / "README.md").write_text("# No plan\n", encoding="utf-8")
    first = re.compile(r"^  1\. .*$", re.MULTILINE)
    vague = first.sub("  1. Do research", repository.plan, count=1)
    repository.write(vague)
    told = hooked(repository, 3)
    assert "SW306 warning" in told
    assert re.search(r"plans/launch\.md:\d+", told)
    repository('printf "[validation]\\nselect = [\\"SW2\\"]\\n" > stellwerk2.toml')
    assert "No findings." in hooked(repository)


def test_the_hook_names_the_line_of_what_no_plan_can_break(repository: Repository):
    broken = repository.plan.replace('after = ["r1"]', 'after = ["r1", "r8"]', 1)
    repository.write(broken)
    assert "SW200 error" in hooked(repository, 3)


def test_every_line_of_the_workflow_runs(repository: Repository):
    lines = runs()
    assert [line.split()[0] for line in lines] == ["python", "stellwerk", "stellwerk", "for"]
    assert setting("STELLWERK_DB", WORKFLOW) == "ci.db"
    repository.environ["STELLWERK_DB"] = "ci.db"
    told = [repository(line) for line in lines]
    assert "::" in told[1]
    assert "Quality" in told[3]
    log = json.loads((repository.folder / "findings.sarif").read_text(encoding="utf-8"))
    results = log["runs"][0]["results"]
    places = [result["locations"][0]["physicalLocation"] for result in results]
    assert {place["artifactLocation"]["uri"] for place in places} == {"plans/launch.md"}
    assert not (repository.folder / "ci.db").exists(), "nothing is stored"


def test_the_workflow_fails_on_a_plan_that_nobody_can_work_by(repository: Repository):
    emptied = re.sub(r"^  (?!#).+$", "  ", repository.plan, flags=re.MULTILINE)
    repository.write(emptied)
    assert "below 0.7" in repository(runs()[3], 3)
