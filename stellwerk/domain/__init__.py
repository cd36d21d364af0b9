"""The plan and its rules.

Lives here: goal, plan, notes, railway, critical path, edits.
Does not live here: clocks, random numbers, files, databases, screens: what a rule needs
of those comes in as an argument.
May import: the standard library and `stellwerk.errors`.
"""
