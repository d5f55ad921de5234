"""What tests of the cutover share: the five systems after the whole migration, up to the switch."""

from __future__ import annotations

import os
from unittest.mock import patch

from click.testing import CliRunner

from customer360 import legacy
from customer360.cli import main


def migrated(url: str, people: int) -> None:
    """Make up the legacy systems in the empty database at `url` and move them, as an operator does."""
    legacy.generate(url, people=people)
    with patch.dict(os.environ, {"DBT_TARGET_PATH": "target/tests"}):
        done = CliRunner().invoke(main, ["migrate", "--no-backup"], env={"DATABASE_URL": url})
    assert done.exit_code == 0, done.output
