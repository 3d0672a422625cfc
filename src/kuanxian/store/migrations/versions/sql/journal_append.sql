CREATE FUNCTION journal.micros(p_at timestamptz) RETURNS text STABLE
    LANGUAGE sql RETURN (extract(epoch FROM p_at) * 1000000)::bigint::text;

-- What is hashed: twelve lines. kuanxian.journal.entry.header says the same in Python.
CREATE FUNCTION journal.header(
    p_stream text, p_version bigint, p_kind text, p_business_on date, p_happened_at timestamptz,
    p_recorded_at timestamptz, p_actor text, p_login text, p_key text, p_previous bytea, p_body bytea
) RETURNS bytea STABLE LANGUAGE sql RETURN convert_to(
    E'kuanxian entry v1\n' || p_stream || E'\n' || p_version || E'\n' || p_kind || E'\n'
    || to_char(p_business_on, 'YYYY-MM-DD') || E'\n' || journal.micros(p_happened_at) || E'\n'
    || journal.micros(p_recorded_at) || E'\n' || p_actor || E'\n' || p_login || E'\n' || p_key
    || E'\n' || encode(p_previous, 'hex') || E'\n' || encode(sha256(p_body), 'hex') || E'\n', 'UTF8');

-- Append many, each for itself: what is wrong with one does not stop another.
-- place: which of the drafts, from 1. outcome: appended; repeated (the same key with the same
-- content: the first entry is given); differs (the same key with other content); conflict (the
-- stream is not at the version expected; stream_version says where it is).
CREATE FUNCTION journal.append_entries(
    p_streams text[], p_kinds text[], p_business_on date[], p_happened_at timestamptz[],
    p_actors text[], p_bodies bytea[], p_keys text[], p_expected bigint[]
) RETURNS TABLE (place bigint, outcome text, entry_no bigint, stream_version bigint,
                 recorded_at timestamptz, entry_hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    draft record;
    answer record;
    places bigint[];
    numbers bigint[];
    versions bigint[];
    hashes bytea[];
    added_numbers bigint[];
    now_at timestamptz;
BEGIN
    -- A transaction that takes an entry number has its own number already: integrate relies on it.
    PERFORM pg_current_xact_id();
    -- One writer a stream at a time. In a fixed order, so that two batches do not deadlock; over
    -- a bounded number of locks, so that a large batch does not exhaust the lock table.
    PERFORM pg_advisory_xact_lock(471520, bucket) FROM (
        SELECT DISTINCT hashtext(s) & 1023 AS bucket FROM unnest(p_streams) s ORDER BY 1) b;
    now_at := clock_timestamp();

    -- The first draft of each stream, all at once: most batches are nothing else. Subqueries, not
    -- joins, so that the plan is an index look-up a draft however large the journal is.
    WITH first AS (
        SELECT DISTINCT ON (stream) * FROM unnest(
            p_streams, p_kinds, p_business_on, p_happened_at, p_actors, p_bodies, p_keys, p_expected
        ) WITH ORDINALITY AS d (stream, kind, business_on, happened_at, actor, body, key, expected, place)
        ORDER BY stream, place
    ), fresh AS (
        SELECT f.*, coalesce(h.stream_version, 0) + 1 AS version,
               coalesce(h.entry_hash, journal.nothing()) AS before
        FROM first f LEFT JOIN LATERAL (
            SELECT e.stream_version, e.entry_hash FROM journal.entry e
            WHERE e.stream = f.stream ORDER BY e.stream_version DESC LIMIT 1) h ON true
        WHERE (SELECT true FROM journal.entry e WHERE e.idempotency_key = f.key) IS NULL
            AND (f.expected IS NULL OR f.expected = coalesce(h.stream_version, 0))
        ORDER BY f.place
    ), ready AS MATERIALIZED (
        SELECT r.*, nextval('journal.entry_numbers') AS number,
               sha256('\x00'::bytea || journal.header(
                   r.stream, r.version, r.kind, r.business_on, r.happened_at, now_at, r.actor,
                   session_user::text, r.key, r.before, r.body)) AS hash
        FROM fresh r
    ), added AS (
        INSERT INTO journal.entry
        SELECT r.number, r.stream, r.version, r.kind, r.business_on, r.happened_at, now_at, r.actor,
               session_user, r.key, r.body, r.before, r.hash
        FROM ready r
        ON CONFLICT ON CONSTRAINT entry_key DO NOTHING
        RETURNING entry_no
    )
    SELECT array_agg(r.place ORDER BY r.number), array_agg(r.number ORDER BY r.number),
           array_agg(r.version ORDER BY r.number), array_agg(r.hash ORDER BY r.number),
           (SELECT array_agg(a.entry_no ORDER BY a.entry_no) FROM added a)
        INTO places, numbers, versions, hashes, added_numbers
        FROM ready r;
    IF numbers IS DISTINCT FROM added_numbers THEN
        -- Another stream took a key just now; its draft is looked at again below.
        SELECT array_agg(r.place), array_agg(r.number), array_agg(r.version), array_agg(r.hash)
            INTO places, numbers, versions, hashes
            FROM unnest(places, numbers, versions, hashes) AS r (place, number, version, hash)
            WHERE r.number = ANY (added_numbers);
    END IF;
    RETURN QUERY SELECT d.place, 'appended', d.number, d.version, now_at, d.hash
        FROM unnest(places, numbers, versions, hashes) AS d (place, number, version, hash);

    -- The others one by one: a stream's second, and whatever is not simply new.
    FOR draft IN
        SELECT * FROM unnest(
            p_streams, p_kinds, p_business_on, p_happened_at, p_actors, p_bodies, p_keys, p_expected
        ) WITH ORDINALITY AS d (stream, kind, business_on, happened_at, actor, body, key, expected, place)
        WHERE d.place IN (
            SELECT generate_series(1, cardinality(p_keys)) EXCEPT SELECT unnest(places))
        ORDER BY place
    LOOP
        SELECT * INTO answer FROM journal.append_one(
            draft.stream, draft.kind, draft.business_on, draft.happened_at, draft.actor, draft.body,
            draft.key, draft.expected);
        place := draft.place;
        outcome := answer.outcome;
        entry_no := answer.entry_no;
        stream_version := answer.stream_version;
        recorded_at := answer.recorded_at;
        entry_hash := answer.entry_hash;
        RETURN NEXT;
    END LOOP;
END $$;

CREATE FUNCTION journal.nothing() RETURNS bytea IMMUTABLE
    LANGUAGE sql RETURN decode(repeat('00', 32), 'hex');

-- Append one; the caller holds the stream's lock. Not for anybody else to call.
CREATE FUNCTION journal.append_one(
    p_stream text, p_kind text, p_business_on date, p_happened_at timestamptz, p_actor text,
    p_body bytea, p_key text, p_expected bigint,
    OUT outcome text, OUT entry_no bigint, OUT stream_version bigint, OUT recorded_at timestamptz,
    OUT entry_hash bytea
) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    before bytea;
    same boolean;
BEGIN
    FOR attempt IN 1 .. 2 LOOP
        SELECT e.entry_no, e.stream_version, e.recorded_at, e.entry_hash,
               (e.stream, e.kind, e.business_on, e.happened_at, e.actor, e.body)
                   = (p_stream, p_kind, p_business_on, p_happened_at, p_actor, p_body)
            INTO entry_no, stream_version, recorded_at, entry_hash, same
            FROM journal.entry e WHERE e.idempotency_key = p_key;
        IF FOUND THEN
            outcome := CASE WHEN same THEN 'repeated' ELSE 'differs' END;
            RETURN;
        END IF;
        recorded_at := clock_timestamp();
        SELECT e.stream_version, e.entry_hash INTO stream_version, before FROM journal.entry e
            WHERE e.stream = p_stream ORDER BY e.stream_version DESC LIMIT 1;
        IF NOT FOUND THEN
            stream_version := 0;
            before := journal.nothing();
        END IF;
        IF p_expected <> stream_version THEN
            outcome := 'conflict';
            entry_hash := before;
            entry_hash := before;
            RETURN;
        END IF;
        stream_version := stream_version + 1;
        entry_hash := sha256('\x00'::bytea || journal.header(
            p_stream, stream_version, p_kind, p_business_on, p_happened_at, recorded_at, p_actor,
            session_user::text, p_key, before, p_body));
        INSERT INTO journal.entry VALUES (
            nextval('journal.entry_numbers'), p_stream, stream_version, p_kind, p_business_on,
            p_happened_at, recorded_at, p_actor, session_user, p_key, p_body, before, entry_hash)
            ON CONFLICT ON CONSTRAINT entry_key DO NOTHING
            RETURNING journal.entry.entry_no INTO entry_no;
        IF FOUND THEN
            outcome := 'appended';
            RETURN;
        END IF;
        -- Another stream took the key just now, in a transaction that has ended: look again.
    END LOOP;
END $$;

-- JSON with sorted keys and no spaces: kuanxian.journal.canonical says the same in Python.
CREATE FUNCTION journal.canonical(p_value jsonb) RETURNS text IMMUTABLE STRICT
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    CASE jsonb_typeof(p_value)
    WHEN 'object' THEN
        RETURN '{' || coalesce((
            SELECT string_agg(to_jsonb(key)::text || ':' || journal.canonical(value), ','
                              ORDER BY key COLLATE "C")
            FROM jsonb_each(p_value)), '') || '}';
    WHEN 'array' THEN
        RETURN '[' || coalesce((
            SELECT string_agg(journal.canonical(value), ',' ORDER BY place)
            FROM jsonb_array_elements(p_value) WITH ORDINALITY AS a (value, place)), '') || ']';
    WHEN 'number' THEN
        IF p_value::text !~ '^(0|-?[1-9][0-9]{0,15})$' THEN
            RAISE EXCEPTION 'a number in an entry is a whole number of at most 16 digits'
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        RETURN p_value::text;
    ELSE
        RETURN p_value::text;
    END CASE;
END $$;

-- One entry from inside another function's transaction: it stands or falls with what it marks.
-- Raises where append_entries would say differs or conflict.
CREATE FUNCTION journal.append_entry(
    p_stream text, p_kind text, p_business_on date, p_happened_at timestamptz, p_actor text,
    p_body jsonb, p_key text, p_expected_version bigint DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    answer record;
BEGIN
    SELECT * INTO answer FROM journal.append_entries(
        ARRAY[p_stream], ARRAY[p_kind], ARRAY[p_business_on], ARRAY[p_happened_at], ARRAY[p_actor],
        ARRAY[convert_to(journal.canonical(p_body), 'UTF8')], ARRAY[p_key],
        ARRAY[p_expected_version]);
    IF answer.outcome = 'differs' THEN
        RAISE EXCEPTION 'the idempotency key was used for another entry'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'entry_key';
    ELSIF answer.outcome = 'conflict' THEN
        RAISE EXCEPTION 'the stream is at version %, not %',
            answer.stream_version, p_expected_version USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN answer.entry_no;
END $$;
