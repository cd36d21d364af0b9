"""Edits: every change of a plan as a value, with its inverse.

Lives here: the edits, applying them, which fields they touch, what they say.
Does not live here: who may edit, where edits are stored.
"""
