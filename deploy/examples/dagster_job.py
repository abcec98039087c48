"""A run of Filmstar each day, by Dagster: `dagster dev -f dagster_job.py`."""

import json
import subprocess

from dagster import (
    Definitions,
    Failure,
    MetadataValue,
    RetryPolicy,
    RetryRequested,
    ScheduleDefinition,
    job,
    op,
)

PROJECT = "/var/lib/filmstar"
OUTSIDE_WORLD = 3


def filmstar(context, *arguments):
    """Run a command and return what it says as JSON; on failure, say why."""
    done = subprocess.run(
        ["filmstar", *arguments, "--json", "--log-format", "json"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    told = json.loads(done.stdout or "{}")
    context.log.info(done.stdout)
    if done.returncode == OUTSIDE_WORLD:
        raise RetryRequested(max_retries=3, seconds_to_wait=300)
    if done.returncode != 0:
        raise Failure(
            description=told.get("error", "failed"),
            metadata={"hint": MetadataValue.text(told.get("hint") or "")},
        )
    return told


@op(retry_policy=RetryPolicy(max_retries=0))
def run_filmstar(context):
    """Ingest, build, test, publish."""
    told = filmstar(context, "run")
    context.add_output_metadata({"build": told["build"]["build_id"]})


@job
def filmstar_daily():
    """One run."""
    run_filmstar()


definitions = Definitions(
    jobs=[filmstar_daily],
    schedules=[
        ScheduleDefinition(
            job=filmstar_daily,
            cron_schedule="30 8 * * *",
            execution_timezone="UTC",
        )
    ],
)
