"""What the tests of notices share with those of the gate."""

from tests.action.contact.conftest import book, lexicon, scene, stage

__all__ = ["book", "lexicon", "scene", "stage"]
