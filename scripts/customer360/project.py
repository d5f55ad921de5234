"""Where the dbt project is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from customer360.errors import BuildError


def project_dir() -> Path:
    """The repository that this package is installed from, or what C360_PROJECT_DIR says."""
    named = os.environ.get("C360_PROJECT_DIR")
    folder = Path(named).resolve() if named else Path(__file__).resolve().parents[2]
    if not (folder / "dbt_project.yml").is_file():
        raise BuildError(
            f"There is no dbt project in {folder}.",
            hint="set C360_PROJECT_DIR to the folder of dbt_project.yml, or `pip install -e` that folder.",
        )
    return folder


def variable(name: str) -> Any:
    """What `vars` in dbt_project.yml says; a build may have been given another value with --vars."""
    return yaml.safe_load((project_dir() / "dbt_project.yml").read_text(encoding="utf-8"))["vars"][name]
