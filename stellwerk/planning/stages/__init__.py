"""The stages of planning: one callable each, on values; none knows another."""
