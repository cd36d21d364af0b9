"""Copies of a database: backups made while it is in use, and goals brought back from them.

Lives here: backup, restore, and the compares that prove them.
Does not live here: the copy that an upgrade makes first (`storage.migrate`).
"""
