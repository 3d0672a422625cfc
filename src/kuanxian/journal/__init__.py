"""The append-only truth: what happened, chained, in a Merkle log, signed now and then.

Read ``entry.py`` (what an entry is and what is hashed), ``append.py`` (the way in),
``writer.py`` (many threads, one commit), ``merkle.py`` and ``checkpoint.py`` (the log and its
signed size), ``log.py`` (the log in the database), ``verify.py`` (is it all as it was?),
``evidence.py`` with ``bundle_verifier.py`` (proof for somebody without the database).
"""
