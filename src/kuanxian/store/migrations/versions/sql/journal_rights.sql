REVOKE ALL ON ALL FUNCTIONS IN SCHEMA journal FROM PUBLIC;
GRANT USAGE ON SCHEMA journal TO kx_app, kx_vault, kx_agency, kx_audit;
GRANT SELECT ON journal.entry, journal.leaf, journal.subtree, journal.checkpoint, journal.progress
    TO kx_app, kx_audit;
GRANT EXECUTE ON FUNCTION journal.append_entries TO kx_app, kx_vault, kx_agency;
GRANT EXECUTE ON FUNCTION journal.append_entry TO kx_app, kx_vault, kx_agency;
GRANT EXECUTE ON FUNCTION journal.integrate, journal.add_checkpoint TO kx_app;
GRANT EXECUTE ON FUNCTION journal.micros, journal.header, journal.canonical TO kx_app, kx_audit;
-- The owner keeps what its own functions need, and not what would change a row.
REVOKE UPDATE, DELETE, TRUNCATE ON journal.entry, journal.leaf, journal.subtree, journal.checkpoint
    FROM kx_owner;
