"""Checking plans and telling what was found, in the forms that people and programs read.

Lives here: what a call names, places of findings in files, fixes, one file for each form of
output. Does not live here: any rule of plans.
"""
