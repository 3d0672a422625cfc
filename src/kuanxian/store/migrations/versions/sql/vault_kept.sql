-- People who are neither frozen nor erased, some at a time: whose time may be over.
-- said_no: a contact who said stop, refused or withdrew, and whose erasure was cut off.
CREATE FUNCTION vault.kept(p_tenant text, p_role text, p_after text, p_most integer)
RETURNS TABLE (person_id text, role text, debtor_id text, said_no boolean)
STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT p.person_id, p.role, coalesce(c.debtor_id, p.person_id),
        coalesce(c.state = 'stopped'
                 OR consent.standing(p.tenant, p.person_id, c.purpose) IN ('refused', 'withdrawn'),
                 false)
    FROM vault.person p LEFT JOIN vault.contact c
        ON c.tenant = p.tenant AND c.contact_id = p.person_id
    WHERE p.tenant = p_tenant AND p.role = p_role AND p.person_id > p_after
        AND p.state IN ('active', 'restricted')
    ORDER BY p.person_id LIMIT p_most;
END;
REVOKE ALL ON FUNCTION vault.kept FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault.kept TO kx_vault;
