"""Reads the artifacts in each folder that is named, by a parser that other tools use, and says what it cannot read."""

import json
import sys
from pathlib import Path

from dbt_artifacts_parser import parser

READERS = {
    "manifest.json": parser.parse_manifest_v12,
    "run_results.json": parser.parse_run_results_v6,
    "catalog.json": parser.parse_catalog_v1,
    "sources.json": parser.parse_sources_v3,
}


def problem(path: Path) -> str | None:
    content = json.loads(path.read_text())
    try:
        READERS[path.name](content)
        return None
    except Exception as error:
        return f"{path}: {error}"


paths = [path for folder in sys.argv[1:] for path in sorted(Path(folder).glob("*.json")) if path.name in READERS]
problems = [found for path in paths if (found := problem(path))]
print("\n".join(problems) or "\n".join(path.name for path in paths))
sys.exit(1 if problems else 0)
