"""The leak hunt: plant people who do not exist, drive the product, look for them everywhere.

``canaries.py`` makes the people, ``drives.py`` uses the product with them, ``search.py``
looks, ``hunt.py`` does all three: ``python -m tools.leak.hunt --people 1000``.
"""
