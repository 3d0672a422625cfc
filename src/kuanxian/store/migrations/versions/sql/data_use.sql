-- Of which of these people of cases the vault uses nothing: restricted, frozen or erased.
-- Who is in no vault restricted nothing; the vault opens nothing of them either.
CREATE FUNCTION casework.use_stopped(p_cases text[], p_people text[])
RETURNS TABLE (case_id text, person_id text)
STABLE LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT c.case_id, x.person_id
        FROM unnest(p_cases, p_people) AS asked (case_id, person_id)
        JOIN casework.cases c ON c.case_id = asked.case_id
        JOIN vault.person x ON x.tenant = c.tenant AND x.person_id = asked.person_id
        WHERE x.state <> 'active';
END $$;

REVOKE ALL ON FUNCTION casework.use_stopped FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.use_stopped TO kx_app;

-- As before; and where the vault says otherwise of the use of people's data than was decided on, the
-- outcome is vault and nothing is written: ask it and decide anew.
CREATE OR REPLACE FUNCTION casework.reserve_each(p_orders json, p_wait boolean)
RETURNS TABLE (outcome text, version bigint, body bytea, opening text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    o record;
BEGIN
    FOR o IN SELECT * FROM json_to_recordset(p_orders) AS x (
        streams text[], versions bigint[], at timestamptz, tolerance_ms integer, kind text,
        business_on date, actor text, body bytea, key text, decision_id text, case_id text,
        person_id text, act text, purpose text, party_id text, rulebook_hash text,
        fresh_seconds integer, field text, channel text, people text[], use_stopped boolean)
    LOOP
        IF p_wait THEN
            PERFORM pg_advisory_xact_lock(471520, hashtext(o.streams[1]) & 1023);
        ELSIF NOT pg_try_advisory_xact_lock(471520, hashtext(o.streams[1]) & 1023) THEN
            RETURN QUERY SELECT 'busy', NULL::bigint, NULL::bytea, NULL::text;
            CONTINUE;
        END IF;
        -- Under the lock: what stops the use while somebody waits for it is seen.
        IF o.use_stopped IS DISTINCT FROM EXISTS (SELECT FROM casework.use_stopped(
            array_fill(o.case_id, ARRAY[cardinality(o.people)]), o.people)) THEN
            RETURN QUERY SELECT 'vault', NULL::bigint, NULL::bytea, NULL::text;
        ELSE
            RETURN QUERY SELECT * FROM casework.reserve(
                o.streams, o.versions, o.at, o.tolerance_ms, o.kind, o.business_on, o.actor,
                o.body, o.key, o.decision_id, o.case_id, o.person_id, o.act, o.purpose, o.party_id,
                o.rulebook_hash, o.fresh_seconds, o.field, o.channel);
        END IF;
    END LOOP;
END $$;
