"""Earlier goals that are like a new one: ranked by vectors, judged by gates.

Lives here: words of goals, vectors, gates, the search, copies of plans.
Does not live here: databases, embedders over the wire, questions to people.
"""
