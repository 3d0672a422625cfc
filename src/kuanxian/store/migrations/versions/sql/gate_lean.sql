-- Write what was decided on streams at versions, if none of them has moved since.
-- outcome: kept; repeated (the key was there: its body and version); moved (a stream is at another
-- version: read again and decide anew); clock (the deciding instant is not now).
-- A decision that allows is written for the vault, and its grant issued; where the vault grants
-- nothing, all of it is taken back and the error says why.
CREATE OR REPLACE FUNCTION casework.reserve(
    p_streams text[], p_versions bigint[], p_at timestamptz, p_tolerance_ms integer,
    p_kind text, p_business_on date, p_actor text, p_body bytea, p_key text,
    p_decision text, p_case text, p_person text, p_act text, p_purpose text, p_by text,
    p_rulebook text, p_fresh integer, p_field text, p_channel text
) RETURNS TABLE (outcome text, version bigint, body bytea, opening text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    before record;
    answer record;
    granted record;
    new_opening text;
BEGIN
    IF p_tolerance_ms IS NOT NULL
        AND abs(extract(epoch FROM clock_timestamp() - p_at)) * 1000 > p_tolerance_ms THEN
        RETURN QUERY SELECT 'clock', NULL::bigint, NULL::bytea, NULL::text;
        RETURN;
    END IF;
    -- The lock under which the journal itself appends to the case's stream.
    PERFORM pg_advisory_xact_lock(471520, hashtext(p_streams[1]) & 1023);
    SELECT e.stream_version, e.body INTO before FROM journal.entry e WHERE e.idempotency_key = p_key;
    IF FOUND THEN
        RETURN QUERY SELECT 'repeated', before.stream_version, before.body, (
            SELECT g.grant_id FROM vault.opening_grant g WHERE g.decision_id = p_decision LIMIT 1);
        RETURN;
    END IF;
    IF EXISTS (
        SELECT FROM unnest(p_streams, p_versions) AS s (stream, version)
        WHERE EXISTS (SELECT FROM journal.entry e
                      WHERE e.stream = s.stream AND e.stream_version > s.version)) THEN
        RETURN QUERY SELECT 'moved', NULL::bigint, NULL::bytea, NULL::text;
        RETURN;
    END IF;
    -- Its own number before that of its entry: integrate relies on it.
    PERFORM pg_current_xact_id();
    SELECT * INTO answer FROM journal.append_one(
        p_streams[1], p_kind, p_business_on, p_at, p_actor, p_body, p_key, p_versions[1]);
    IF answer.outcome <> 'appended' THEN
        RETURN QUERY SELECT 'moved', NULL::bigint, NULL::bytea, NULL::text;
        RETURN;
    END IF;
    IF p_fresh IS NOT NULL THEN
        INSERT INTO casework.decision (decision_id, tenant, case_id, person_id, act, purpose, allowed,
                                       officer, agency_id, rulebook_hash, fresh_seconds)
            SELECT p_decision, c.tenant, c.case_id, p_person, p_act, p_purpose, true, p_actor,
                   (SELECT a.agency_id FROM casework.agency a WHERE a.agency_id = p_by),
                   p_rulebook, p_fresh
            FROM casework.cases c WHERE c.case_id = p_case;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the case is in no casework' USING ERRCODE = 'KX001';
        END IF;
        IF p_field IS NOT NULL THEN
            SELECT * INTO granted FROM casework.issue_grant(p_decision, p_field, p_channel);
            IF granted.outcome <> 'granted' THEN
                RAISE EXCEPTION 'the vault grants nothing: %', granted.outcome
                    USING ERRCODE = 'KX001';
            END IF;
            new_opening := granted.grant_id;
        END IF;
    END IF;
    RETURN QUERY SELECT 'kept', answer.stream_version, NULL::bytea, new_opening;
END $$;
