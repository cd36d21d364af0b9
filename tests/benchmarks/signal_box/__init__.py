"""What a key costs in the signal box: processor time, bytes, and rows drawn."""
