-- What is held of a person: which fields, not what is in them.
CREATE FUNCTION vault.held(p_tenant text, p_person text)
RETURNS TABLE (role text, state text, duty text, frozen_until date, added_at timestamptz,
               fields text[], debtor_id text, purpose text, contact_state text)
STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT p.role, p.state, p.duty, p.frozen_until, p.added_at,
        coalesce((SELECT array_agg(s.field ORDER BY s.field) FROM vault.sealed s
                  WHERE s.tenant = p.tenant AND s.person_id = p.person_id), '{}'),
        c.debtor_id, c.purpose, c.state
    FROM vault.person p LEFT JOIN vault.contact c
        ON c.tenant = p.tenant AND c.contact_id = p.person_id
    WHERE p.tenant = p_tenant AND p.person_id = p_person;
END;

CREATE FUNCTION vault.contacts_of(p_tenant text, p_debtor text)
RETURNS TABLE (contact_id text, slot smallint, purpose text, state text)
STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT c.contact_id, c.slot, c.purpose, c.state FROM vault.contact c
    WHERE c.tenant = p_tenant AND c.debtor_id = p_debtor ORDER BY c.slot, c.contact_id;
END;

CREATE FUNCTION vault.set_contact_state(
    p_tenant text, p_contact text, p_state text, p_actor text
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Stopped is for good; nothing leads back from it.
    UPDATE vault.contact SET state = p_state WHERE tenant = p_tenant AND contact_id = p_contact
        AND p_state IN ('noticed', 'consented', 'stopped')
        AND state NOT IN ('stopped', 'erased');
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM vault.mark(p_tenant, p_contact, 'contact.' || p_state, p_actor, '{}');
    RETURN true;
END $$;

-- Restrict, let go again, or freeze: processing stops but for storage and security.
CREATE FUNCTION vault.set_state(
    p_tenant text, p_person text, p_state text, p_duty text, p_until date, p_actor text
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE vault.person SET state = p_state, duty = p_duty, frozen_until = p_until
        WHERE tenant = p_tenant AND person_id = p_person AND state <> 'erased'
            AND p_state IN ('active', 'restricted', 'frozen')
            AND (state <> 'frozen' OR p_state = 'frozen');
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM vault.mark(p_tenant, p_person, 'person.' || p_state, p_actor,
        jsonb_strip_nulls(jsonb_build_object('duty', p_duty, 'until', p_until::text)));
    RETURN true;
END $$;

-- Destroy the key, and with it every sealed value and index row. Says what there was.
CREATE FUNCTION vault.erase(p_tenant text, p_person text, p_reason text, p_actor text)
RETURNS TABLE (key_id text, fields text[], index_rows bigint, entry_no bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    had_key text;
    had_fields text[];
    had_rows bigint;
BEGIN
    PERFORM FROM vault.person p WHERE p.tenant = p_tenant AND p.person_id = p_person
        AND p.state <> 'erased' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT array_agg(s.field ORDER BY s.field) INTO had_fields FROM vault.sealed s
        WHERE s.tenant = p_tenant AND s.person_id = p_person;
    SELECT count(*) INTO had_rows FROM vault.blind b
        WHERE b.tenant = p_tenant AND b.person_id = p_person;
    -- Sealed values and index rows go with the key.
    DELETE FROM vault.person_key k WHERE k.tenant = p_tenant AND k.person_id = p_person
        RETURNING k.key_id INTO had_key;
    UPDATE vault.person p SET state = 'erased', duty = NULL, frozen_until = NULL
        WHERE p.tenant = p_tenant AND p.person_id = p_person;
    UPDATE vault.contact c SET state = 'erased'
        WHERE c.tenant = p_tenant AND c.contact_id = p_person;
    RETURN QUERY SELECT had_key, coalesce(had_fields, '{}'), had_rows,
        vault.mark(p_tenant, p_person, 'person.erased', p_actor,
            jsonb_build_object('reason', p_reason, 'fields', to_jsonb(coalesce(had_fields, '{}')),
                               'index_rows', had_rows));
END $$;

-- People whose freeze has run out: the evening erases them.
CREATE FUNCTION vault.freezes_ended(p_on date)
RETURNS TABLE (tenant text, person_id text, duty text, frozen_until date)
STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT p.tenant, p.person_id, p.duty, p.frozen_until FROM vault.person p
    WHERE p.state = 'frozen' AND p.frozen_until < p_on ORDER BY 1, 2;
END;

CREATE FUNCTION vault.poison(p_tenant text, p_person text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO vault.poison VALUES (p_tenant, p_person);
END;

CREATE FUNCTION vault.thaw_actor(p_actor text, p_by text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM vault.frozen_actor WHERE actor = p_actor AND p_by <> p_actor;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM journal.append_entry('vault', 'actor.thawed',
        (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date, clock_timestamp(), p_by,
        jsonb_build_object('actor', p_actor), 'vault:' || gen_random_uuid());
    RETURN true;
END $$;

CREATE FUNCTION vault.set_budget(p_scope text, p_subject text, p_max integer, p_actor text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO vault.budget VALUES (p_scope, p_subject, p_max)
        ON CONFLICT (scope, subject) DO UPDATE SET openings_max = excluded.openings_max;
    PERFORM journal.append_entry('vault', 'budget.set',
        (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date, clock_timestamp(), p_actor,
        jsonb_build_object('scope', p_scope, 'subject', p_subject, 'openings_max', p_max),
        'vault:' || gen_random_uuid());
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA vault FROM PUBLIC;
REVOKE ALL ON FUNCTION casework.issue_grant FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.issue_grant TO kx_app;
GRANT USAGE ON SCHEMA vault TO kx_vault;
GRANT EXECUTE ON FUNCTION vault.add_person, vault.nominate, vault.key_for_sealing,
    vault.put_value, vault.find, vault.keys_to_rewrap, vault.put_rewrapped, vault.mark_opening,
    vault.fetch_opening, vault.held, vault.contacts_of, vault.set_contact_state, vault.set_state,
    vault.erase, vault.freezes_ended, vault.poison TO kx_vault;
-- Budgets and thawing are the owner's: who opens does not set what it may open.
