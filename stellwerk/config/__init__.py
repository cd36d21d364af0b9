"""Settings: what there is to set, where it was set, and writing it down.

Lives here: the table of settings, finding and reading `stellwerk2.toml`, trust in project
files, where a value came from, API keys, the folders Stellwerk keeps its files in.
Does not live here: what a setting means to the part that uses it, prompts for a key,
words on a screen.
May import: `stellwerk.domain` and `stellwerk.errors`.
"""
