"""A public kit for tests of code that uses Stellwerk.

Lives here: an in-memory plan store and run log, a scripted provider, a frozen clock.
May import: everything but cli, tui and bootstrap.
"""
