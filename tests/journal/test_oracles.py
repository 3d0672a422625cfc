"""Another implementation, run apart in its own environment, gives our tree and our proofs."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.journal.test_merkle import LEAVES

from kuanxian.journal.merkle import Tree, inclusion, root

SIZES = (6, 7, 8, 63, 64, 65, 139)
PROGRAM = """
import json, sys
from pymerkle import InmemoryTree
asked = json.load(sys.stdin)
tree = InmemoryTree(algorithm="sha256")
for number in range(asked["leaves"]):
    tree.append_entry(b"%d" % number)
json.dump({
    "roots": [tree.get_root(size).hex() for size in asked["sizes"]],
    "proofs": [[step.hex() for step in tree.prove_inclusion(6, size).path[1:]]
               for size in asked["sizes"]],
}, sys.stdout)
"""


def test_another_implementation_gives_the_same_roots_and_proofs(root_folder: Path) -> None:
    python = root_folder / ".venv-oracles" / "bin" / "python"
    if not python.exists():
        pytest.skip("the programs to compare with are not installed: make .venv-oracles/.made")
    asked = json.dumps({"leaves": len(LEAVES), "sizes": SIZES})
    done = subprocess.run([python, "-c", PROGRAM], input=asked, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    tree = Tree()
    for leaf in LEAVES:
        tree.append(leaf)
    assert json.loads(done.stdout) == {
        "roots": [root(tree.subtree, size).hex() for size in SIZES],
        # They count leaves from 1, and put the leaf itself before its proof.
        "proofs": [[step.hex() for step in inclusion(tree.subtree, 5, size)] for size in SIZES],
    }


@pytest.fixture
def root_folder() -> Path:
    return Path(__file__).parents[2]
