"""Tests of the drawn railway: it shows the plan and nothing else."""
