"""Collecting: what people say comes in from sites and exports, as post lines in files."""
