-- Put committed entries into the log; give the size of the tree. p_max bounds one call's work.
--
-- An entry with a smaller number may become visible later than one with a larger: its writer is
-- still running. So each call looks at all entries above settled_no that have no leaf.
-- settled_no moves up to what an earlier call had seen, once every transaction that could hold
-- a smaller number has ended: each took its own number before that of its entry, so before
-- seen_xid was given out.
CREATE FUNCTION journal.integrate(p_max bigint DEFAULT 100000) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at journal.progress;
    highest_no bigint;
    own_xid xid8;
    oldest_xid xid8;
    old_size bigint;
    new_size bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(471520, -1);
    IF pg_current_xact_id_if_assigned() IS NULL THEN
        SELECT coalesce(max(e.entry_no), 0) INTO highest_no FROM journal.entry e;
        own_xid := pg_current_xact_id();
    END IF;
    SELECT * INTO at FROM journal.progress FOR UPDATE;
    oldest_xid := pg_snapshot_xmin(pg_current_snapshot());
    SELECT coalesce(max(l.leaf_no) + 1, 0) INTO old_size FROM journal.leaf l;

    INSERT INTO journal.leaf
        SELECT old_size - 1 + row_number() OVER (ORDER BY e.entry_no), e.entry_no, e.entry_hash
        FROM journal.entry e
        WHERE e.entry_no > at.settled_no AND NOT EXISTS (
            SELECT FROM journal.leaf l
            WHERE l.entry_no = e.entry_no AND l.entry_no > at.settled_no)
        ORDER BY e.entry_no LIMIT p_max;
    GET DIAGNOSTICS new_size = ROW_COUNT;
    IF new_size < p_max AND own_xid IS NOT NULL THEN
        UPDATE journal.progress SET
            -- A number from the future was given out by another server: a dump was restored.
            settled_no = CASE WHEN at.seen_xid < oldest_xid THEN at.seen_no ELSE at.settled_no END,
            seen_no = CASE WHEN at.seen_xid < oldest_xid OR at.seen_xid > own_xid
                THEN highest_no ELSE at.seen_no END,
            seen_xid = CASE WHEN at.seen_xid < oldest_xid OR at.seen_xid > own_xid
                THEN own_xid ELSE at.seen_xid END;
    END IF;
    new_size := old_size + new_size;
    PERFORM journal.keep_subtrees(old_size, new_size);
    RETURN new_size;
END $$;

-- Keep the hash of each subtree that was completed between two sizes of the tree.
CREATE FUNCTION journal.keep_subtrees(p_old bigint, p_new bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hashes bytea[];
    here bigint;
    high smallint;
BEGIN
    FOR tile IN p_old / 256 .. p_new / 256 - 1 LOOP
        SELECT array_agg(l.leaf_hash ORDER BY l.leaf_no) INTO hashes FROM journal.leaf l
            WHERE l.leaf_no BETWEEN tile * 256 AND tile * 256 + 255;
        FOR step IN 1 .. 8 LOOP
            SELECT array_agg(node ORDER BY pair) INTO hashes FROM (
                SELECT (place - 1) / 2 AS pair,
                       sha256('\x01'::bytea || string_agg(hash, ''::bytea ORDER BY place)) AS node
                FROM unnest(hashes) WITH ORDINALITY AS h (hash, place) GROUP BY 1) n;
        END LOOP;
        high := 8;
        here := tile;
        LOOP
            INSERT INTO journal.subtree VALUES (high, here, hashes[1]);
            EXIT WHEN here % 2 = 0;
            SELECT ARRAY[sha256('\x01'::bytea || s.subtree_hash || hashes[1])] INTO hashes
                FROM journal.subtree s WHERE s.level = high AND s.position = here - 1;
            high := high + 1;
            here := here / 2;
        END LOOP;
    END LOOP;
END $$;

-- Keep a signed note. Its size must be one the tree has, and not smaller than one signed before.
CREATE FUNCTION journal.add_checkpoint(p_size bigint, p_note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(471520, -2);
    IF p_size > (SELECT coalesce(max(l.leaf_no) + 1, 0) FROM journal.leaf l)
        OR p_size < (SELECT coalesce(max(c.tree_size), 0) FROM journal.checkpoint c) THEN
        RAISE EXCEPTION 'a checkpoint of size % does not follow', p_size
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO journal.checkpoint VALUES (p_size, p_note) ON CONFLICT DO NOTHING;
END $$;
