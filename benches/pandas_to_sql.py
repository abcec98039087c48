"""Loads films of the lake the way notebooks do: Parquet → pandas → `to_sql`.

usage: pandas_to_sql.py <folder of Parquet files> <rows>

Connects by PGHOST, PGPORT, PGUSER, PGDATABASE; prints one JSON object with rows and seconds.
"""

import json
import pathlib
import sys
import time

import pandas
import sqlalchemy
from sqlalchemy.dialects.postgresql import JSONB


def plain(value):
    """A nested value as `json` takes it."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [plain(element) for element in value]
    if isinstance(value, dict):
        return {name: plain(element) for name, element in value.items()}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def main():
    folder, wanted = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    engine = sqlalchemy.create_engine("postgresql+psycopg://")
    files, n_rows, seconds = sorted(folder.glob("*.parquet")), 0, 0.0
    with engine.begin() as connection:
        for file in files:
            if n_rows >= wanted:
                break
            started = time.perf_counter()
            frame = pandas.read_parquet(file).head(wanted - n_rows)
            nested = [
                name
                for name in frame.columns
                if frame[name].map(lambda value: isinstance(value, dict) or hasattr(value, "tolist") and not isinstance(value, float)).any()
                and frame[name].dtype == object
            ]
            for name in nested:
                frame[name] = frame[name].map(plain)
            frame.to_sql(
                "movies_by_pandas",
                connection,
                schema="bench",
                if_exists="append",
                index=False,
                dtype={name: JSONB for name in nested},
            )
            n_rows += len(frame)
            seconds += time.perf_counter() - started
    print(json.dumps({"rows": n_rows, "seconds": seconds}))


if __name__ == "__main__":
    main()
