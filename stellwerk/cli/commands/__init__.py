"""The verbs, one module each; `command` is the function or group behind it."""
