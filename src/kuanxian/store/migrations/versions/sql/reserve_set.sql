-- What is written of one decision, as the step that reserves is told it.
CREATE TYPE casework.reservation AS (
    streams text[], versions bigint[], at timestamptz, tolerance_ms integer, kind text,
    business_on date, actor text, key text, decision_id text, case_id text,
    person_id text, act text, purpose text, party_id text, rulebook_hash text,
    fresh_seconds integer, field text, channel text, people text[], use_stopped boolean);

-- The right to one opening each, for decisions that allow and are fresh.
CREATE FUNCTION casework.issue_grants(p_decisions text[], p_fields text[], p_channels text[])
RETURNS TABLE (place bigint, outcome text, grant_id text, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT a.*, d.officer, d.allowed,
               d.decided_at + make_interval(secs => d.fresh_seconds) AS ends_at
        FROM unnest(p_decisions, p_fields, p_channels) WITH ORDINALITY
            AS a (decision, field, channel, place)
        LEFT JOIN LATERAL (
            SELECT * FROM casework.decision x WHERE x.decision_id = a.decision LIMIT 1) d ON true
    ), frozen AS MATERIALIZED (
        SELECT officer FROM (SELECT DISTINCT officer FROM asked) o WHERE vault.is_frozen(officer)
    ), judged AS MATERIALIZED (
        SELECT a.*, CASE WHEN a.allowed IS NULL THEN 'no_decision'
                         WHEN NOT a.allowed THEN 'not_allowed'
                         WHEN clock_timestamp() >= a.ends_at THEN 'stale'
                         WHEN a.officer IN (SELECT officer FROM frozen) THEN 'frozen_actor'
                    END AS against
        FROM asked a
    ), granted AS (
        INSERT INTO vault.opening_grant AS g (decision_id, field, channel, expires_at)
            SELECT j.decision, j.field, j.channel, j.ends_at FROM judged j WHERE j.against IS NULL
            ON CONFLICT (decision_id, field) DO NOTHING
            RETURNING g.decision_id, g.field, g.grant_id, g.expires_at
    )
    SELECT j.place, CASE WHEN g.grant_id IS NOT NULL THEN 'granted'
                         ELSE coalesce(j.against, 'granted_before') END,
           g.grant_id, g.expires_at
        FROM judged j
        LEFT JOIN granted g ON g.decision_id = j.decision AND g.field = j.field
        ORDER BY j.place;
END $$;
REVOKE ALL ON FUNCTION casework.issue_grants FROM PUBLIC;

