"""The close: the evening run over a whole book. ``run.py`` is its list of steps."""
