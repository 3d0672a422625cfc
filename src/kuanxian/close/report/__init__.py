"""The report: ``render.py`` puts it together, the other files are its parts."""
