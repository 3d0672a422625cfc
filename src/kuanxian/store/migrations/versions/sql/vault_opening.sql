-- A grant: one opening of one field, for who decides to hand on to a channel. It carries no value.
CREATE FUNCTION casework.issue_grant(p_decision text, p_field text, p_channel text)
RETURNS TABLE (outcome text, grant_id text, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    d casework.decision;
    ends_at timestamptz;
BEGIN
    SELECT * INTO d FROM casework.decision WHERE decision_id = p_decision;
    ends_at := d.decided_at + make_interval(secs => d.fresh_seconds);
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'no_decision', NULL::text, NULL::timestamptz;
    ELSIF NOT d.allowed THEN
        RETURN QUERY SELECT 'not_allowed', NULL::text, NULL::timestamptz;
    ELSIF clock_timestamp() >= ends_at THEN
        RETURN QUERY SELECT 'stale', NULL::text, NULL::timestamptz;
    ELSIF EXISTS (SELECT FROM vault.frozen_actor f WHERE f.actor = d.officer) THEN
        RETURN QUERY SELECT 'frozen_actor', NULL::text, NULL::timestamptz;
    ELSE
        RETURN QUERY INSERT INTO vault.opening_grant (decision_id, field, channel, expires_at)
            VALUES (p_decision, p_field, p_channel, ends_at)
            ON CONFLICT (decision_id, field) DO NOTHING
            RETURNING 'granted', opening_grant.grant_id, opening_grant.expires_at;
        IF NOT FOUND THEN
            RETURN QUERY SELECT 'granted_before', NULL::text, NULL::timestamptz;
        END IF;
    END IF;
END $$;

CREATE FUNCTION vault.over_budget(p_scope text, p_subject text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    used bigint;
    allowed integer;
BEGIN
    IF p_subject IS NULL THEN
        RETURN false;
    END IF;
    -- One opening at a time a subject, or two would both be the last.
    PERFORM pg_advisory_xact_lock(hashtextextended('vault.budget:' || p_scope || p_subject, 0));
    SELECT openings_max INTO allowed FROM vault.budget
        WHERE scope = p_scope AND subject IN (p_subject, '*') ORDER BY subject = '*' LIMIT 1;
    SELECT count(*) INTO used FROM vault.opening o
        WHERE CASE p_scope WHEN 'officer' THEN o.officer WHEN 'case' THEN o.case_id
                           ELSE o.agency_id END = p_subject
            AND o.marked_at > clock_timestamp() - interval '24 hours';
    RETURN used >= coalesce(allowed, 0);
END $$;

-- Why an opening is not to be; NULL where nothing stands against it. Unknown is never a yes.
CREATE FUNCTION vault.objection(
    g vault.opening_grant, d casework.decision, p_person text, p_field text, p_purpose text,
    p_channel text
) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (d.person_id, g.field, d.purpose, g.channel)
        IS DISTINCT FROM (p_person, p_field, p_purpose, p_channel) THEN
        RETURN 'another_grant';
    ELSIF g.used_at IS NOT NULL THEN
        RETURN 'used';
    ELSIF clock_timestamp() >= g.expires_at OR NOT d.allowed THEN
        RETURN 'stale';
    ELSIF EXISTS (SELECT FROM vault.frozen_actor f WHERE f.actor = d.officer) THEN
        RETURN 'frozen_actor';
    ELSIF EXISTS (SELECT FROM vault.poison x
                  WHERE x.tenant = d.tenant AND x.person_id = d.person_id) THEN
        RETURN 'alarm';
    ELSIF NOT EXISTS (SELECT FROM vault.person x WHERE x.tenant = d.tenant
            AND x.person_id = d.person_id AND (x.state = 'active' OR (
                x.state IN ('restricted', 'frozen') AND d.purpose = 'subject_access'))) THEN
        RETURN 'restricted';
    ELSIF consent.standing(d.tenant, d.person_id, d.purpose)
        IN ('refused', 'withdrawn', 'expired') THEN
        RETURN 'withdrawn';
    ELSIF EXISTS (SELECT FROM vault.contact c WHERE c.tenant = d.tenant
            AND c.contact_id = d.person_id AND d.purpose <> 'subject_access'
            AND (c.state IN ('stopped', 'erased') OR c.purpose <> d.purpose)) THEN
        RETURN 'contact_stopped';
    ELSIF d.purpose <> 'subject_access' AND EXISTS (SELECT FROM vault.person x
            WHERE x.tenant = d.tenant AND x.person_id = d.person_id AND x.role = 'contact')
        AND NOT EXISTS (SELECT FROM vault.contact c WHERE c.tenant = d.tenant
            AND c.contact_id = d.person_id AND c.state IN ('noticed', 'consented')) THEN
        -- Named, and never told: nobody may be reached who does not know of it.
        RETURN 'contact_stopped';
    ELSIF d.agency_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM casework.assignment a WHERE a.case_id = d.case_id
                AND a.agency_id = d.agency_id
                AND casework.runs(a.starts_at, a.ends_at, a.ended_at)) THEN
        RETURN 'not_assigned';
    ELSIF NOT EXISTS (SELECT FROM vault.sealed s WHERE s.tenant = d.tenant
            AND s.person_id = d.person_id AND s.field = p_field) THEN
        RETURN 'no_value';
    ELSIF vault.over_budget('officer', d.officer) OR vault.over_budget('case', d.case_id)
        OR vault.over_budget('agency', d.agency_id) THEN
        RETURN 'over_budget';
    END IF;
    RETURN NULL;
END $$;

-- Step one: use the grant up and write the mark. Gives a number, no bytes. A refusal is an
-- answer, not an error: an error would take its own mark, and a freeze, back with it.
CREATE FUNCTION vault.mark_opening(
    p_grant text, p_decision text, p_person text, p_field text, p_purpose text, p_channel text
) RETURNS TABLE (outcome text, opening_id text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    g vault.opening_grant;
    d casework.decision;
    against text;
    new_id text;
BEGIN
    SELECT * INTO g FROM vault.opening_grant x
        WHERE x.grant_id = p_grant AND x.decision_id = p_decision FOR UPDATE;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'no_grant', NULL::text;
        RETURN;
    END IF;
    SELECT * INTO d FROM casework.decision x WHERE x.decision_id = p_decision;
    against := vault.objection(g, d, p_person, p_field, p_purpose, p_channel);
    IF against IS NULL THEN
        UPDATE vault.opening_grant x SET used_at = clock_timestamp() WHERE x.grant_id = p_grant;
        INSERT INTO vault.opening (grant_id, tenant, person_id, field, officer, case_id, agency_id)
            VALUES (p_grant, d.tenant, d.person_id, p_field, d.officer, d.case_id, d.agency_id)
            RETURNING opening.opening_id INTO new_id;
    ELSIF against = 'alarm' THEN
        INSERT INTO vault.frozen_actor (actor, reason)
            VALUES (d.officer, 'opened a person whom no lawful process opens')
            ON CONFLICT (actor) DO NOTHING;
    END IF;
    PERFORM vault.mark(d.tenant, d.person_id,
        CASE WHEN against IS NULL THEN 'value.opened' WHEN against = 'alarm' THEN 'vault.alarm'
             ELSE 'opening.refused' END,
        d.officer,
        jsonb_strip_nulls(jsonb_build_object('field', p_field, 'purpose', d.purpose, 'channel',
            g.channel, 'decision_id', p_decision, 'case_id', d.case_id, 'agency_id', d.agency_id,
            'opening_id', new_id, 'refused', against)));
    -- Who tried learns no more than that it was refused.
    RETURN QUERY SELECT CASE WHEN against IS NULL THEN 'marked' WHEN against = 'alarm'
        THEN 'restricted' ELSE against END, new_id;
END $$;

-- Step two, in another transaction: what was marked, once, within a minute.
CREATE FUNCTION vault.fetch_opening(p_opening text)
RETURNS TABLE (tenant text, person_id text, field text, version integer, body bytea,
               key_id text, wrapped bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    o vault.opening;
BEGIN
    SELECT * INTO o FROM vault.opening x WHERE x.opening_id = p_opening FOR UPDATE;
    IF NOT FOUND OR o.fetched_at IS NOT NULL
        OR o.marked_xact = pg_current_xact_id()
        OR o.marked_at < clock_timestamp() - interval '60 seconds' THEN
        RETURN;
    END IF;
    UPDATE vault.opening x SET fetched_at = clock_timestamp() WHERE x.opening_id = p_opening;
    RETURN QUERY SELECT s.tenant, s.person_id, s.field, s.version, s.body, k.key_id, k.wrapped
        FROM vault.sealed s JOIN vault.person_key k USING (tenant, person_id)
        WHERE s.tenant = o.tenant AND s.person_id = o.person_id AND s.field = o.field;
END $$;
