"""Forms may be sent at once, unless a test is about that."""

import pytest

from participation import antispam


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take three seconds as passed."""
    monkeypatch.setattr(antispam, "FASTEST", -1)
