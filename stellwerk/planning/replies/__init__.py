"""How a reply becomes data that fits a draft: found, repaired, tidied, coerced.

Lives here: pure functions from text and JSON data to JSON data. What was changed and what
is wrong is told to a `Place`. Does not live here: the order of the steps (`structured`).
"""
