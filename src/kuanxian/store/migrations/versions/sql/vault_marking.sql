-- Purposes that stand on another ground than consent: the contract, a duty, the person's own
-- request. For every other, known here or not, only a yes that counts now opens a value.
CREATE TABLE consent.other_ground (
    purpose text PRIMARY KEY
);
INSERT INTO consent.other_ground VALUES
    ('collect'), ('inform'), ('notice'), ('negotiate'), ('answer'), ('subject_access');

-- Every attempt is a row, whatever came of it. A transaction that is taken back takes its number
-- with it for good: a sequence does not go back.
CREATE SEQUENCE vault.opening_numbers;
ALTER TABLE vault.opening
    ADD COLUMN outcome text NOT NULL DEFAULT 'marked',
    ADD COLUMN opening_no bigint NOT NULL UNIQUE DEFAULT nextval('vault.opening_numbers'),
    DROP CONSTRAINT opening_grant_id_key;
ALTER SEQUENCE vault.opening_numbers OWNED BY vault.opening.opening_no;
CREATE INDEX opening_alarm ON vault.opening (officer) WHERE outcome = 'alarm';

-- Frozen by hand, or by an alarm that was not lifted.
CREATE FUNCTION vault.is_frozen(p_actor text) RETURNS boolean
VOLATILE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM vault.frozen_actor f WHERE f.actor = p_actor)
        OR EXISTS (SELECT FROM vault.opening o WHERE o.officer = p_actor AND o.outcome = 'alarm');
END;

CREATE OR REPLACE FUNCTION casework.issue_grant(p_decision text, p_field text, p_channel text)
RETURNS TABLE (outcome text, grant_id text, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    d casework.decision;
    ends_at timestamptz;
    against text;
BEGIN
    SELECT * INTO d FROM casework.decision WHERE decision_id = p_decision;
    ends_at := d.decided_at + make_interval(secs => d.fresh_seconds);
    against := CASE WHEN NOT FOUND THEN 'no_decision'
                    WHEN NOT d.allowed THEN 'not_allowed'
                    WHEN clock_timestamp() >= ends_at THEN 'stale'
                    WHEN vault.is_frozen(d.officer) THEN 'frozen_actor' END;
    IF against IS NULL THEN
        RETURN QUERY INSERT INTO vault.opening_grant (decision_id, field, channel, expires_at)
            VALUES (p_decision, p_field, p_channel, ends_at)
            ON CONFLICT (decision_id, field) DO NOTHING
            RETURNING 'granted', opening_grant.grant_id, opening_grant.expires_at;
        IF FOUND THEN
            RETURN;
        END IF;
        against := 'granted_before';
    END IF;
    RETURN QUERY SELECT against, NULL::text, NULL::timestamptz;
END $$;

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
    SELECT count(*) INTO used FROM vault.opening o
        WHERE CASE p_scope WHEN 'officer' THEN o.officer WHEN 'case' THEN o.case_id
                           ELSE o.agency_id END = p_subject
            AND o.outcome = 'marked'
            AND o.marked_at > clock_timestamp() - interval '24 hours';
    RETURN used >= coalesce(allowed, 0);
END $$;

-- Why an opening is not to be; NULL where nothing stands against it. Unknown is never a yes.
CREATE OR REPLACE FUNCTION vault.objection(
    g vault.opening_grant, d casework.decision, p_person text, p_field text, p_purpose text,
    p_channel text
) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    is_poison boolean := EXISTS (SELECT FROM vault.poison x
        WHERE x.tenant = d.tenant AND x.person_id = d.person_id);
    said text := consent.standing(d.tenant, d.person_id, d.purpose);
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
    against := CASE
        WHEN NOT EXISTS (SELECT FROM vault.person x WHERE x.tenant = d.tenant
            AND x.person_id = d.person_id AND (x.state = 'active' OR (
                x.state IN ('restricted', 'frozen') AND d.purpose = 'subject_access')))
            THEN 'restricted'
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
                AND casework.runs(a.starts_at, a.ends_at, a.ended_at)) THEN 'not_assigned'
        WHEN NOT EXISTS (SELECT FROM vault.sealed s WHERE s.tenant = d.tenant
            AND s.person_id = d.person_id AND s.field = p_field) THEN 'no_value'
        WHEN vault.over_budget('officer', d.officer) OR vault.over_budget('case', d.case_id)
            OR vault.over_budget('agency', d.agency_id) THEN 'over_budget' END;
    -- Last, and after everything else was looked at as for anybody.
    RETURN CASE WHEN is_poison THEN 'alarm' ELSE against END;
END $$;

