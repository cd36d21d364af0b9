"""From a goal to a plan, and from a wish to an edit.

Lives here: the pipeline with its stages, the ports it needs, the dispatcher that carries
edits to the store.
Does not live here: databases, wires, terminals.
May import: validation, domain.
"""
