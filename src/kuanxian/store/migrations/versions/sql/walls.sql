-- One entry from inside another function's transaction, as the owner: it stands or falls with what
-- it marks. Raises where append_entries would say differs or conflict.
CREATE OR REPLACE FUNCTION journal.append_entry(
    p_stream text, p_kind text, p_business_on date, p_happened_at timestamptz, p_actor text,
    p_body jsonb, p_key text, p_expected_version bigint DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    answer record;
BEGIN
    PERFORM pg_current_xact_id();
    PERFORM pg_advisory_xact_lock(471520, hashtext(p_stream) & 1023);
    SELECT * INTO answer FROM journal.append_one(
        p_stream, p_kind, p_business_on, p_happened_at, p_actor,
        convert_to(journal.canonical(p_body), 'UTF8'), p_key, p_expected_version);
    IF answer.outcome = 'differs' THEN
        RAISE EXCEPTION 'the idempotency key was used for another entry'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'entry_key';
    ELSIF answer.outcome = 'conflict' THEN
        RAISE EXCEPTION 'the stream is at version %, not %',
            answer.stream_version, p_expected_version USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN answer.entry_no;
END $$;
REVOKE ALL ON FUNCTION journal.append_entry FROM PUBLIC, kx_app, kx_vault, kx_agency;
REVOKE ALL ON FUNCTION journal.append_entries FROM kx_vault;

-- A colon parts tenant and person in the name of a stream: in a tenant it would make two one.
-- What is there already is not looked at.
ALTER TABLE vault.person ADD CONSTRAINT tenant_without_colon CHECK (tenant !~ ':') NOT VALID;
ALTER TABLE consent.event ADD CONSTRAINT tenant_without_colon CHECK (tenant !~ ':') NOT VALID;
ALTER TABLE casework.cases ADD CONSTRAINT tenant_without_colon CHECK (tenant !~ ':') NOT VALID;
ALTER TABLE casework.decision ADD CONSTRAINT tenant_without_colon CHECK (tenant !~ ':') NOT VALID;

-- A contact comes by nominate alone, which has two places.
ALTER FUNCTION vault.add_person(text, text, text, text, bytea, text) RENAME TO place_person;
REVOKE ALL ON FUNCTION vault.place_person FROM PUBLIC, kx_vault;
CREATE FUNCTION vault.add_person(
    p_tenant text, p_person text, p_role text, p_key_id text, p_wrapped bytea, p_actor text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_role = 'contact' THEN
        RAISE EXCEPTION 'a contact is nominated'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_is_nominated';
    END IF;
    PERFORM vault.place_person(p_tenant, p_person, p_role, p_key_id, p_wrapped, p_actor);
END $$;
REVOKE ALL ON FUNCTION vault.add_person FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault.add_person TO kx_vault;

CREATE OR REPLACE FUNCTION vault.nominate(
    p_tenant text, p_debtor text, p_contact text, p_purpose text, p_key_id text, p_wrapped bytea,
    p_actor text
) RETURNS smallint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    free smallint;
BEGIN
    PERFORM FROM vault.person WHERE tenant = p_tenant AND person_id = p_debtor
        AND role = 'debtor' AND state = 'active' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    -- A place is free once who had it is erased, and not sooner.
    SELECT min(s) INTO free FROM generate_series(1, 2) s WHERE NOT EXISTS (
        SELECT FROM vault.contact c WHERE c.tenant = p_tenant AND c.debtor_id = p_debtor
            AND c.slot = s AND c.state <> 'erased');
    IF free IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM vault.place_person(p_tenant, p_contact, 'contact', p_key_id, p_wrapped, p_actor);
    INSERT INTO vault.contact VALUES (p_tenant, p_contact, p_debtor, free, p_purpose);
    PERFORM vault.mark(p_tenant, p_debtor, 'contact.nominated', p_actor,
                       jsonb_build_object('contact_id', p_contact, 'purpose', p_purpose));
    RETURN free;
END $$;

-- A freeze is not made shorter: the longer duty stays.
CREATE OR REPLACE FUNCTION vault.set_state(
    p_tenant text, p_person text, p_state text, p_duty text, p_until date, p_actor text
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE vault.person SET state = p_state, duty = p_duty, frozen_until = p_until
        WHERE tenant = p_tenant AND person_id = p_person AND state <> 'erased'
            AND p_state IN ('active', 'restricted', 'frozen')
            AND (state <> 'frozen' OR (p_state = 'frozen' AND p_until >= frozen_until));
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM vault.mark(p_tenant, p_person, 'person.' || p_state, p_actor,
        jsonb_strip_nulls(jsonb_build_object('duty', p_duty, 'until', p_until::text)));
    RETURN true;
END $$;

-- One event and its mark in the journal, or neither. What is said has been said, and its record
-- says the same.
CREATE OR REPLACE FUNCTION consent.record_event(
    p_record_id text, p_tenant text, p_person text, p_purpose text, p_type text,
    p_time timestamptz, p_entity text, p_record jsonb
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    new_no bigint;
BEGIN
    IF p_time > clock_timestamp() + interval '1 minute' OR p_time < '2000-01-01' OR p_time IS NULL THEN
        RAISE EXCEPTION 'nobody has said anything at that time yet'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'event_time';
    END IF;
    IF (p_record ->> 'record_id', p_record ->> 'pii_principal_id',
        p_record #>> '{pii_processing,purpose}', p_record #>> '{event,event_type}',
        (p_record #>> '{event,event_time}')::timestamptz)
        IS DISTINCT FROM (p_record_id, p_person, p_purpose, p_type, p_time) THEN
        RAISE EXCEPTION 'the record says something else'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'event_record';
    END IF;
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
