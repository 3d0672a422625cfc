-- What stands against using a person's data now; NULL where nothing does. Asked before the mark,
-- and again before the bytes are given: a withdrawal between the two counts.
CREATE FUNCTION vault.against_use(d casework.decision) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    said text := consent.standing(d.tenant, d.person_id, d.purpose);
BEGIN
    RETURN CASE
        WHEN vault.is_frozen(d.officer) THEN 'frozen_actor'
        WHEN NOT EXISTS (SELECT FROM vault.person x WHERE x.tenant = d.tenant
            AND x.person_id = d.person_id AND (x.state = 'active' OR (
                x.state IN ('restricted', 'frozen') AND d.purpose = 'subject_access')))
            THEN 'restricted'
        -- A contact is there for their debtor's sake: what is shut of the one is of the other.
        WHEN d.purpose <> 'subject_access' AND vault.is_shut(d.tenant, d.person_id) THEN 'restricted'
        WHEN said IN ('refused', 'withdrawn', 'expired') THEN 'withdrawn'
        WHEN said IS DISTINCT FROM 'given' AND NOT EXISTS (
            SELECT FROM consent.other_ground o WHERE o.purpose = d.purpose) THEN 'not_asked'
        WHEN d.purpose <> 'subject_access' AND EXISTS (SELECT FROM vault.person x
                WHERE x.tenant = d.tenant AND x.person_id = d.person_id AND x.role = 'contact')
            AND NOT EXISTS (SELECT FROM vault.contact c WHERE c.tenant = d.tenant
                AND c.contact_id = d.person_id AND c.purpose = d.purpose
                AND c.state IN ('noticed', 'consented')) THEN 'contact_stopped'
        WHEN d.agency_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM casework.assignment a WHERE a.case_id = d.case_id
                AND a.agency_id = d.agency_id
                AND casework.runs(a.starts_at, a.ends_at, a.ended_at)) THEN 'not_assigned' END;
END $$;

-- Whether a person, or of a contact the debtor who named them, is restricted, frozen or erased.
CREATE FUNCTION vault.is_shut(p_tenant text, p_person text) RETURNS boolean
VOLATILE LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM vault.person x WHERE x.tenant = p_tenant AND x.state <> 'active'
        AND (x.person_id = p_person OR x.person_id IN (SELECT c.debtor_id FROM vault.contact c
            WHERE c.tenant = p_tenant AND c.contact_id = p_person)));
END;

-- Whose openings a case's budget counts; without a case, those of the person, but for their copies.
CREATE FUNCTION vault.budget_case(p_case text, p_tenant text, p_person text) RETURNS text
IMMUTABLE LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT coalesce(p_case, p_tenant || '/' || p_person);
END;
CREATE INDEX opening_caseless ON vault.opening (tenant, person_id, marked_at)
    WHERE case_id IS NULL;

