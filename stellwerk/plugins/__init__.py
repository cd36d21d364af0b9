"""Plugins: what they may import (`api`), how they are found and loaded.

Lives here: the plugin API, discovery by entry point, the report of what is installed.
Does not live here: any plugin; Stellwerk's own register through the same door.
"""
