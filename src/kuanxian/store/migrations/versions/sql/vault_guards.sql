-- Which values a purpose may use: those its notice names, or what reaching somebody takes.
CREATE TABLE consent.purpose_field (
    purpose text NOT NULL,
    field   text NOT NULL,
    PRIMARY KEY (purpose, field)
);
INSERT INTO consent.purpose_field
    SELECT p, f FROM unnest(ARRAY['collect', 'inform', 'notice', 'negotiate', 'answer']) p,
        unnest(ARRAY['name', 'phone', 'email', 'address']) f
    UNION ALL SELECT 'subject_access', f
        FROM unnest(ARRAY['name', 'phone', 'identity_number', 'bank_card', 'email', 'address']) f
    UNION ALL SELECT p, f FROM unnest(ARRAY['report_credit', 'query_credit']) p,
        unnest(ARRAY['name', 'identity_number']) f
    UNION ALL SELECT p, f FROM unnest(ARRAY['share_processor', 'pass_message', 'restore_contact']) p,
        unnest(ARRAY['name', 'phone']) f
    UNION ALL SELECT 'marketing', f FROM unnest(ARRAY['phone', 'email']) f;
GRANT SELECT ON consent.purpose_field TO kx_app, kx_vault, kx_audit;

-- The owner alone lays traps: whoever opens could ask of anybody whether they are one, or make
-- them one. The entry says that one was laid and not where.
DROP FUNCTION vault.poison(text, text);
CREATE FUNCTION vault.poison(p_tenant text, p_person text, p_actor text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO vault.poison VALUES (p_tenant, p_person) ON CONFLICT DO NOTHING;
    PERFORM vault.note('trap.laid', p_actor, '{}');
END $$;

-- An entry of the vault's own stream.
CREATE FUNCTION vault.note(p_kind text, p_actor text, p_body jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN journal.append_entry('vault', p_kind,
        (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date, clock_timestamp(), p_actor, p_body,
        'vault:' || gen_random_uuid());
END $$;

-- Under which other keys this person's key was wrapped before: such forms may still be on a disk.
ALTER TABLE vault.person_key ADD COLUMN former_key_ids text[] NOT NULL DEFAULT '{}';

CREATE FUNCTION vault.key_ids() RETURNS SETOF text
STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT DISTINCT key_id FROM vault.person_key ORDER BY 1;
END;

-- Keys wrapped under one key, some at a time; each time is an entry.
DROP FUNCTION vault.keys_to_rewrap(text, text, text);
CREATE FUNCTION vault.keys_to_rewrap(
    p_old text, p_after_tenant text, p_after_person text, p_actor text
) RETURNS TABLE (tenant text, person_id text, key_id text, wrapped bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM vault.note('keys.listed', p_actor, jsonb_build_object('key_id', p_old));
    RETURN QUERY SELECT k.tenant, k.person_id, k.key_id, k.wrapped FROM vault.person_key k
        WHERE k.key_id = p_old AND (k.tenant, k.person_id) > (p_after_tenant, p_after_person)
        ORDER BY 1, 2 LIMIT 1000;
END $$;

-- Whether it unwraps only who holds the key can tell; what is too short or too long does not.
DROP FUNCTION vault.put_rewrapped(text, text, text, text, bytea);
CREATE FUNCTION vault.put_rewrapped(
    p_tenant text, p_person text, p_old_key_id text, p_key_id text, p_wrapped bytea, p_actor text
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF octet_length(p_wrapped) NOT BETWEEN 48 AND 1024 OR p_key_id = p_old_key_id THEN
        RAISE EXCEPTION 'this is no wrapped key'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'wrapped_key';
    END IF;
    UPDATE vault.person_key
        SET key_id = p_key_id, wrapped = p_wrapped, former_key_ids = former_key_ids || key_id
        WHERE tenant = p_tenant AND person_id = p_person AND key_id = p_old_key_id;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM vault.mark(p_tenant, p_person, 'key.rewrapped', p_actor,
                       jsonb_build_object('from', p_old_key_id, 'to', p_key_id));
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION vault.poison, vault.note, vault.key_ids, vault.keys_to_rewrap,
    vault.put_rewrapped FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault.key_ids, vault.keys_to_rewrap, vault.put_rewrapped TO kx_vault;
