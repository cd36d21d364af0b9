"""Saving what can be read of a damaged database into a new one.

Lives here: reading past damage, mending what dangles, judging what is whole.
Does not live here: a change of the damaged file; it stays as it is.
"""
