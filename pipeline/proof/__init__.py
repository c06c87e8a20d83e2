"""The counted run on real input (``../shared``): every number in, through all stages, on both stores.

``python -m pipeline.proof`` runs it; ``--tenth`` takes a tenth of every input. What it shows is what the documents say.
"""
