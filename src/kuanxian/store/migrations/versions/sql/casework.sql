CREATE SCHEMA casework;

-- Which login belongs to which agency. One row an agency; a login cannot be shared.
CREATE TABLE casework.agency (
    agency_id text PRIMARY KEY CHECK (agency_id ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'),
    login     text NOT NULL UNIQUE
);

CREATE TABLE casework.cases (
    case_id   text PRIMARY KEY CHECK (case_id ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'),
    tenant    text NOT NULL,
    debtor_id text NOT NULL CHECK (debtor_id ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'),
    loan_id   text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- 个人信息保护法 art. 21: an entrustment has a term. ended_at ends it sooner.
CREATE TABLE casework.assignment (
    assignment_id text PRIMARY KEY,
    case_id       text NOT NULL REFERENCES casework.cases,
    agency_id     text NOT NULL REFERENCES casework.agency,
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL CHECK (ends_at > starts_at),
    ended_at      timestamptz
);
CREATE INDEX ON casework.assignment (case_id);
CREATE INDEX ON casework.assignment (agency_id);

-- What the gate decided about one act towards one person. Only grows.
CREATE TABLE casework.decision (
    decision_id   text PRIMARY KEY CHECK (decision_id ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
    tenant        text NOT NULL,
    case_id       text REFERENCES casework.cases,
    person_id     text NOT NULL CHECK (person_id ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'),
    act           text NOT NULL,
    purpose       text NOT NULL,
    allowed       boolean NOT NULL,
    officer       text NOT NULL CHECK (officer ~ '^[!-~]{1,100}$'),
    agency_id     text REFERENCES casework.agency,
    rulebook_hash text NOT NULL,
    fresh_seconds integer NOT NULL CHECK (fresh_seconds BETWEEN 1 AND 600),
    -- The database's own clock, so that no caller makes a decision younger than it is.
    decided_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION casework.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a decision stands as it was made: % is refused', tg_op
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON casework.decision
    FOR EACH STATEMENT EXECUTE FUNCTION casework.refuse_change();
ALTER TABLE casework.decision ENABLE ALWAYS TRIGGER only_grows;

CREATE FUNCTION casework.runs(p_starts timestamptz, p_ends timestamptz, p_ended timestamptz)
RETURNS boolean VOLATILE LANGUAGE sql
RETURN p_starts <= clock_timestamp() AND clock_timestamp() < coalesce(p_ended, p_ends)
    AND clock_timestamp() < p_ends;

-- The agency of this session, by its login: nothing that SQL can set.
CREATE FUNCTION casework.own_agency() RETURNS text STABLE
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT agency_id FROM casework.agency WHERE login = session_user;
END;

CREATE FUNCTION casework.own_cases() RETURNS SETOF text VOLATILE
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT a.case_id FROM casework.assignment a JOIN casework.agency g USING (agency_id)
    WHERE g.login = session_user AND casework.runs(a.starts_at, a.ends_at, a.ended_at);
END;

ALTER TABLE casework.cases ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework.assignment ENABLE ROW LEVEL SECURITY;
CREATE POLICY whole_book ON casework.cases TO kx_app, kx_audit USING (true) WITH CHECK (true);
CREATE POLICY whole_book ON casework.assignment TO kx_app, kx_audit USING (true) WITH CHECK (true);
CREATE POLICY own_cases ON casework.cases FOR SELECT TO kx_agency
    USING (case_id IN (SELECT casework.own_cases()));
CREATE POLICY own_cases ON casework.assignment FOR SELECT TO kx_agency
    USING (agency_id = casework.own_agency()
           AND casework.runs(starts_at, ends_at, ended_at));

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA casework FROM PUBLIC;
GRANT USAGE ON SCHEMA casework TO kx_app, kx_vault, kx_agency, kx_audit;
GRANT SELECT ON ALL TABLES IN SCHEMA casework TO kx_app, kx_audit;
GRANT INSERT ON casework.agency, casework.cases, casework.assignment TO kx_app;
GRANT UPDATE (ended_at) ON casework.assignment TO kx_app;
GRANT INSERT (decision_id, tenant, case_id, person_id, act, purpose, allowed, officer, agency_id,
              rulebook_hash, fresh_seconds) ON casework.decision TO kx_app;
GRANT SELECT ON casework.cases, casework.assignment TO kx_agency;
GRANT EXECUTE ON FUNCTION casework.own_agency, casework.own_cases, casework.runs TO kx_agency;
GRANT EXECUTE ON FUNCTION casework.runs TO kx_app, kx_audit;
REVOKE UPDATE, DELETE, TRUNCATE ON casework.decision FROM kx_owner;
