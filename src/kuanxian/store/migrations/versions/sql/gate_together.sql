-- Write several decisions in one transaction, each as casework.reserve does, in their order.
-- Without p_wait, one whose case somebody else holds is left out and its outcome is busy: who
-- holds one case keeps nobody from another, and nobody waits with a lock for a lock.
-- Where the vault grants one of them nothing, none is written: then each goes by itself.
CREATE FUNCTION casework.reserve_each(p_orders json, p_wait boolean)
RETURNS TABLE (outcome text, version bigint, body bytea, opening text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    o record;
BEGIN
    FOR o IN SELECT * FROM json_to_recordset(p_orders) AS x (
        streams text[], versions bigint[], at timestamptz, tolerance_ms integer, kind text,
        business_on date, actor text, body bytea, key text, decision_id text, case_id text,
        person_id text, act text, purpose text, party_id text, rulebook_hash text,
        fresh_seconds integer, field text, channel text)
    LOOP
        IF NOT p_wait
            AND NOT pg_try_advisory_xact_lock(471520, hashtext(o.streams[1]) & 1023) THEN
            RETURN QUERY SELECT 'busy', NULL::bigint, NULL::bytea, NULL::text;
        ELSE
            RETURN QUERY SELECT * FROM casework.reserve(
                o.streams, o.versions, o.at, o.tolerance_ms, o.kind, o.business_on, o.actor,
                o.body, o.key, o.decision_id, o.case_id, o.person_id, o.act, o.purpose, o.party_id,
                o.rulebook_hash, o.fresh_seconds, o.field, o.channel);
        END IF;
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION casework.reserve_each FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.reserve_each TO kx_app;
