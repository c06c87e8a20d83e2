"""人民网, by its site maps."""
