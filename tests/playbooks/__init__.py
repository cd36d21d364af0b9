"""Tests of the offline provider: what stands in playbooks, and when which is taken."""
