"""Plans on disk.

Lives here: the schema (SQLModel), its migrations, the repository, what is SQLite's own.
Does not live here: rules of plans, formats of files, what a goal is called on a screen.
May import: domain and planning's ports. Nothing else in Stellwerk imports sqlmodel.
"""
