"""Simulators: an aggregator and a dialler on this machine, that behave and misbehave.

What one does depends on the last digit of the number, so a test says what will happen by
whom it sends to. Both are real HTTP servers on loopback and keep no number.
"""
