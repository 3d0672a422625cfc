-- After a no, how long nobody is asked again; 0, or not here: never. The same days as in purposes.toml.
CREATE TABLE consent.asking (
    purpose         text PRIMARY KEY,
    asks_again_days integer NOT NULL CHECK (asks_again_days >= 0)
);
INSERT INTO consent.asking VALUES
    ('report_credit', 30), ('query_credit', 30), ('hardship_evidence', 30),
    ('share_processor', 180), ('marketing', 365), ('pass_message', 0), ('restore_contact', 0);
GRANT SELECT ON consent.asking TO kx_app, kx_vault, kx_audit;

-- Numbers whose owners said no as a contact, as the keyed digest alone: kept so that they are
-- not asked again, whoever names them.
CREATE TABLE vault.said_no (
    tenant  text NOT NULL,
    digest  bytea NOT NULL CHECK (octet_length(digest) = 16),
    said_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant, digest)
);

-- The last thing said for one purpose by an instant. What happened counts, not when it was written
-- down, and never later than that; of one instant a no comes after a yes.
CREATE FUNCTION consent.last_said(p_tenant text, p_person text, p_purpose text, p_at timestamptz)
RETURNS SETOF consent.event VOLATILE LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT * FROM consent.event
    WHERE tenant = p_tenant AND pii_principal_id = p_person AND purpose = p_purpose
        AND event_type <> 'requested' AND least(event_time, recorded_at) <= p_at
    ORDER BY least(event_time, recorded_at) DESC, event_type <> 'given' DESC, event_no DESC
    LIMIT 1;
END;

CREATE OR REPLACE FUNCTION consent.standing(p_tenant text, p_person text, p_purpose text)
RETURNS text
VOLATILE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE WHEN event_type = 'given'
        AND coalesce((record -> 'event' ->> 'validity_days')::integer, 0) > 0
        AND event_time + make_interval(days => (record -> 'event' ->> 'validity_days')::integer)
            <= clock_timestamp() THEN 'expired' ELSE event_type END
    FROM consent.last_said(p_tenant, p_person, p_purpose, clock_timestamp());
END;

-- Whether this contact said no, or anybody did whose number is the same.
CREATE FUNCTION vault.has_said_no(p_tenant text, p_contact text) RETURNS boolean
VOLATILE LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM vault.contact c WHERE c.tenant = p_tenant
                   AND c.contact_id = p_contact AND c.state IN ('stopped', 'erased'))
        OR EXISTS (SELECT FROM vault.blind b JOIN vault.said_no n USING (tenant, digest)
                   JOIN vault.contact c ON c.tenant = b.tenant AND c.contact_id = b.person_id
                   WHERE b.tenant = p_tenant AND b.person_id = p_contact AND b.field = 'phone');
END;