-- Step one: use the grant up and write the mark. It gives a number, and not what became of it:
-- the same rows are written whatever the answer, so who takes this back has learned nothing.
DROP FUNCTION vault.mark_opening(text, text, text, text, text, text);
CREATE FUNCTION vault.mark_opening(
    p_grant text, p_decision text, p_person text, p_field text, p_purpose text, p_channel text
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g vault.opening_grant;
    d casework.decision;
    against text;
    new_id text;
BEGIN
    SELECT * INTO g FROM vault.opening_grant x
        WHERE x.grant_id = p_grant AND x.decision_id = p_decision FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO d FROM casework.decision x WHERE x.decision_id = p_decision;
    -- One opening at a time a subject, or two would both be the last of a budget.
    PERFORM pg_advisory_xact_lock(hashtextextended('vault.budget:' || s, 0)) FROM unnest(ARRAY[
        'officer' || d.officer, 'case' || d.case_id, 'agency' || d.agency_id]) s
        WHERE s IS NOT NULL;
    against := vault.objection(g, d, p_person, p_field, p_purpose, p_channel);
    UPDATE vault.opening_grant x
        SET used_at = CASE WHEN against IS NULL THEN clock_timestamp() ELSE x.used_at END
        WHERE x.grant_id = p_grant;
    INSERT INTO vault.opening (grant_id, tenant, person_id, field, officer, case_id, agency_id,
                               outcome)
        VALUES (p_grant, d.tenant, d.person_id, p_field, d.officer, d.case_id, d.agency_id,
                coalesce(against, 'marked'))
        RETURNING opening_id INTO new_id;
    PERFORM vault.mark(d.tenant, d.person_id,
        CASE WHEN against IS NULL THEN 'value.opened' WHEN against = 'alarm' THEN 'vault.alarm'
             ELSE 'opening.refused' END,
        d.officer,
        jsonb_strip_nulls(jsonb_build_object('field', p_field, 'purpose', d.purpose, 'channel',
            g.channel, 'decision_id', p_decision, 'case_id', d.case_id, 'agency_id', d.agency_id,
            'opening_id', new_id, 'refused', against)));
    RETURN new_id;
END $$;

-- Step two, in another transaction of the same session: what became of the mark, and the bytes.
-- The session's own place in the sequence is that of its last mark. It moves on here, and
-- does not come back when the transaction is taken back: so the answer is given once.
DROP FUNCTION vault.fetch_opening(text);
CREATE FUNCTION vault.fetch_opening(p_opening text)
RETURNS TABLE (outcome text, tenant text, person_id text, field text, version integer, body bytea,
               key_id text, wrapped bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    o vault.opening;
BEGIN
    SELECT * INTO o FROM vault.opening x WHERE x.opening_id = p_opening;
    IF NOT FOUND OR o.marked_xact = pg_current_xact_id()
        OR o.marked_at < clock_timestamp() - interval '60 seconds'
        OR o.opening_no IS DISTINCT FROM vault.last_mark() THEN
        RETURN;
    END IF;
    PERFORM nextval('vault.opening_numbers');
    IF o.outcome <> 'marked' THEN
        -- Who tried learns no more than that it was refused.
        RETURN QUERY SELECT CASE o.outcome WHEN 'alarm' THEN 'restricted' ELSE o.outcome END,
            NULL, NULL, NULL, NULL::integer, NULL::bytea, NULL, NULL::bytea;
        RETURN;
    END IF;
    UPDATE vault.opening x SET fetched_at = clock_timestamp() WHERE x.opening_id = p_opening;
    RETURN QUERY SELECT 'marked', s.tenant, s.person_id, s.field, s.version, s.body, k.key_id,
            k.wrapped
        FROM vault.sealed s JOIN vault.person_key k USING (tenant, person_id)
        WHERE s.tenant = o.tenant AND s.person_id = o.person_id AND s.field = o.field;
END $$;

-- The number of this session's last mark; NULL where it has made none, or was told its answer.
CREATE FUNCTION vault.last_mark() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN currval('vault.opening_numbers');
EXCEPTION WHEN object_not_in_prerequisite_state THEN
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION vault.find(p_tenant text, p_field text, p_digest bytea, p_actor text)
RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hit text;
BEGIN
    IF vault.is_frozen(p_actor) THEN
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

CREATE OR REPLACE FUNCTION vault.thaw_actor(p_actor text, p_by text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_by = p_actor OR NOT vault.is_frozen(p_actor) THEN
        RETURN false;
    END IF;
    DELETE FROM vault.frozen_actor WHERE actor = p_actor;
    UPDATE vault.opening SET outcome = 'lifted' WHERE officer = p_actor AND outcome = 'alarm';
    PERFORM journal.append_entry('vault', 'actor.thawed',
        (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date, clock_timestamp(), p_by,
        jsonb_build_object('actor', p_actor), 'vault:' || gen_random_uuid());
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION vault.is_frozen, vault.mark_opening, vault.fetch_opening, vault.last_mark
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault.mark_opening, vault.fetch_opening TO kx_vault;
GRANT SELECT ON consent.other_ground TO kx_app, kx_vault, kx_audit;
