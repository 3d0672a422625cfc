CREATE FUNCTION vault.add_person(
    p_tenant text, p_person text, p_role text, p_key_id text, p_wrapped bytea, p_actor text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO vault.person (tenant, person_id, role) VALUES (p_tenant, p_person, p_role);
    INSERT INTO vault.person_key VALUES (p_tenant, p_person, p_key_id, p_wrapped);
    PERFORM vault.mark(p_tenant, p_person, 'person.added', p_actor,
                       jsonb_build_object('role', p_role));
END $$;

-- A contact is a person with a slot of the debtor's. A third finds none free.
CREATE FUNCTION vault.nominate(
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
    SELECT min(s) INTO free FROM generate_series(1, 2) s WHERE NOT EXISTS (
        SELECT FROM vault.contact c WHERE c.tenant = p_tenant AND c.debtor_id = p_debtor
            AND c.slot = s AND c.state NOT IN ('stopped', 'erased'));
    IF free IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM vault.add_person(p_tenant, p_contact, 'contact', p_key_id, p_wrapped, p_actor);
    INSERT INTO vault.contact VALUES (p_tenant, p_contact, p_debtor, free, p_purpose);
    PERFORM vault.mark(p_tenant, p_debtor, 'contact.nominated', p_actor,
                       jsonb_build_object('contact_id', p_contact, 'purpose', p_purpose));
    RETURN free;
END $$;

-- The wrapped key and the next version of a field: what sealing a value needs.
CREATE FUNCTION vault.key_for_sealing(p_tenant text, p_person text, p_field text)
RETURNS TABLE (role text, state text, key_id text, wrapped bytea, next_version integer)
STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT p.role, p.state, k.key_id, k.wrapped, coalesce(s.version, 0) + 1
    FROM vault.person p
    LEFT JOIN vault.person_key k USING (tenant, person_id)
    LEFT JOIN vault.sealed s ON (s.tenant, s.person_id, s.field) = (p.tenant, p.person_id, p_field)
    WHERE p.tenant = p_tenant AND p.person_id = p_person;
END;

-- Put a sealed value in; the one before is gone. False where somebody was faster.
CREATE FUNCTION vault.put_value(
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
    RETURN true;
END $$;

-- Who has this number. Each hit is a mark on the person's stream.
CREATE FUNCTION vault.find(p_tenant text, p_field text, p_digest bytea, p_actor text)
RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hit text;
BEGIN
    IF EXISTS (SELECT FROM vault.frozen_actor f WHERE f.actor = p_actor) THEN
        RETURN;
    END IF;
    FOR hit IN SELECT person_id FROM vault.blind
        WHERE tenant = p_tenant AND field = p_field AND digest = p_digest ORDER BY 1 LIMIT 20
    LOOP
        PERFORM vault.mark(p_tenant, hit, 'person.found', p_actor,
                           jsonb_build_object('field', p_field));
        RETURN NEXT hit;
    END LOOP;
END $$;

-- Keys still wrapped under another than the current key-encryption key, some at a time.
CREATE FUNCTION vault.keys_to_rewrap(p_current text, p_after_tenant text, p_after_person text)
RETURNS TABLE (tenant text, person_id text, key_id text, wrapped bytea)
STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT k.tenant, k.person_id, k.key_id, k.wrapped FROM vault.person_key k
    WHERE k.key_id <> p_current AND (k.tenant, k.person_id) > (p_after_tenant, p_after_person)
    ORDER BY 1, 2 LIMIT 1000;
END;

CREATE FUNCTION vault.put_rewrapped(
    p_tenant text, p_person text, p_old_key_id text, p_key_id text, p_wrapped bytea
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE vault.person_key SET key_id = p_key_id, wrapped = p_wrapped
        WHERE tenant = p_tenant AND person_id = p_person AND key_id = p_old_key_id;
    RETURN FOUND;
END $$;
