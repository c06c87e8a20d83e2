"""The pages that show the work and let people act."""
