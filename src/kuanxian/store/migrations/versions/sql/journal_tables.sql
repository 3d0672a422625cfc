CREATE SCHEMA journal;

-- What happened. The hash is that of the header (journal.header), which holds every other
-- column but entry_no, and the hash of the stream's entry before.
CREATE TABLE journal.entry (
    entry_no        bigint PRIMARY KEY,
    stream          text NOT NULL,
    stream_version  bigint NOT NULL CHECK (stream_version > 0),
    kind            text NOT NULL,
    business_on     date NOT NULL,
    happened_at     timestamptz NOT NULL,
    recorded_at     timestamptz NOT NULL,
    actor           text NOT NULL,
    login           text NOT NULL,
    idempotency_key text NOT NULL,
    body            bytea NOT NULL CHECK (octet_length(body) <= 1048576),
    previous_hash   bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
    entry_hash      bytea NOT NULL CHECK (octet_length(entry_hash) = 32),
    CONSTRAINT entry_version UNIQUE (stream, stream_version),
    CONSTRAINT entry_key UNIQUE (idempotency_key),
    -- One line each in the header: printable ASCII, no space.
    CONSTRAINT entry_words CHECK (
        stream || kind || actor || login || idempotency_key !~ '[^!-~]'
        AND length(stream) BETWEEN 1 AND 200 AND length(kind) BETWEEN 1 AND 100
        AND length(actor) BETWEEN 1 AND 200 AND length(idempotency_key) BETWEEN 1 AND 200)
);
CREATE SEQUENCE journal.entry_numbers OWNED BY journal.entry.entry_no;

-- The log: entry_no in the order of the tree. The hash is the entry's own, held twice so that
-- a changed one shows where.
CREATE TABLE journal.leaf (
    leaf_no   bigint PRIMARY KEY CHECK (leaf_no >= 0),
    entry_no  bigint NOT NULL CONSTRAINT leaf_entry UNIQUE,
    leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32)
);

-- Hashes of complete subtrees of 256 leaves (level 8) and more; smaller ones are computed.
CREATE TABLE journal.subtree (
    level        smallint CHECK (level BETWEEN 8 AND 62),
    position     bigint CHECK (position >= 0),
    subtree_hash bytea NOT NULL CHECK (octet_length(subtree_hash) = 32),
    PRIMARY KEY (level, position)
);

-- What was signed: the note as it went out.
CREATE TABLE journal.checkpoint (
    tree_size bigint CHECK (tree_size >= 0),
    note      text CHECK (length(note) BETWEEN 1 AND 4000),
    PRIMARY KEY (tree_size, note)
);

-- How far integrate need not look any more. Not part of the record: it can be set to zero.
CREATE TABLE journal.progress (
    settled_no bigint NOT NULL,
    seen_no    bigint NOT NULL,
    seen_xid   xid8 NOT NULL
);
INSERT INTO journal.progress VALUES (0, 0, '0');

CREATE FUNCTION journal.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal only grows: % on %.% is refused',
        tg_op, tg_table_schema, tg_table_name USING ERRCODE = 'insufficient_privilege';
END $$;

DO $$
DECLARE kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['entry', 'leaf', 'subtree', 'checkpoint'] LOOP
        EXECUTE format('CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE '
            'ON journal.%I FOR EACH STATEMENT EXECUTE FUNCTION journal.refuse_change()', kept);
        -- Also where a session calls itself a replica.
        EXECUTE format('ALTER TABLE journal.%I ENABLE ALWAYS TRIGGER only_grows', kept);
    END LOOP;
END $$;
