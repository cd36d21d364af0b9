"""Plans labelled good or bad by their authors, and whether the score ranks them so."""
