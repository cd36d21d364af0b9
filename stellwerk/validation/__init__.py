"""Saying what is wrong, or could be better, with a plan.

Lives here: findings and the validators that make them, one file each.
Does not live here: anything that asks a model, the network or the clock.
May import: domain.
"""
