-- What can be read for as long as it is kept: days and instants that every reader knows, and text.
ALTER TABLE journal.entry
    ADD CONSTRAINT entry_day CHECK (business_on BETWEEN '1970-01-01' AND '2199-12-31'),
    ADD CONSTRAINT entry_instants CHECK (
        happened_at >= '1970-01-01Z' AND happened_at < '2200-01-01Z'
        AND recorded_at >= '1970-01-01Z' AND recorded_at < '2200-01-01Z'),
    ADD CONSTRAINT entry_text CHECK (convert_from(body, 'UTF8') IS NOT NULL);

-- The root of the tree of the first so many leaves (RFC 6962), from the smallest whole subtree
-- at its right edge to the largest at its left.
CREATE FUNCTION journal.root_of(p_size bigint) RETURNS bytea STABLE
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    root bytea;
    node bytea;
    hashes bytea[];
    here bigint;
BEGIN
    IF p_size = 0 THEN
        RETURN sha256(''::bytea);
    END IF;
    FOR step IN 0 .. 62 LOOP
        CONTINUE WHEN (p_size >> step) % 2 = 0;
        here := (p_size >> step) - 1;
        IF step >= 8 THEN
            SELECT s.subtree_hash INTO STRICT node FROM journal.subtree s
                WHERE s.level = step AND s.position = here;
        ELSE
            SELECT array_agg(l.leaf_hash ORDER BY l.leaf_no) INTO hashes FROM journal.leaf l
                WHERE l.leaf_no BETWEEN here << step AND ((here + 1) << step) - 1;
            FOR fold IN 1 .. step LOOP
                SELECT array_agg(n.node ORDER BY n.pair) INTO hashes FROM (
                    SELECT (place - 1) / 2 AS pair,
                           sha256('\x01'::bytea || string_agg(hash, ''::bytea ORDER BY place)) AS node
                    FROM unnest(hashes) WITH ORDINALITY AS h (hash, place) GROUP BY 1) n;
            END LOOP;
            node := hashes[1];
        END IF;
        root := CASE WHEN root IS NULL THEN node ELSE sha256('\x01'::bytea || node || root) END;
    END LOOP;
    RETURN root;
END $$;

-- Keep a signed note. Its size must be one the tree has, and not smaller than one signed before,
-- its root the tree's. Whether the key is ours is for who holds the key to say.
CREATE OR REPLACE FUNCTION journal.add_checkpoint(p_size bigint, p_note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(471520, -2);
    IF p_size > (SELECT coalesce(max(l.leaf_no) + 1, 0) FROM journal.leaf l)
        OR p_size < (SELECT coalesce(max(c.tree_size), 0) FROM journal.checkpoint c) THEN
        RAISE EXCEPTION 'a checkpoint of size % does not follow', p_size
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF p_note !~ '^[^\n]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n\n(— [!-~]+ [A-Za-z0-9+/]+=*\n)+$'
        OR split_part(p_note, E'\n', 2) <> p_size::text
        OR split_part(p_note, E'\n', 3) <> encode(journal.root_of(p_size), 'base64') THEN
        RAISE EXCEPTION 'no signed note of this tree at size %', p_size
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO journal.checkpoint VALUES (p_size, p_note) ON CONFLICT DO NOTHING;
END $$;
REVOKE ALL ON FUNCTION journal.root_of FROM PUBLIC;
