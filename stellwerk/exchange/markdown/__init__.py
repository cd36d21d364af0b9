"""Plans as Markdown that people edit on a forge or in an editor: a folder, or one file.

TOML front matter carries the goal; every heading and list item that is part of the plan
ends with a marker, an HTML comment with its ref and its fields. `docs/reference/markdown.md`
is the format.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stellwerk.domain.births import Births
from stellwerk.exchange.document import Document
from stellwerk.exchange.markdown.reading import read
from stellwerk.exchange.markdown.writing import folder_files, one_file
from stellwerk.exchange.plan_json import written


class Markdown:
    """Exporter and importer of the format."""

    name = "markdown"
    suffixes = (".md", ".markdown")

    def files(self, document: Document, *, folder: bool) -> dict[str, str]:
        """Return one file, or a folder's: index, routes, and the lossless `plan.json`."""
        if not folder:
            return {"plan.md": one_file(document)}
        return {**folder_files(document), "plan.json": written(document)}

    def read(self, files: Mapping[str, str], births: Births) -> Document:
        """Return the plan in one file or in a folder's Markdown files."""
        texts = {name: text for name, text in files.items() if name.endswith(self.suffixes)}
        return read(texts or files, births)


EXPORTER: Final = Markdown()
IMPORTER: Final = Markdown()
