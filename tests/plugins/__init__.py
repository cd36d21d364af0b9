"""Tests of finding and loading plugins."""
