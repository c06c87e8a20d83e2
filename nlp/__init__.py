"""Judgement: labels, severity, places, units, masking and events. scikit-learn only trains and evaluates."""
