"""Formats of papers, one a file named after its suffix, each with ``to_bytes(paper) -> bytes``."""
