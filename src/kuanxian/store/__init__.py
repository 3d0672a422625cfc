"""The database: a PostgreSQL of our own or the lender's, its roles and its migrations.

Read ``place.py`` (which database), ``roles.py`` (who may do what), ``migrate.py`` (the
schema, up and down), then ``server.py`` (the PostgreSQL that comes with the package).
"""
