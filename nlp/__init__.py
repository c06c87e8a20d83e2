"""Judgement: labels, severity, places, units, masking and events, on arrays; scikit-learn only to train and evaluate."""
