"""Broken replies of models, and what must become of each."""
