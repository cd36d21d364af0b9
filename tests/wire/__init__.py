"""Servers that speak the wire of language models, for tests of whole runs."""
