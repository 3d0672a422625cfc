"""Alembic's folder: ``env.py`` and, in ``versions``, one file a step of the schema.

A step runs as ``kx_owner`` in one transaction with all the others of the same upgrade. It
writes plain SQL, and its ``downgrade`` leaves nothing of it behind.
"""