-- A contact said no: it counts for their number, whoever named it, and from now on.
CREATE FUNCTION vault.take_no(p_tenant text, p_contact text, p_actor text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one text;
BEGIN
    INSERT INTO vault.said_no (tenant, digest)
        SELECT b.tenant, b.digest FROM vault.blind b
        WHERE b.tenant = p_tenant AND b.field = 'phone' AND b.person_id = p_contact
        ON CONFLICT DO NOTHING;
    FOR one IN
        UPDATE vault.contact c SET state = 'stopped'
        WHERE c.tenant = p_tenant AND c.state NOT IN ('stopped', 'erased') AND c.contact_id IN (
            SELECT p_contact UNION SELECT same.person_id
            FROM vault.blind b JOIN vault.blind same USING (tenant, field, digest)
            WHERE b.tenant = p_tenant AND b.field = 'phone' AND b.person_id = p_contact)
        RETURNING c.contact_id
    LOOP
        PERFORM vault.mark(p_tenant, one, 'contact.stopped', p_actor, '{}');
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION vault.set_contact_state(
    p_tenant text, p_contact text, p_state text, p_actor text
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Stopped is for good; nothing leads back from it.
    PERFORM FROM vault.contact WHERE tenant = p_tenant AND contact_id = p_contact
        AND p_state IN ('noticed', 'consented', 'stopped')
        AND state NOT IN ('stopped', 'erased') FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    ELSIF p_state = 'stopped' THEN
        PERFORM vault.take_no(p_tenant, p_contact, p_actor);
        RETURN true;
    END IF;
    UPDATE vault.contact SET state = p_state WHERE tenant = p_tenant AND contact_id = p_contact;
    PERFORM vault.mark(p_tenant, p_contact, 'contact.' || p_state, p_actor, '{}');
    RETURN true;
END $$;

-- One event and its mark in the journal, or neither. What is said has been said, its record says
-- the same, and its id is the next of that person and purpose: nobody takes another's.
CREATE OR REPLACE FUNCTION consent.record_event(
    p_record_id text, p_tenant text, p_person text, p_purpose text, p_type text,
    p_time timestamptz, p_entity text, p_record jsonb
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    new_no bigint;
    said_before bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(
        'consent:' || p_tenant || ':' || p_person || ':' || p_purpose, 0));
    IF p_time > clock_timestamp() + interval '1 minute' OR p_time < '2000-01-01' OR p_time IS NULL THEN
        RAISE EXCEPTION 'nobody has said anything at that time yet'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'event_time';
    END IF;
    SELECT count(*) INTO said_before FROM consent.event
        WHERE tenant = p_tenant AND pii_principal_id = p_person AND purpose = p_purpose;
    IF (p_record ->> 'record_id', p_record ->> 'pii_principal_id',
        p_record #>> '{pii_processing,purpose}', p_record #>> '{event,event_type}',
        (p_record #>> '{event,event_time}')::timestamptz, p_record_id)
        IS DISTINCT FROM (p_record_id, p_person, p_purpose, p_type, p_time,
            concat_ws('/', p_tenant, p_person, p_purpose, said_before + 1)) THEN
        RAISE EXCEPTION 'the record says something else'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'event_record';
    END IF;
    IF p_type IN ('requested', 'given') THEN
        PERFORM consent.check_asking(p_tenant, p_person, p_purpose, p_time,
            p_type = 'given' AND p_record #>> '{event,initiated_by}' = 'pii_principal');
    END IF;
    INSERT INTO consent.event (record_id, schema_version, tenant, pii_principal_id, purpose,
                               event_type, event_time, entity_id, record)
        VALUES (p_record_id, p_record ->> 'schema_version', p_tenant, p_person, p_purpose,
                p_type, p_time, p_entity, p_record)
        RETURNING event_no INTO new_no;
    IF p_type IN ('refused', 'withdrawn') AND EXISTS (SELECT FROM vault.contact c
            WHERE (c.tenant, c.contact_id, c.purpose) = (p_tenant, p_person, p_purpose)) THEN
        PERFORM vault.take_no(p_tenant, p_person, p_entity);
    END IF;
    PERFORM journal.append_entry(
        'person:' || p_tenant || ':' || p_person, 'consent.' || p_type,
        (p_time AT TIME ZONE 'Asia/Shanghai')::date, p_time, p_entity,
        jsonb_build_object('purpose', p_purpose, 'record_id', p_record_id, 'record_sha256',
            encode(sha256(convert_to(journal.canonical(p_record), 'UTF8')), 'hex')),
        'consent:' || p_record_id);
    RETURN new_no;
END $$;

-- After a no nobody is asked, and no yes is written down, for the days of the purpose; but for a
-- yes the person came with unasked.
CREATE FUNCTION consent.check_asking(
    p_tenant text, p_person text, p_purpose text, p_at timestamptz, p_unasked boolean
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last consent.event;
    days integer;
BEGIN
    IF vault.has_said_no(p_tenant, p_person) THEN
        RAISE EXCEPTION 'a contact of that number said no'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_said_no';
    END IF;
    SELECT * INTO last FROM consent.last_said(p_tenant, p_person, p_purpose, p_at);
    IF NOT FOUND OR last.event_type NOT IN ('refused', 'withdrawn')
        OR coalesce(p_unasked, false) THEN
        RETURN;
    END IF;
    SELECT asks_again_days INTO days FROM consent.asking WHERE purpose = p_purpose;
    IF coalesce(days, 0) = 0
        OR p_at < least(last.event_time, last.recorded_at) + make_interval(hours => 24 * days) THEN
        RAISE EXCEPTION 'the person said no, and it is too soon'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ask_again';
    END IF;
END $$;

-- Another number came in: what was asked or said was about the one before.
CREATE FUNCTION vault.end_consent(p_tenant text, p_contact text, p_actor text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asked_for text;
    last consent.event;
    n bigint;
    now_at timestamptz := clock_timestamp();
    new_id text;
BEGIN
    SELECT purpose INTO asked_for FROM vault.contact
        WHERE tenant = p_tenant AND contact_id = p_contact;
    -- First this lock, then the row, as who writes an answer down.
    PERFORM pg_advisory_xact_lock(hashtextextended(
        'consent:' || p_tenant || ':' || p_contact || ':' || asked_for, 0));
    UPDATE vault.contact SET state = 'nominated' WHERE tenant = p_tenant
        AND contact_id = p_contact AND state IN ('noticed', 'consented');
    SELECT count(*) INTO n FROM consent.event WHERE tenant = p_tenant
        AND pii_principal_id = p_contact AND purpose = asked_for;
    SELECT * INTO last FROM consent.event WHERE tenant = p_tenant
        AND pii_principal_id = p_contact AND purpose = asked_for ORDER BY event_no DESC LIMIT 1;
    IF n = 0 OR last.event_type = 'expired' THEN
        RETURN;
    END IF;
    new_id := concat_ws('/', p_tenant, p_contact, asked_for, n + 1);
    PERFORM consent.record_event(new_id, p_tenant, p_contact, asked_for, 'expired', now_at, p_actor,
        last.record || jsonb_build_object('record_id', new_id, 'event', jsonb_build_object(
            'event_time', now_at, 'event_type', 'expired', 'event_state', 'expired',
            'entity_id', p_actor, 'validity_days', 0)));
END $$;

CREATE OR REPLACE FUNCTION vault.put_value(
    p_tenant text, p_person text, p_field text, p_version integer, p_body bytea, p_digest bytea,
    p_actor text
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before integer;
    is_contact boolean;
BEGIN
    SELECT role = 'contact' INTO is_contact FROM vault.person
        WHERE tenant = p_tenant AND person_id = p_person AND state IN ('active', 'restricted')
        FOR UPDATE;
    IF NOT FOUND OR (is_contact AND p_field NOT IN ('name', 'phone')) THEN
        RETURN false;
    ELSIF is_contact AND p_field = 'phone' AND p_digest IS NULL THEN
        RETURN false;
    ELSIF is_contact AND (vault.has_said_no(p_tenant, p_person) OR (p_field = 'phone'
            AND EXISTS (SELECT FROM vault.said_no n
                        WHERE n.tenant = p_tenant AND n.digest = p_digest))) THEN
        RAISE EXCEPTION 'a contact of that number said no'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_said_no';
    END IF;
    SELECT version INTO before FROM vault.sealed
        WHERE tenant = p_tenant AND person_id = p_person AND field = p_field;
    IF coalesce(before, 0) + 1 <> p_version THEN
        RETURN false;
    END IF;
    INSERT INTO vault.sealed VALUES (p_tenant, p_person, p_field, p_version, p_body)
        ON CONFLICT (tenant, person_id, field) DO UPDATE
        SET version = excluded.version, body = excluded.body, sealed_at = excluded.sealed_at;
    IF p_digest IS NOT NULL THEN
        INSERT INTO vault.blind VALUES (p_tenant, p_field, p_digest, p_person)
            ON CONFLICT (tenant, field, person_id) DO UPDATE SET digest = excluded.digest;
    END IF;
    PERFORM vault.mark(p_tenant, p_person,
        CASE WHEN before IS NULL THEN 'value.sealed' ELSE 'value.corrected' END, p_actor,
        jsonb_build_object('field', p_field, 'version', p_version));
    IF is_contact AND p_field = 'phone' THEN
        PERFORM vault.end_consent(p_tenant, p_person, p_actor);
    END IF;
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION vault.has_said_no, vault.take_no, vault.end_consent, consent.last_said,
    consent.check_asking FROM PUBLIC;
-- Who takes answers writes them down; who decides reads them.
REVOKE EXECUTE ON FUNCTION consent.record_event FROM kx_app;
