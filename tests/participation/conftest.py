"""Forms may be sent at once, unless a test is about that."""

import pytest

from participation import seals


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take three seconds as passed."""
    monkeypatch.setattr(seals, "FASTEST", -1)
