"""The command line: verbs that parse, call one service and present what came of it.

Lives here: the command table, verbs, text and JSON of answers, exit codes, completion.
Does not live here: any rule of plans. Nothing else in Stellwerk imports typer.
"""
