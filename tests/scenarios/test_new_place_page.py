"""docs/new-place.md: its commands run as printed. Written anew on purpose: UPDATE_GOLDEN=1 make test."""

import os
from pathlib import Path

import pytest

from tests.walkthrough import Walk

PAGE = Path(__file__).resolve().parents[2] / "docs" / "new-place.md"


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.chdir(tmp_path_factory.mktemp("walk"))
    patch.setenv("LC_ALL", "C")
    text = PAGE.read_text(encoding="utf-8")
    try:
        found = Walk(text)
        if os.environ.get("UPDATE_GOLDEN") and found.page != text:
            PAGE.write_text(found.page, encoding="utf-8")
            found = None
        yield found
    finally:
        patch.undo()


def test_commands_print_what_the_page_shows(walk):
    assert walk is not None, "the page was written anew: read the difference and run the test again"
    assert walk.page == PAGE.read_text(encoding="utf-8"), "if that is meant: UPDATE_GOLDEN=1"
