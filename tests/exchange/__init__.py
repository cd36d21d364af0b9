"""Tests of formats: what goes out comes back, what is broken is refused in a sentence."""
