"""The command line: the only place with a clock. One command a file; see ``main``."""
