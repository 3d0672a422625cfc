"""The tree is that of RFC 6962: against the definition, and against its own proofs."""

from hashlib import sha256

import pytest

from kuanxian.journal import merkle
from kuanxian.journal.merkle import Tree, consistency, extends, includes, inclusion, root

LEAVES = [sha256(b"\x00%d" % n).digest() for n in range(140)]


def defined(leaves: list[bytes]) -> bytes:
    """Compute MTH as RFC 6962 §2.1 words it, with nothing kept."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + defined(leaves[:k]) + defined(leaves[k:])).digest()


@pytest.fixture(scope="module")
def tree() -> Tree:
    tree = Tree()
    for size, leaf in enumerate(LEAVES):
        assert tree.root() == defined(LEAVES[:size])
        tree.append(leaf)
    return tree


def test_the_root_of_every_size_is_that_of_the_definition(tree: Tree) -> None:
    assert [root(tree.subtree, n) for n in range(141)] == [defined(LEAVES[:n]) for n in range(141)]


def test_the_vectors_of_certificate_transparency() -> None:
    """Roots of the eight leaves that the tests of every CT log use."""
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
              "606162636465666768696a6b6c6d6e6f"]  # fmt: skip
    roots = ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
             "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]  # fmt: skip
    tree = Tree()
    seen = []
    for leaf in leaves:
        tree.append(sha256(b"\x00" + bytes.fromhex(leaf)).digest())
        seen.append(tree.root().hex())
    assert seen[:2] == roots
    assert seen[7] == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_every_leaf_of_every_size_is_proven_and_no_other_is(tree: Tree) -> None:
    for size in range(1, 70):
        whole = root(tree.subtree, size)
        for leaf in range(size):
            proof = inclusion(tree.subtree, leaf, size)
            assert includes(whole, size, leaf, LEAVES[leaf], proof)
            assert not includes(whole, size, leaf, LEAVES[leaf + 1], proof)
            assert not includes(whole, size, (leaf + 1) % size, LEAVES[leaf], proof) or size == 1
            assert not includes(whole, size, leaf, LEAVES[leaf], [*proof, LEAVES[0]])
            assert not includes(whole, size, leaf, LEAVES[leaf], proof[:-1]) or not proof
    assert not includes(tree.root(), 140, 140, LEAVES[0], [])


def test_every_size_extends_every_smaller_one_and_no_other(tree: Tree) -> None:
    roots = [root(tree.subtree, size) for size in range(71)]
    for size in range(1, 71):
        for old in range(size + 1):
            proof = consistency(tree.subtree, old, size)
            assert extends((old, roots[old]), (size, roots[size]), proof)
            assert not extends((old, LEAVES[139]), (size, roots[size]), proof)
            if 0 < old < size:
                assert not extends((old, roots[old]), (size, LEAVES[139]), proof)
                assert not extends((old, roots[old]), (size, roots[size]), proof[:-1])
                assert not extends((old, roots[old]), (size, roots[size]), [*proof, LEAVES[0]])
    assert not extends((5, roots[5]), (4, roots[4]), [LEAVES[0]])
    assert not extends((0, roots[1]), (4, roots[4]), [])


def test_a_changed_step_of_a_proof_is_noticed(tree: Tree) -> None:
    proof = inclusion(tree.subtree, 33, 140)
    for place in range(len(proof)):
        for bit in (0, 77, 255):
            changed = bytearray(proof[place])
            changed[bit // 8] ^= 1 << bit % 8
            steps = [*proof[:place], bytes(changed), *proof[place + 1 :]]
            assert not includes(tree.root(), 140, 33, LEAVES[33], steps)


def test_a_node_is_never_a_leaf() -> None:
    leaf = sha256(b"\x00" + LEAVES[0] + LEAVES[1]).digest()
    assert merkle.node_hash(LEAVES[0], LEAVES[1]) != leaf
