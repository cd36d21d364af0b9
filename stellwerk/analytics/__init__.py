"""Numbers about plans, read-only.

Lives here: what to do next and why; later pace, forecast, advice.
Does not live here: anything that changes a plan, or draws one.
May import: domain.
"""
