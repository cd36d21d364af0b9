"""Plans as files, one module or folder for each format.

Lives here: reading and writing formats, and refusing what is hostile or broken in them.
Does not live here: the store, the terminal; who asked for a file and where it goes.
May import: planning, domain.
"""
