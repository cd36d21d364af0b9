"""Asking the web whether the sources of a plan answer; runs only when it is named.

Lives here: the validator `links`, what may be asked, how it is asked, what is remembered.
Imports nothing of Stellwerk but `stellwerk.plugins.api`.
"""
