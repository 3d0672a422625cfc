CREATE SCHEMA consent;

-- The words a person was shown, and their digest.
CREATE TABLE consent.notice (
    notice_id     text NOT NULL CHECK (notice_id ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'),
    version       integer NOT NULL CHECK (version > 0),
    language      text NOT NULL CHECK (language IN ('zh-Hans', 'zh-Hant', 'en')),
    purpose       text NOT NULL,
    body          text NOT NULL,
    body_sha256   bytea NOT NULL CHECK (body_sha256 = sha256(convert_to(body, 'UTF8'))),
    PRIMARY KEY (notice_id, version, language)
);

-- What a person said about one purpose. Field names of ISO/IEC TS 27560 / W3C DPV. Only grows.
CREATE TABLE consent.event (
    event_no          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record_id         text NOT NULL,
    schema_version    text NOT NULL,
    tenant            text NOT NULL,
    pii_principal_id  text NOT NULL CHECK (pii_principal_id ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'),
    purpose           text NOT NULL CHECK (purpose ~ '^[a-z][a-z_]{0,63}$'),
    event_type        text NOT NULL
        CHECK (event_type IN ('requested', 'given', 'refused', 'withdrawn', 'expired')),
    event_time        timestamptz NOT NULL,
    recorded_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    entity_id         text NOT NULL,
    record            jsonb NOT NULL
);
CREATE INDEX ON consent.event (tenant, pii_principal_id, purpose, event_no);
CREATE UNIQUE INDEX ON consent.event (record_id);

CREATE FUNCTION consent.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a person said is not changed: % on %.% is refused',
        tg_op, tg_table_schema, tg_table_name USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON consent.event
    FOR EACH STATEMENT EXECUTE FUNCTION consent.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON consent.notice
    FOR EACH STATEMENT EXECUTE FUNCTION consent.refuse_change();
ALTER TABLE consent.event ENABLE ALWAYS TRIGGER only_grows;
ALTER TABLE consent.notice ENABLE ALWAYS TRIGGER only_grows;

-- One event and its mark in the journal, or neither.
CREATE FUNCTION consent.record_event(
    p_record_id text, p_tenant text, p_person text, p_purpose text, p_type text,
    p_time timestamptz, p_entity text, p_record jsonb
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    new_no bigint;
BEGIN
    INSERT INTO consent.event (record_id, schema_version, tenant, pii_principal_id, purpose,
                               event_type, event_time, entity_id, record)
        VALUES (p_record_id, p_record ->> 'schema_version', p_tenant, p_person, p_purpose,
                p_type, p_time, p_entity, p_record)
        RETURNING event_no INTO new_no;
    PERFORM journal.append_entry(
        'person:' || p_tenant || ':' || p_person, 'consent.' || p_type,
        (p_time AT TIME ZONE 'Asia/Shanghai')::date, p_time, p_entity,
        jsonb_build_object('purpose', p_purpose, 'record_id', p_record_id, 'record_sha256',
            encode(sha256(convert_to(journal.canonical(p_record), 'UTF8')), 'hex')),
        'consent:' || p_record_id);
    RETURN new_no;
END $$;

-- What counts now for one purpose: the last thing the person said, or nothing.
CREATE FUNCTION consent.standing(p_tenant text, p_person text, p_purpose text) RETURNS text
VOLATILE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE WHEN event_type = 'given'
        AND coalesce((record -> 'event' ->> 'validity_days')::integer, 0) > 0
        AND event_time + make_interval(days => (record -> 'event' ->> 'validity_days')::integer)
            <= clock_timestamp() THEN 'expired' ELSE event_type END
    FROM consent.event
    WHERE tenant = p_tenant AND pii_principal_id = p_person AND purpose = p_purpose
        AND event_type <> 'requested'
    ORDER BY event_no DESC LIMIT 1;
END;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA consent FROM PUBLIC;
GRANT USAGE ON SCHEMA consent TO kx_app, kx_vault, kx_audit;
GRANT SELECT ON consent.event, consent.notice TO kx_app, kx_audit, kx_vault;
GRANT INSERT ON consent.notice TO kx_app;
GRANT EXECUTE ON FUNCTION consent.record_event, consent.standing TO kx_app, kx_vault;
GRANT EXECUTE ON FUNCTION consent.standing TO kx_audit;
REVOKE UPDATE, DELETE, TRUNCATE ON consent.event, consent.notice FROM kx_owner;
