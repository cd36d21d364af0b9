"""Stellwerk's hot verbs beside other planning tools, measured in one run.

`python -m tests.benchmarks --help` says how; `docs/explanation/speed.md` says what came out.
"""
