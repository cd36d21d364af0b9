"""Make the generated pages of the reference: `python docs/reference/generate.py [--check]`.

With `--check` nothing is written; pages that are not up to date are named, with exit code 1.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from generators import (
    edits,
    errors,
    fields,
    findings,
    json_answers,
    progress_events,
    settings,
    verbs,
)

HERE = Path(__file__).parent
PAGES = {
    "verbs.md": verbs.page,
    "settings.md": settings.page,
    "fields.md": fields.page,
    "edits.md": edits.page,
    "errors.md": errors.page,
    "findings.md": findings.page,
    "json.md": json_answers.page,
    "progress-events.md": progress_events.page,
}


def main() -> int:
    """Write the pages, or check them; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, name old pages")
    checking = parser.parse_args().check
    old = []
    for name, page in PAGES.items():
        path, text = HERE / name, page()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        old.append(name)
        if not checking:
            path.write_text(text, encoding="utf-8")
    for name in old:
        print(f"docs/reference/{name} {'is out of date' if checking else 'was written'}")
    return 1 if old and checking else 0


if __name__ == "__main__":
    sys.exit(main())
