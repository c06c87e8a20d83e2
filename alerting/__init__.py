"""Telling people: channels, the texts of notices, retries. Knows casework alone."""
