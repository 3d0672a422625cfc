-- Who has what of a tenant: a case its debtor and its loans, a party its collectors.
CREATE TABLE casework.claim (
    tenant text NOT NULL,
    kind   text NOT NULL CHECK (kind IN ('debtor', 'loan', 'collector')),
    name   text NOT NULL,
    holder text NOT NULL,
    PRIMARY KEY (tenant, kind, name)
);
INSERT INTO casework.claim
    SELECT tenant, kind, name, case_id FROM (
        SELECT tenant, 'debtor' AS kind, debtor_id AS name, case_id, opened_at FROM casework.cases
        UNION ALL
        SELECT tenant, 'loan', loan_id, case_id, opened_at FROM casework.cases
    ) AS had
    ORDER BY opened_at, case_id
    ON CONFLICT DO NOTHING;
GRANT SELECT, INSERT ON casework.claim TO kx_app;
GRANT SELECT ON casework.claim TO kx_audit;
