import os
from pathlib import Path

import pytest

from .samples import Issuer

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "openbadges" / "ob30"


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def badge(issuer) -> dict:
    """A signed credential with every member that is ever written. Not to be changed in place."""
    return issuer.signed()


@pytest.fixture
def published():
    """Bytes of a published fixture, by its name."""

    def read(name: str) -> bytes:
        file = DATA / name
        if not file.exists() and not os.environ.get("CI"):
            pytest.skip(f"published fixtures are not here: {file}")
        return file.read_bytes()

    return read
