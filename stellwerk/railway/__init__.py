"""Plans drawn as railways.

Lives here: lanes, tracks and the text they become.
Does not live here: what is live or ready (domain), colours (the command line).
May import: domain.
"""
