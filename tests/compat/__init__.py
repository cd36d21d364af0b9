"""The tests of providers in environments other than the one they are developed in."""
