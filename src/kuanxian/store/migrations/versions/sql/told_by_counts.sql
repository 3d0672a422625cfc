-- A row policy hides rows and not how many: EXPLAIN (ANALYZE) counts those it takes away, and asks an
-- index before it. Who asked for one id after the other read every case. So an agency reads no table,
-- and what it has comes out of a function, of which nothing inside is counted.
CREATE FUNCTION casework.assigned_cases()
RETURNS TABLE (case_id text, tenant text, debtor_id text, loan_id text, opened_at timestamptz,
               assignment_id text, starts_at timestamptz, ends_at timestamptz)
VOLATILE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT c.case_id, c.tenant, c.debtor_id, c.loan_id, c.opened_at,
           a.assignment_id, a.starts_at, a.ends_at
    FROM casework.assignment a JOIN casework.cases c USING (case_id)
    WHERE a.agency_id = casework.own_agency()
        AND casework.runs(a.starts_at, a.ends_at, a.ended_at);
END;
REVOKE ALL ON FUNCTION casework.assigned_cases FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework.assigned_cases TO kx_agency;
REVOKE SELECT ON casework.cases, casework.assignment FROM kx_agency;

-- An alarm counts from the end of its transaction on. Inside it the next question told of it, and
-- who then took all back knew the trap. The transaction stands in the index, or its own row is read.
CREATE OR REPLACE FUNCTION vault.is_frozen(p_actor text) RETURNS boolean
VOLATILE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM vault.frozen_actor f WHERE f.actor = p_actor)
        OR EXISTS (SELECT FROM vault.opening o WHERE o.officer = p_actor
            AND o.outcome = 'alarm' AND o.marked_xact < pg_current_xact_id())
        OR EXISTS (SELECT FROM vault.opening o WHERE o.officer = p_actor
            AND o.outcome = 'alarm' AND o.marked_xact > pg_current_xact_id());
END;
DROP INDEX vault.opening_alarm;
CREATE INDEX opening_alarm ON vault.opening (officer, marked_xact) WHERE outcome = 'alarm';
