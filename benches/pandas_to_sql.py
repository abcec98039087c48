"""Loads a Parquet file the way notebooks do: pandas, `read_parquet`, `to_sql`.

usage: pandas_to_sql.py <Parquet file> <rows>

Connects by PGHOST, PGPORT, PGUSER and PGDATABASE; prints rows and seconds.
"""

import sys
import time

import pandas
import sqlalchemy


def main():
    file, wanted = sys.argv[1], int(sys.argv[2])
    engine = sqlalchemy.create_engine("postgresql+psycopg://")
    started = time.perf_counter()
    frame = pandas.read_parquet(file).head(wanted)
    with engine.begin() as connection:
        frame.to_sql("by_pandas", connection, schema="bench", index=False)
    print(len(frame), time.perf_counter() - started)


if __name__ == "__main__":
    main()
