"""The entry point of the command line."""

from __future__ import annotations


def main() -> None:
    """Run Stellwerk."""
    from stellwerk.cli.main import run

    run()


if __name__ == "__main__":
    main()
