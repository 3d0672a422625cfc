CREATE SCHEMA vault;

-- A person: a debtor, or a nominated contact. What they are called is sealed.
CREATE TABLE vault.person (
    tenant      text NOT NULL CHECK (tenant ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'),
    person_id   text NOT NULL CHECK (person_id ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$'),
    role        text NOT NULL CHECK (role IN ('debtor', 'guarantor', 'contact')),
    state       text NOT NULL DEFAULT 'active'
        CHECK (state IN ('active', 'restricted', 'frozen', 'erased')),
    -- Why processing stopped short of storage (PIPL art. 47), and until when.
    duty        text,
    frozen_until date,
    added_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant, person_id),
    CHECK ((state = 'frozen') = (duty IS NOT NULL AND frozen_until IS NOT NULL))
);

-- The wrapped key. Deleting this row erases whatever is sealed under it.
CREATE TABLE vault.person_key (
    tenant    text NOT NULL,
    person_id text NOT NULL,
    key_id    text NOT NULL,
    wrapped   bytea NOT NULL,
    PRIMARY KEY (tenant, person_id),
    FOREIGN KEY (tenant, person_id) REFERENCES vault.person
);

CREATE TABLE vault.sealed (
    tenant    text NOT NULL,
    person_id text NOT NULL,
    field     text NOT NULL CHECK (field IN
        ('name', 'phone', 'identity_number', 'bank_card', 'email', 'address')),
    version   integer NOT NULL CHECK (version > 0),
    body      bytea NOT NULL CHECK (octet_length(body) <= 4200),
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant, person_id, field),
    FOREIGN KEY (tenant, person_id) REFERENCES vault.person_key ON DELETE CASCADE
);

-- Keyed digests, to find a person by a number; the key is not in the database.
CREATE TABLE vault.blind (
    tenant    text NOT NULL,
    field     text NOT NULL,
    digest    bytea NOT NULL CHECK (octet_length(digest) = 16),
    person_id text NOT NULL,
    PRIMARY KEY (tenant, field, person_id),
    FOREIGN KEY (tenant, person_id) REFERENCES vault.person_key ON DELETE CASCADE
);
CREATE INDEX ON vault.blind (tenant, field, digest);

-- Two slots a debtor and no third: there is no way to write an address book here.
CREATE TABLE vault.contact (
    tenant     text NOT NULL,
    contact_id text NOT NULL,
    debtor_id  text NOT NULL,
    slot       smallint NOT NULL CHECK (slot IN (1, 2)),
    purpose    text NOT NULL CHECK (purpose IN ('pass_message', 'restore_contact')),
    state      text NOT NULL DEFAULT 'nominated'
        CHECK (state IN ('nominated', 'noticed', 'consented', 'stopped', 'erased')),
    PRIMARY KEY (tenant, contact_id),
    FOREIGN KEY (tenant, contact_id) REFERENCES vault.person,
    FOREIGN KEY (tenant, debtor_id) REFERENCES vault.person
);
CREATE UNIQUE INDEX one_a_slot ON vault.contact (tenant, debtor_id, slot)
    WHERE state NOT IN ('stopped', 'erased');

-- People who do not exist: no lawful process opens them.
CREATE TABLE vault.poison (
    tenant    text NOT NULL,
    person_id text NOT NULL,
    PRIMARY KEY (tenant, person_id),
    FOREIGN KEY (tenant, person_id) REFERENCES vault.person
);

CREATE TABLE vault.opening_grant (
    grant_id    text PRIMARY KEY DEFAULT gen_random_uuid()::text,
    -- No foreign key: it would need the owner to be able to change decisions.
    decision_id text NOT NULL,
    field       text NOT NULL,
    channel     text NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz,
    UNIQUE (decision_id, field)
);

CREATE TABLE vault.opening (
    opening_id  text PRIMARY KEY DEFAULT gen_random_uuid()::text,
    grant_id    text NOT NULL UNIQUE REFERENCES vault.opening_grant,
    tenant      text NOT NULL,
    person_id   text NOT NULL,
    field       text NOT NULL,
    officer     text NOT NULL,
    case_id     text,
    agency_id   text,
    marked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- The transaction that wrote the mark: nothing is given out inside it.
    marked_xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
    fetched_at  timestamptz
);
CREATE INDEX ON vault.opening (officer, marked_at);
CREATE INDEX ON vault.opening (case_id, marked_at);
CREATE INDEX ON vault.opening (agency_id, marked_at);

-- How many openings in any 24 hours. subject '*' is the rule, any other name an exception.
CREATE TABLE vault.budget (
    scope        text NOT NULL CHECK (scope IN ('officer', 'case', 'agency')),
    subject      text NOT NULL,
    openings_max integer NOT NULL CHECK (openings_max >= 0),
    PRIMARY KEY (scope, subject)
);
INSERT INTO vault.budget VALUES ('officer', '*', 200), ('case', '*', 8), ('agency', '*', 2000);

CREATE TABLE vault.frozen_actor (
    actor     text PRIMARY KEY,
    frozen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason    text NOT NULL
);

-- A mark on the person's own stream. Never holds a value: ids, fields, purposes.
CREATE FUNCTION vault.mark(p_tenant text, p_person text, p_kind text, p_actor text, p_body jsonb)
RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    now_at timestamptz := clock_timestamp();
BEGIN
    RETURN journal.append_entry(
        'person:' || p_tenant || ':' || p_person, p_kind,
        (now_at AT TIME ZONE 'Asia/Shanghai')::date, now_at, p_actor, p_body,
        'vault:' || gen_random_uuid());
END $$;
