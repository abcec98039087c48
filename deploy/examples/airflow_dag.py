"""A run of Filmstar each day, by Airflow 2.4 or newer.

Exit codes: 1 a model or test failed, 2 usage or configuration, 3 the outside
world (network, API, disk, database; another run at work), 4 an ingest used up
what it was allowed, 130 interrupted. Airflow cannot tell them apart, so that
the step which the outside world disturbs is the only one that is tried again.
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator

PROJECT = "/var/lib/filmstar"
STEPS = {
    "ingest": "filmstar ingest --log-format json",
    "build": "filmstar build --log-format json",
    "status": "filmstar status --json",
}

with DAG(
    dag_id="filmstar",
    schedule="30 8 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 0,
        "execution_timeout": timedelta(hours=12),
    },
) as dag:
    tasks = [
        BashOperator(
            task_id=name,
            bash_command=f"cd {PROJECT} && {command}",
            # Fetching is what the outside world disturbs, and it resumes.
            retries=3 if name == "ingest" else 0,
            retry_delay=timedelta(minutes=5),
            append_env=True,
        )
        for name, command in STEPS.items()
    ]
    for before, after in zip(tasks, tasks[1:]):
        before >> after