CREATE OR REPLACE FUNCTION vault.over_budget(p_scope text, p_subject text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    used bigint;
    allowed integer;
BEGIN
    IF p_subject IS NULL THEN
        RETURN false;
    END IF;
    SELECT openings_max INTO allowed FROM vault.budget
        WHERE scope = p_scope AND subject IN (p_subject, '*') ORDER BY subject = '*' LIMIT 1;
    IF p_scope = 'case' AND strpos(p_subject, '/') > 0 THEN
        SELECT count(*) INTO used FROM vault.opening o JOIN vault.opening_grant USING (grant_id)
            JOIN casework.decision d USING (decision_id)
            WHERE d.purpose <> 'subject_access' AND o.case_id IS NULL AND o.tenant = split_part(p_subject, '/', 1)
                AND o.person_id = split_part(p_subject, '/', 2) AND o.outcome = 'marked'
                AND o.marked_at > clock_timestamp() - interval '24 hours';
    ELSE
        SELECT count(*) INTO used FROM vault.opening o
            WHERE CASE p_scope WHEN 'officer' THEN o.officer WHEN 'case' THEN o.case_id
                               ELSE o.agency_id END = p_subject
                AND o.outcome = 'marked'
                AND o.marked_at > clock_timestamp() - interval '24 hours';
    END IF;
    RETURN used >= coalesce(allowed, 0);
END $$;

CREATE OR REPLACE FUNCTION vault.objection(
    g vault.opening_grant, d casework.decision, p_person text, p_field text, p_purpose text,
    p_channel text
) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    is_poison boolean := EXISTS (SELECT FROM vault.poison x
        WHERE x.tenant = d.tenant AND x.person_id = d.person_id);
    against text;
BEGIN
    against := CASE
        WHEN (d.person_id, g.field, d.purpose, g.channel)
            IS DISTINCT FROM (p_person, p_field, p_purpose, p_channel) THEN 'another_grant'
        WHEN g.used_at IS NOT NULL THEN 'used'
        WHEN clock_timestamp() >= g.expires_at OR NOT d.allowed THEN 'stale'
        WHEN vault.is_frozen(d.officer) THEN 'frozen_actor' END;
    IF against IS NOT NULL THEN
        RETURN against;
    END IF;
    against := coalesce(vault.against_use(d), CASE
        WHEN NOT EXISTS (SELECT FROM consent.purpose_field f
            WHERE f.purpose = d.purpose AND f.field = p_field) THEN 'another_field'
        WHEN d.purpose = 'subject_access' AND p_channel <> 'copy' THEN 'another_channel'
        WHEN d.case_id IS NOT NULL AND NOT EXISTS (SELECT FROM casework.cases k
            WHERE k.case_id = d.case_id AND k.tenant = d.tenant AND (k.debtor_id = d.person_id
                OR EXISTS (SELECT FROM vault.contact c WHERE c.tenant = d.tenant
                    AND c.contact_id = d.person_id AND c.debtor_id = k.debtor_id)
                OR EXISTS (SELECT FROM vault.person x WHERE x.tenant = d.tenant
                    AND x.person_id = d.person_id AND x.role = 'guarantor')))
            THEN 'another_case'
        WHEN NOT EXISTS (SELECT FROM vault.sealed s WHERE s.tenant = d.tenant
            AND s.person_id = d.person_id AND s.field = p_field) THEN 'no_value'
        WHEN vault.over_budget('officer', d.officer)
            OR vault.over_budget('case', CASE WHEN d.purpose <> 'subject_access'
                THEN vault.budget_case(d.case_id, d.tenant, d.person_id) ELSE d.case_id END)
            OR vault.over_budget('agency', d.agency_id) THEN 'over_budget' END);
    -- Last, and after everything else was looked at as for anybody.
    RETURN CASE WHEN is_poison THEN 'alarm' ELSE against END;
END $$;

-- Who is restricted, frozen or erased, or was named by somebody who is, is not found.
CREATE OR REPLACE FUNCTION vault.find(p_tenant text, p_field text, p_digest bytea, p_actor text)
RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hit text;
BEGIN
    IF vault.is_frozen(p_actor) THEN
        RETURN;
    END IF;
    FOR hit IN SELECT person_id FROM vault.blind
        WHERE tenant = p_tenant AND field = p_field AND digest = p_digest
            AND NOT vault.is_shut(p_tenant, person_id) ORDER BY 1 LIMIT 20
    LOOP
        PERFORM vault.mark(p_tenant, hit, 'person.found', p_actor,
                           jsonb_build_object('field', p_field));
        RETURN NEXT hit;
    END LOOP;
END $$;

-- Destroy the key, and with it every sealed value and index row, and of a debtor those of the
-- contacts they named: they were held for the debtor's loan alone. Says what there was.
CREATE OR REPLACE FUNCTION vault.erase(p_tenant text, p_person text, p_reason text, p_actor text)
RETURNS TABLE (key_id text, fields text[], index_rows bigint, entry_no bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    had_key text;
    had_fields text[];
    had_rows bigint;
    one text;
BEGIN
    PERFORM FROM vault.person p WHERE p.tenant = p_tenant AND p.person_id = p_person
        AND p.state <> 'erased' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    FOR one IN SELECT c.contact_id FROM vault.contact c WHERE c.tenant = p_tenant
        AND c.debtor_id = p_person AND c.state <> 'erased' ORDER BY 1
    LOOP
        PERFORM vault.erase(p_tenant, one, p_reason, p_actor);
    END LOOP;
    SELECT array_agg(s.field ORDER BY s.field) INTO had_fields FROM vault.sealed s
        WHERE s.tenant = p_tenant AND s.person_id = p_person;
    SELECT count(*) INTO had_rows FROM vault.blind b
        WHERE b.tenant = p_tenant AND b.person_id = p_person;
    -- Sealed values and index rows go with the key.
    DELETE FROM vault.person_key k WHERE k.tenant = p_tenant AND k.person_id = p_person
        RETURNING array_to_string(k.former_key_ids || k.key_id, ' ') INTO had_key;
    UPDATE vault.person p SET state = 'erased', duty = NULL, frozen_until = NULL
        WHERE p.tenant = p_tenant AND p.person_id = p_person;
    UPDATE vault.contact c SET state = 'erased'
        WHERE c.tenant = p_tenant AND c.contact_id = p_person;
    RETURN QUERY SELECT had_key, coalesce(had_fields, '{}'), had_rows,
        vault.mark(p_tenant, p_person, 'person.erased', p_actor,
            jsonb_build_object('reason', p_reason, 'fields', to_jsonb(coalesce(had_fields, '{}')),
                               'index_rows', had_rows));
END $$;

-- Who takes an answer keeps the words it was given on.
GRANT INSERT ON consent.notice TO kx_vault;

REVOKE ALL ON FUNCTION vault.against_use, vault.is_shut, vault.budget_case FROM PUBLIC;
