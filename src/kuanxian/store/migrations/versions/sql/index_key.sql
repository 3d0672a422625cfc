-- By which index key a tenant's people are found, as a digest under it. Under another nobody is
-- found and no *no* is known, and both read as none. NULL: people are there, and no key was seen yet.
-- The owner alone takes a row away: where the key is lost for good.
CREATE TABLE vault.index_key (
    tenant text PRIMARY KEY,
    digest bytea CHECK (octet_length(digest) = 16)
);
INSERT INTO vault.index_key (tenant) SELECT DISTINCT tenant FROM vault.person;

-- Whether this is the key; it is from now on where there is none, or nobody to be found. NULL asks
-- whether one may be made.
CREATE FUNCTION vault.knows_index(p_tenant text, p_digest bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    is_open boolean := NOT EXISTS (SELECT FROM vault.index_key k WHERE k.tenant = p_tenant)
        OR NOT EXISTS (SELECT FROM vault.person x WHERE x.tenant = p_tenant);
BEGIN
    IF p_digest IS NULL THEN
        RETURN is_open;
    ELSIF NOT EXISTS (SELECT FROM vault.index_key k
                      WHERE k.tenant = p_tenant AND k.digest = p_digest) THEN
        INSERT INTO vault.index_key AS k VALUES (p_tenant, p_digest)
            ON CONFLICT (tenant) DO UPDATE SET digest = excluded.digest
            WHERE is_open OR k.digest IS NULL;
    END IF;
    RETURN EXISTS (SELECT FROM vault.index_key k
                   WHERE k.tenant = p_tenant AND k.digest = p_digest);
END $$;
REVOKE ALL ON FUNCTION vault.knows_index FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault.knows_index TO kx_vault;
