-- What a person signed and owes themselves: a debtor their own loan, a guarantor somebody's debt.
-- It ties a guarantor to a debtor, and it is the one ground on which a number that said no as a
-- contact comes in again.
CREATE TABLE vault.own_debt (
    tenant    text NOT NULL,
    person_id text NOT NULL,
    debtor_id text NOT NULL,
    contract  text NOT NULL CHECK (contract ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'),
    signed_on date NOT NULL,
    PRIMARY KEY (tenant, person_id, debtor_id, contract),
    FOREIGN KEY (tenant, person_id) REFERENCES vault.person,
    FOREIGN KEY (tenant, debtor_id) REFERENCES vault.person
);

-- False: there is no such debtor or guarantor, or the day lies ahead. Written twice, marked once.
CREATE FUNCTION vault.put_own_debt(
    p_tenant text, p_person text, p_debtor text, p_contract text, p_signed_on date, p_actor text
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM vault.person p WHERE p.tenant = p_tenant AND p.person_id = p_person
        AND p.state <> 'erased'
        AND p.role = CASE WHEN p_person = p_debtor THEN 'debtor' ELSE 'guarantor' END FOR UPDATE;
    IF NOT FOUND OR p_signed_on > (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date
        OR NOT EXISTS (SELECT FROM vault.person p WHERE p.tenant = p_tenant
            AND p.person_id = p_debtor AND p.role = 'debtor' AND p.state <> 'erased') THEN
        RETURN false;
    END IF;
    INSERT INTO vault.own_debt VALUES (p_tenant, p_person, p_debtor, p_contract, p_signed_on)
        ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM vault.mark(p_tenant, p_person, 'debt.signed', p_actor, jsonb_build_object(
            'debtor', p_debtor, 'contract', p_contract, 'signed_on', p_signed_on));
    END IF;
    RETURN true;
END $$;

CREATE FUNCTION vault.own_debts(p_tenant text, p_person text)
RETURNS TABLE (debtor_id text, contract text, signed_on date)
VOLATILE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT o.debtor_id, o.contract, o.signed_on FROM vault.own_debt o
        WHERE o.tenant = p_tenant AND o.person_id = p_person ORDER BY 3, 1, 2;
END;

-- Whether a decision's person is of its case: the debtor, a contact of theirs, or a guarantor who
-- signed for them. Without a case a guarantor must have signed for somebody.
CREATE FUNCTION vault.is_of_case(d casework.decision) RETURNS boolean
VOLATILE LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE
        WHEN (d).case_id IS NULL THEN EXISTS (SELECT FROM vault.person x
            WHERE x.tenant = (d).tenant AND x.person_id = (d).person_id AND (x.role <> 'guarantor'
                OR EXISTS (SELECT FROM vault.own_debt o WHERE o.tenant = x.tenant
                    AND o.person_id = x.person_id)))
        ELSE EXISTS (SELECT FROM casework.cases k
            WHERE k.case_id = (d).case_id AND k.tenant = (d).tenant AND (
                k.debtor_id = (d).person_id
                OR EXISTS (SELECT FROM vault.contact c WHERE c.tenant = k.tenant
                    AND c.contact_id = (d).person_id AND c.debtor_id = k.debtor_id)
                OR EXISTS (SELECT FROM vault.own_debt o WHERE o.tenant = k.tenant
                    AND o.person_id = (d).person_id AND o.debtor_id = k.debtor_id))) END;
END;

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
        WHEN d.purpose <> 'subject_access' AND NOT vault.is_of_case(d) THEN 'another_case'
        WHEN NOT EXISTS (SELECT FROM vault.sealed s WHERE s.tenant = d.tenant
            AND s.person_id = d.person_id AND s.field = p_field) THEN 'no_value'
        WHEN vault.over_budget('officer', d.officer)
            OR vault.over_budget('case', CASE WHEN d.purpose <> 'subject_access'
                THEN vault.budget_case(d.case_id, d.tenant, d.person_id) END)
            OR vault.over_budget('agency', d.agency_id) THEN 'over_budget' END);
    -- Last, and after everything else was looked at as for anybody.
    RETURN CASE WHEN is_poison THEN 'alarm' ELSE against END;
END $$;

-- Whose openings a case's budget counts: its debtor's, in whatever case; without a case, the person's.
CREATE OR REPLACE FUNCTION vault.budget_case(p_case text, p_tenant text, p_person text) RETURNS text
VOLATILE LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT p_tenant || '/' || coalesce(
        (SELECT k.debtor_id FROM casework.cases k WHERE k.case_id = p_case), p_person);
END;
CREATE INDEX cases_of_debtor ON casework.cases (tenant, debtor_id);

CREATE OR REPLACE FUNCTION vault.over_budget(p_scope text, p_subject text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    since timestamptz := clock_timestamp() - interval '24 hours';
    used bigint;
    allowed integer;
BEGIN
    IF p_subject IS NULL THEN
        RETURN false;
    END IF;
    -- An exception for one of a debtor's cases holds for all of them; of several the smallest.
    SELECT openings_max INTO allowed FROM vault.budget
        WHERE scope = p_scope AND (subject IN (p_subject, '*') OR p_scope = 'case' AND subject IN (
            SELECT k.case_id FROM casework.cases k WHERE k.tenant = split_part(p_subject, '/', 1)
                AND k.debtor_id = split_part(p_subject, '/', 2)))
        ORDER BY subject = '*', openings_max LIMIT 1;
    IF p_scope = 'case' THEN
        -- A person's own copies count nowhere but with the officer.
        SELECT count(*) INTO used FROM (
            SELECT o.grant_id FROM casework.cases k JOIN vault.opening o USING (case_id)
                WHERE k.tenant = split_part(p_subject, '/', 1)
                    AND k.debtor_id = split_part(p_subject, '/', 2)
                    AND o.outcome = 'marked' AND o.marked_at > since
            UNION ALL
            SELECT o.grant_id FROM vault.opening o
                WHERE o.case_id IS NULL AND o.tenant = split_part(p_subject, '/', 1)
                    AND o.person_id = split_part(p_subject, '/', 2)
                    AND o.outcome = 'marked' AND o.marked_at > since
        ) counted JOIN vault.opening_grant USING (grant_id) JOIN casework.decision d USING (decision_id)
            WHERE d.purpose <> 'subject_access';
    ELSE
        SELECT count(*) INTO used FROM vault.opening o
            WHERE CASE p_scope WHEN 'officer' THEN o.officer ELSE o.agency_id END = p_subject
                AND o.outcome = 'marked' AND o.marked_at > since;
    END IF;
    RETURN used >= coalesce(allowed, 0);
END $$;

-- Contacts of debtors who were erased before contacts went with them.
SELECT vault.erase(c.tenant, c.contact_id, 'settlement', 'migration')
    FROM vault.contact c JOIN vault.person p ON p.tenant = c.tenant AND p.person_id = c.debtor_id
    WHERE p.state = 'erased' AND c.state <> 'erased';

GRANT EXECUTE ON FUNCTION vault.put_own_debt, vault.own_debts TO kx_vault;
REVOKE ALL ON FUNCTION vault.is_of_case, vault.put_own_debt, vault.own_debts FROM PUBLIC;
