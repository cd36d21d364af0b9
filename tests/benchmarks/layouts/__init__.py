"""How well and how fast graphs of plans are laid out, beside three other engines."""
