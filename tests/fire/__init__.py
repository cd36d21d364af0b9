"""The store under fire: many writers, kills at any moment, deaths at every fault point.

`python -m tests.fire` prints one table of figures and exits 1 if anything was lost.
"""
