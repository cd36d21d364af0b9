"""What models are told beside a goal: rules to keep, how long such work took, how it is done.

Lives here: sources (one file each), their ranking, their budget.
Does not live here: settings, databases, questions to models.
"""
