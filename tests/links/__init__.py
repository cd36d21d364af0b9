"""Tests of asking whether sources answer; all servers are on this machine."""
