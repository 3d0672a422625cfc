-- Who is named in which case, so that a guarantor's or an heir's cases are found as a debtor's are.
CREATE TABLE casework.case_person (
    case_id   text NOT NULL REFERENCES casework.cases,
    person_id text NOT NULL,
    PRIMARY KEY (person_id, case_id)
);
GRANT SELECT, INSERT ON casework.case_person TO kx_app;
GRANT SELECT ON casework.case_person TO kx_audit;

-- Of cases opened before. An entry that is no JSON, or that asks for more than PostgreSQL holds, names
-- nobody: it was written past the program.
DO $$
DECLARE
    e record;
BEGIN
    FOR e IN SELECT c.case_id, j.body FROM casework.cases c
        JOIN journal.entry j ON j.stream = 'case:' || c.case_id
        WHERE j.kind IN ('case.opened', 'case.added')
    LOOP
        BEGIN
            INSERT INTO casework.case_person
                SELECT e.case_id, p ->> 'id'
                FROM jsonb_array_elements(convert_from(e.body, 'UTF8')::jsonb -> 'people') p
                WHERE p ->> 'id' IS NOT NULL
                ON CONFLICT DO NOTHING;
        EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
            NULL;
        END;
    END LOOP;
END $$;
