"""Vault: sealed personal information, and the only way to open it."""
