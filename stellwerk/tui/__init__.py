"""The signal box: Stellwerk on a whole terminal, with the railway to look at and to edit.

`actions` is the one table of what can be done; keys, palette, footer and help are made of it.
`session` holds a goal and carries edits; nothing in `screens` or `widgets` changes a plan by itself.
"""
