"""A simulated cloud for each test."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from simulated import Caller


@pytest.fixture
def terraform(tmp_path: Path) -> Caller:
    """Stands in for Terraform's core: it calls the providers as the core would."""
    return Caller(tmp_path)
