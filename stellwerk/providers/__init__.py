"""Language models over the wire, and what surrounds every call to one."""
