"""The rules, pure: no input or output, no clock (``now`` is an argument), the standard library alone."""
