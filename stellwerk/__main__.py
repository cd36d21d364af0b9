"""The entry point of the command line."""

from __future__ import annotations

import sys


def main() -> None:
    """Run Stellwerk."""
    try:
        from stellwerk.cli.main import run

        run()
    except KeyboardInterrupt:
        # Pressed before the command line was there to answer it.
        sys.exit(130)


if __name__ == "__main__":
    main()
