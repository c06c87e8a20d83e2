"""Labelling by people: samples drawn by a seed, passes of independent readers, agreement, the agreed labels.

The repository holds row ids and labels alone (``nlp/labels``); the texts stay in the folder of the data sets.
Guides: docs/how-to/labelling.md.
"""
