"""Tests of planning: wishes, prompts, replies and the pipeline from one to the other."""
