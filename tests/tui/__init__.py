"""The signal box."""
