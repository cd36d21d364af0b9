"""A made-up user for tests of the settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from stellwerk.config import locations
from stellwerk.config.discovery import load
from stellwerk.config.settings import Settings
from stellwerk.config.trust import Trust


class House:
    """A made-up user: home folder, project folder, environment, settings files."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home"
        self.project = self.home / "work" / "project"
        self.project.mkdir(parents=True)
        self.environ = {"HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / "conf")}
        self.user_file = locations.user_file(self.environ)
        self.project_file = self.project / "stellwerk2.toml"
        self.user_file.parent.mkdir(parents=True)

    def load(
        self, flags: dict[str, object] | None = None, cwd: Path | None = None
    ) -> Settings:
        """Load the settings as a command run in the project would."""
        return load(cwd or self.project, self.environ, flags or {})

    def trust(self) -> None:
        """Trust the project file as it is now."""
        store = Trust(locations.trust_file(self.environ))
        store.trust(self.project_file, self.project_file.read_bytes())

    def python(self, code: str, *path: Path) -> str:
        """Run Python code in a fresh interpreter; return what it prints."""
        repository = Path(__file__).parents[2]
        environ = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (repository, *path)))}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environ,
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout.strip()
