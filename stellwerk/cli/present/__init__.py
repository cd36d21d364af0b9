"""Answers as text and as JSON data, a module for each kind of answer."""
