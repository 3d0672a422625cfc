-- Who sees which cases, in policies that name no role: who is a member of a role can say DROP OWNED
-- BY it, which strikes it out of every policy that names it. May be run again.
ALTER TABLE casework.cases ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework.assignment ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS whole_book ON casework.cases;
DROP POLICY IF EXISTS whole_book ON casework.assignment;
DROP POLICY IF EXISTS own_cases ON casework.cases;
DROP POLICY IF EXISTS own_cases ON casework.assignment;

-- Each question in a SELECT of its own is asked once a statement and not once a row.
CREATE POLICY whole_book ON casework.cases USING (
    (SELECT pg_has_role(current_user, 'kx_app', 'USAGE')
         OR pg_has_role(current_user, 'kx_audit', 'USAGE')));
CREATE POLICY whole_book ON casework.assignment USING (
    (SELECT pg_has_role(current_user, 'kx_app', 'USAGE')
         OR pg_has_role(current_user, 'kx_audit', 'USAGE')));
CREATE POLICY own_cases ON casework.cases FOR SELECT USING (
    (SELECT pg_has_role(current_user, 'kx_agency', 'USAGE'))
    AND case_id IN (SELECT casework.own_cases()));
CREATE POLICY own_cases ON casework.assignment FOR SELECT USING (
    (SELECT pg_has_role(current_user, 'kx_agency', 'USAGE'))
    AND agency_id = (SELECT casework.own_agency())
    AND casework.runs(starts_at, ends_at, ended_at));

-- A policy of everybody's is looked at by everybody; of no agency's login they say nothing.
GRANT EXECUTE ON FUNCTION casework.own_agency, casework.own_cases, casework.runs
    TO kx_app, kx_audit, kx_agency;
GRANT SELECT ON casework.cases, casework.assignment TO kx_app, kx_audit;
GRANT INSERT ON casework.cases, casework.assignment TO kx_app;