CREATE OR REPLACE FUNCTION casework.issue_grant(p_decision text, p_field text, p_channel text)
RETURNS TABLE (outcome text, grant_id text, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT g.outcome, g.grant_id, g.expires_at
        FROM casework.issue_grants(ARRAY[p_decision], ARRAY[p_field], ARRAY[p_channel]) g;
END $$;

-- A plan made while the tables were small is kept: it is to be a look-up by key from the first.
ALTER FUNCTION casework.use_stopped SET enable_seqscan = off;

DROP FUNCTION casework.reserve_each(json, boolean);
DROP FUNCTION casework.reserve;

-- Write what was decided, of one case each and with the entry's body of each, if nothing it was
-- decided on has moved since. All in the same few statements: to begin one costs more than what it
-- does.
-- outcome, in the order of the decisions:
--   kept; repeated (the key was there: its body and version);
--   busy (somebody else holds the case; not with p_wait): who holds one keeps nobody from another;
--   vault (of whose data are used it says otherwise than was decided on: ask it, decide anew);
--   clock (the deciding instant is not now);
--   moved (a stream is at another version: read again and decide anew).
-- A decision that allows is written for the vault, and its grant issued. Where the vault grants
-- one of them nothing, none is written and the error says why: then each goes by itself.
CREATE FUNCTION casework.reserve_each(p_orders json, p_bodies bytea[], p_wait boolean)
RETURNS TABLE (outcome text, version bigint, body bytea, opening text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- Each row is found by its key: planned once, and so from the first.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    orders casework.reservation[];
    held boolean[];
    tenants text[];
    stopped text[];
    outcomes text[];
    reached bigint[];
    openings text[];
    answer record;
BEGIN
    orders := ARRAY(SELECT x FROM json_populate_recordset(NULL::casework.reservation, p_orders) x);
    IF EXISTS (SELECT FROM unnest(orders) o
               WHERE NOT starts_with(o.streams[1], 'case:') OR starts_with(o.key, 'vault:')
                   OR starts_with(o.key, 'consent:')) THEN
        RAISE EXCEPTION 'the streams of people and of the vault are written by its own functions'
            USING ERRCODE = 'insufficient_privilege';
    END IF;

    -- The lock under which the journal itself appends to the case's stream.
    IF p_wait THEN
        PERFORM pg_advisory_xact_lock(471520, b.bucket) FROM (
            SELECT DISTINCT hashtext(o.streams[1]) & 1023 AS bucket FROM unnest(orders) o
            ORDER BY 1) b;
    END IF;
    held := ARRAY(SELECT pg_try_advisory_xact_lock(471520, hashtext(o.streams[1]) & 1023)
                  FROM unnest(orders) o);
    tenants := ARRAY(SELECT (SELECT c.tenant FROM casework.cases c WHERE c.case_id = o.case_id)
                     FROM unnest(orders) o);

    -- Under the locks: what stops the use while somebody waits for one is seen.
    stopped := ARRAY(
        SELECT s.case_id
        FROM (SELECT array_agg(o.case_id) AS cases, array_agg(p) AS people
              FROM unnest(orders) o, unnest(o.people) p) a,
             LATERAL casework.use_stopped(a.cases, a.people) s);
    outcomes := ARRAY(SELECT CASE
        WHEN NOT held[o.ordinality] THEN 'busy'
        WHEN o.use_stopped IS DISTINCT FROM o.case_id = ANY (stopped) THEN 'vault'
        WHEN abs(extract(epoch FROM clock_timestamp() - o.at)) * 1000 > o.tolerance_ms THEN 'clock'
        WHEN (SELECT true FROM journal.entry e WHERE e.idempotency_key = o.key) THEN 'repeated'
        WHEN EXISTS (
            SELECT FROM unnest(o.streams, o.versions) s (stream, version)
            WHERE (SELECT e.stream_version FROM journal.entry e WHERE e.stream = s.stream
                   ORDER BY e.stream_version DESC LIMIT 1) > s.version) THEN 'moved'
        ELSE 'kept' END
        FROM unnest(orders) WITH ORDINALITY o);

    IF 'kept' = ANY (outcomes) THEN
        FOR answer IN
            SELECT d.places[a.place] AS place, a.outcome, a.stream_version
            FROM (SELECT array_agg(o.ordinality) AS places, array_agg(o.streams[1]) AS streams,
                         array_agg(o.kind) AS kinds, array_agg(o.business_on) AS business_on,
                         array_agg(o.at) AS happened_at, array_agg(o.actor) AS actors,
                         array_agg(p_bodies[o.ordinality]) AS bodies, array_agg(o.key) AS keys,
                         array_agg(o.versions[1]) AS expected
                  FROM unnest(orders) WITH ORDINALITY o
                  WHERE outcomes[o.ordinality] = 'kept') d,
                 LATERAL journal.append_entries(d.streams, d.kinds, d.business_on, d.happened_at,
                     d.actors, d.bodies, d.keys, d.expected) a
        LOOP
            IF answer.outcome = 'appended' THEN
                reached[answer.place] := answer.stream_version;
            ELSE
                outcomes[answer.place] := 'moved';
            END IF;
        END LOOP;

        IF EXISTS (SELECT FROM unnest(orders) WITH ORDINALITY o
                   WHERE outcomes[o.ordinality] = 'kept' AND o.fresh_seconds IS NOT NULL
                       AND tenants[o.ordinality] IS NULL) THEN
            RAISE EXCEPTION 'the case is in no casework' USING ERRCODE = 'KX001';
        END IF;
        INSERT INTO casework.decision (decision_id, tenant, case_id, person_id, act, purpose,
                                       allowed, officer, agency_id, rulebook_hash, fresh_seconds)
            SELECT o.decision_id, tenants[o.ordinality], o.case_id, o.person_id, o.act, o.purpose,
                   true, o.actor,
                   (SELECT a.agency_id FROM casework.agency a WHERE a.agency_id = o.party_id),
                   o.rulebook_hash, o.fresh_seconds
            FROM unnest(orders) WITH ORDINALITY o
            WHERE outcomes[o.ordinality] = 'kept' AND o.fresh_seconds IS NOT NULL;
        FOR answer IN
            SELECT d.places[g.place] AS place, g.outcome, g.grant_id
            FROM (SELECT array_agg(o.ordinality) AS places, array_agg(o.decision_id) AS decisions,
                         array_agg(o.field) AS fields, array_agg(o.channel) AS channels
                  FROM unnest(orders) WITH ORDINALITY o
                  WHERE outcomes[o.ordinality] = 'kept' AND o.fresh_seconds IS NOT NULL
                      AND o.field IS NOT NULL) d,
                 LATERAL casework.issue_grants(d.decisions, d.fields, d.channels) g
        LOOP
            IF answer.outcome <> 'granted' THEN
                RAISE EXCEPTION 'the vault grants nothing: %', answer.outcome
                    USING ERRCODE = 'KX001';
            END IF;
            openings[answer.place] := answer.grant_id;
        END LOOP;
    END IF;

    RETURN QUERY SELECT outcomes[o.ordinality],
            coalesce(reached[o.ordinality], before.stream_version), before.body,
            coalesce(openings[o.ordinality], before.grant_id)
        FROM unnest(orders) WITH ORDINALITY o
        LEFT JOIN LATERAL (
            SELECT e.stream_version, e.body, (
                SELECT g.grant_id FROM vault.opening_grant g
                WHERE g.decision_id = o.decision_id LIMIT 1) AS grant_id
            FROM journal.entry e
            WHERE outcomes[o.ordinality] = 'repeated' AND e.idempotency_key = o.key) before ON true
        ORDER BY o.ordinality;
END $$;

REVOKE ALL ON FUNCTION casework.reserve_each FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.reserve_each TO kx_app;
