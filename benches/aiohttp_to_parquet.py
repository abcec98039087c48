"""The usual way to load TMDB in Python, as a peer: aiohttp for the calls, pandas and pyarrow for the files.

    aiohttp_to_parquet.py <base url> <folder>

Takes every film of the newest `movie_ids` export, asks for its details with the credits appended, at most 16 at a
time, with retries, and writes two Parquet files for each 500 films: the films, and a row for each credit.
Prints the films, the seconds, the CPU seconds and the peak of resident memory in megabytes.
"""

import asyncio
import datetime
import gzip
import json
import pathlib
import resource
import sys
import time

import aiohttp
import pandas

AT_A_TIME = 16
BATCH = 500
RETRIES = 7
FILM = [
    "id", "title", "original_title", "original_language", "release_date", "status", "budget", "revenue", "runtime",
    "popularity", "vote_average", "vote_count", "adult", "video", "imdb_id", "overview", "tagline", "homepage",
    "poster_path", "backdrop_path", "genres", "production_companies", "production_countries", "spoken_languages",
    "belongs_to_collection", "origin_country",
]  # fmt: skip


async def get(session, url, parameters):
    pause = 0.25
    for _ in range(RETRIES):
        try:
            async with session.get(url, params=parameters) as response:
                if response.status == 404:
                    return None
                if response.status == 200:
                    return await response.json()
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(pause)
        pause = min(2 * pause, 15)
    raise RuntimeError(f"{url} does not answer")


async def ids(session, base):
    host = base.removesuffix("/3")
    now = datetime.datetime.now(datetime.timezone.utc)
    day = now - datetime.timedelta(days=int(now.hour < 8))
    name = f"{host}/p/exports/movie_ids_{day:%m_%d_%Y}.json.gz"
    async with session.get(name) as response:
        response.raise_for_status()
        lines = gzip.decompress(await response.read()).splitlines()
    return [json.loads(line)["id"] for line in lines]


def write(folder, number, films):
    rows = [{key: film.get(key) for key in FILM} for film in films]
    pandas.DataFrame(rows).to_parquet(folder / f"movies-{number:05}.parquet", compression="zstd")
    credits = [
        {"movie_id": film["id"], "kind": kind, **credit}
        for film in films
        for kind in ("cast", "crew")
        for credit in film["credits"][kind]
    ]
    pandas.DataFrame(credits).to_parquet(folder / f"credits-{number:05}.parquet", compression="zstd")


async def main(base, folder):
    folder.mkdir(parents=True, exist_ok=True)
    parameters = {"api_key": "0" * 32, "append_to_response": "credits,keywords,release_dates,external_ids"}
    connector = aiohttp.TCPConnector(limit=AT_A_TIME)
    started = time.perf_counter()
    n_films = 0
    async with aiohttp.ClientSession(connector=connector) as session:
        wanted = await ids(session, base)
        for number, start in enumerate(range(0, len(wanted), BATCH)):
            batch = wanted[start : start + BATCH]
            films = await asyncio.gather(*(get(session, f"{base}/movie/{id}", parameters) for id in batch))
            films = [film for film in films if film is not None]
            write(folder, number, films)
            n_films += len(films)
    seconds = time.perf_counter() - started
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(n_films, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


asyncio.run(main(sys.argv[1].rstrip("/"), pathlib.Path(sys.argv[2])))
