"""The other ways to find people by name: rapidfuzz over everybody, PostgreSQL's extensions, Splink, and nomenklatura over what
Lucene finds. Each prints lines `way <TAB> query <TAB> milliseconds on a processor <TAB> ids, best first`.

    peers.py rapidfuzz|postgres|splink|nomenklatura PEOPLE.csv.gz NAMES.csv NAMES_AND_BIRTHS.csv FORMS.tsv [LUCENE.tsv]

Or tells how well and how fast nomenklatura tells two names apart that are put side by side, as JSON:

    peers.py pairs PAIRS.csv
"""

import csv
import datetime
import glob
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import time


def people(path):
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        yield from csv.DictReader(rows)


def queries(path):
    with open(path, encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def forms(path):
    with open(path, encoding="utf-8") as lines:
        return {name: others.split() for name, others in (line.rstrip("\n").split("\t") for line in lines)}


def plain(text):
    from unidecode import unidecode

    return re.sub(r"\s+", " ", unidecode(text).lower()).strip()


def answer(way, at, milliseconds, ids):
    print(f"{way}\t{at}\t{milliseconds}\t{' '.join(str(one) for one in ids)}", flush=True)


def with_forms(name, known):
    """The name, and with each other form of each of its words."""
    words = name.split()
    yield name
    for at, word in enumerate(words):
        for form in known.get(word, []):
            yield " ".join(words[:at] + [form] + words[at + 1 :])


def rapidfuzz(everybody, names, _births, table):
    import numpy
    from rapidfuzz import fuzz, process

    known = forms(table)
    recorded = [" ".join(sorted(plain(row["forename"] + " " + row["surname"]).split())) for row in people(everybody)]
    for at, asked in enumerate(queries(names)[:60]):
        began = time.process_time()
        spelled = [" ".join(sorted(one.split())) for one in with_forms(plain(asked["q"]), known)]
        scores = process.cdist(spelled, recorded, scorer=fuzz.ratio, dtype=numpy.float32, workers=1)
        # Another form counts a little less than the name itself.
        scores[1:] *= 0.97
        scores = scores.max(axis=0)
        first = numpy.argpartition(-scores, 10)[:10]
        ids = [int(one) for one in first[numpy.argsort(-scores[first], kind="stable")]]
        answer("rapidfuzz", at, (time.process_time() - began) * 1000, ids)


TRIGRAM = """SELECT id FROM person, unnest(%(names)s::text[]) asked WHERE full_name %% asked
    GROUP BY id ORDER BY max(similarity(full_name, asked)) DESC, id LIMIT 10"""
SOUND = """SELECT id FROM person, unnest(%(names)s::text[]) asked,
    LATERAL (SELECT split_part(asked, ' ', 1) a, regexp_replace(asked, '^.* ', '') b) t
    WHERE (dmetaphone(forename) = dmetaphone(a) AND dmetaphone(surname) = dmetaphone(b))
       OR (dmetaphone(forename) = dmetaphone(b) AND dmetaphone(surname) = dmetaphone(a))
    GROUP BY id, forename, surname
    ORDER BY min(least(levenshtein(forename || ' ' || surname, a || ' ' || b), levenshtein(surname || ' ' || forename, a || ' ' || b))), id
    LIMIT 10"""
WITH_BIRTH = """SELECT id FROM person, unnest(%(names)s::text[]) asked WHERE full_name %% asked
    GROUP BY id ORDER BY max(similarity(full_name, asked))
      + CASE WHEN born = %(born)s::date THEN 0.5 WHEN extract(year FROM born) = %(year)s THEN 0.25 ELSE 0 END
      + CASE WHEN %(area)s <> '' AND split_part(postcode, ' ', 1) = %(area)s THEN 0.3 ELSE 0 END DESC, id LIMIT 10"""


def postgres(everybody, names, births, table):
    import psycopg

    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
    folder = tempfile.mkdtemp()
    # The server does not run as root.
    runs_as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if runs_as:
        subprocess.run(["chown", "postgres", folder], check=True)
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run([*runs_as, f"{programs}/initdb", "-D", f"{folder}/data", "-U", "bench", "-A", "trust", "-E", "UTF8"], **quiet)
    options = f"-k {folder} -c listen_addresses='' -c shared_buffers=1GB -c work_mem=256MB -c fsync=off"
    start = [f"{programs}/pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start"]
    subprocess.run([*runs_as, *start], **quiet)
    try:
        with psycopg.connect(host=folder, user="bench", dbname="postgres", autocommit=True, prepare_threshold=None) as connection:
            fill(connection, everybody)
            ask_postgres(connection, names, births, forms(table))
    finally:
        subprocess.run([*runs_as, f"{programs}/pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop"], **quiet)
        subprocess.run(["rm", "-r", folder], check=True)


def fill(connection, everybody):
    connection.execute("CREATE EXTENSION pg_trgm")
    connection.execute("CREATE EXTENSION fuzzystrmatch")
    connection.execute("CREATE TABLE person (id int PRIMARY KEY, forename text, surname text, full_name text, born date, postcode text)")
    with connection.cursor().copy("COPY person FROM STDIN") as copy:
        for row in people(everybody):
            given, family = plain(row["forename"]), plain(row["surname"])
            full = plain(" ".join([row["forename"], row["middle"], row["surname"]]))
            copy.write_row((row["id"], given, family, full, row["dob"], row["postcode"]))
    connection.execute("CREATE INDEX ON person USING gin (full_name gin_trgm_ops)")
    connection.execute("CREATE INDEX ON person (dmetaphone(forename), dmetaphone(surname))")
    connection.execute("ANALYZE")
    connection.execute("SET jit = off")
    connection.execute("SET max_parallel_workers_per_gather = 0")


def ask_postgres(connection, names, births, known):
    (process,) = connection.execute("SELECT pg_backend_pid()").fetchone()

    def on_processor():
        with open(f"/proc/{process}/schedstat", encoding="ascii") as figures:
            return int(figures.read().split()[0]) / 1e6

    for way, statement, file, count, least in [
        ("pg_trgm", TRIGRAM, names, 60, 0.4),
        ("pg_fuzzystrmatch", SOUND, names, 300, 0.4),
        ("pg_trgm with birth", WITH_BIRTH, births, 60, 0.35),
    ]:
        connection.execute(f"SET pg_trgm.similarity_threshold = {least}")
        for at, asked in enumerate(queries(file)[:count]):
            born = asked["dob"]
            try:
                whole = str(datetime.date.fromisoformat(born))
            except ValueError:
                whole = None
            year = int(born[:4]) if born else None
            values = {"names": list(with_forms(plain(asked["q"]), known)), "born": whole, "year": year, "area": asked["pc"]}
            began = on_processor()
            ids = [row[0] for row in connection.execute(statement, values).fetchall()]
            answer(way, at, on_processor() - began, ids)


def splink(everybody, _names, births, _table):
    """Linked as one batch, which is what it is for: each query is given its share of the time."""
    import logging
    import warnings

    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    import duckdb
    import pandas
    import splink.comparison_library as compared
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    asked = queries(births)

    def row(number, name, born, area):
        words = name.split()
        born = born or None
        return {
            "unique_id": number,
            "given": words[0] if words else "",
            "family": words[-1] if words else "",
            "born": born if born and len(born) == 10 else None,
            "year": born[:4] if born else None,
            "area": area or None,
        }

    recorded = pandas.DataFrame(
        row(one["id"], plain(one["forename"]).split(" ")[0] + " " + plain(one["surname"]), one["dob"], one["postcode"].split(" ")[0])
        for one in people(everybody)
    )
    looked_for = pandas.DataFrame(row(f"q{at}", plain(one["q"]), one["dob"], one["pc"]) for at, one in enumerate(asked))
    connection = duckdb.connect()
    connection.execute("SET threads = 1")

    def name(column):
        return compared.JaroWinklerAtThresholds(column, [0.92, 0.85, 0.7]).configure(term_frequency_adjustments=True)

    blocks = [("family", "year"), ("given", "year"), ("born",), ("given", "family"), ("substr(family,1,3)", "substr(given,1,2)")]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            name("given"),
            name("family"),
            compared.LevenshteinAtThresholds("born", [1, 2]),
            compared.ExactMatch("year"),
            compared.ExactMatch("area"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in blocks],
        probability_two_random_records_match=1e-6,
    )
    api = DuckDBAPI(connection)
    tables = [api.register(recorded, dataset_display_name="recorded"), api.register(looked_for, dataset_display_name="looked_for")]
    linker = Linker(tables, settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6)
    for columns in [("born",), ("family", "year")]:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    began = time.process_time()
    found = linker.inference.predict(threshold_match_weight=-20).as_pandas_dataframe()
    each = (time.process_time() - began) * 1000 / len(asked)
    best = {}
    for left, right, weight in zip(found.unique_id_l, found.unique_id_r, found.match_weight):
        query, person = (left, right) if left.startswith("q") else (right, left)
        best.setdefault(query, []).append((-weight, int(person)))
    for at in range(len(asked)):
        answer("splink", at, each, [person for _, person in sorted(best.get(f"q{at}", []))[:10]])


def nomenklatura(everybody, names, _births, _table, found):
    """The logic of OpenSanctions' matcher over the sixty that Lucene finds, with Lucene's time added."""
    from followthemoney import ValueEntity, model
    from nomenklatura.matching.logic_v2.model import LogicV2

    config, schema = LogicV2.default_config(), model.get("Person")
    wanted = {}
    with open(found, encoding="utf-8") as lines:
        for way, at, milliseconds, ids in (line.rstrip("\n").split("\t") for line in lines):
            if way == "lucene wide":
                wanted[int(at)] = (float(milliseconds), [int(one) for one in ids.split()])
    needed = {one for _, ids in wanted.values() for one in ids}
    recorded = {int(row["id"]): row for row in people(everybody) if int(row["id"]) in needed}
    for at, asked in enumerate(queries(names)[: len(wanted)]):
        before, ids = wanted[at]
        began = time.process_time()
        query = ValueEntity(schema, {"id": "q"})
        query.add("name", asked["q"])
        scored = []
        for place, one in enumerate(ids):
            row = recorded[one]
            entity = ValueEntity(schema, {"id": str(one)})
            entity.add("name", " ".join((row["forename"] + " " + row["middle"] + " " + row["surname"]).split()))
            entity.add("firstName", row["forename"])
            entity.add("lastName", row["surname"])
            scored.append((-LogicV2.compare(query, entity, config).score, place, one))
        answer("nomenklatura", at, (time.process_time() - began) * 1000 + before, [one for _, _, one in sorted(scored)[:10]])


def pairs(labelled):
    """From two names to a verdict, at the threshold that is the best there is for these pairs."""
    from followthemoney import ValueEntity, model
    from nomenklatura.matching.logic_v2.model import LogicV2

    config, schema = LogicV2.default_config(), model.get("Person")
    with open(labelled, encoding="utf-8") as rows:
        people = [row for row in list(csv.reader(rows))[1:] if row[1] == "Person"]

    def compare(row):
        entities = []
        for name in row[2:4]:
            entity = ValueEntity(schema, {"id": name})
            entity.add("name", name)
            entities.append(entity)
        return LogicV2.compare(*entities, config).score

    for row in people:
        compare(row)
    began, rounds = time.process_time(), 5
    for _ in range(rounds):
        scores = [compare(row) for row in people]
    microseconds = (time.process_time() - began) * 1e6 / (rounds * len(people))
    same = [row[4] == "true" for row in people]

    def f1(threshold):
        hits = sum(score >= threshold and is_same for score, is_same in zip(scores, same))
        return 2 * hits / (sum(score >= threshold for score in scores) + sum(same))

    threshold = max(set(scores), key=f1)
    print(json.dumps({"peer": "nomenklatura", "f1": f1(threshold), "threshold": threshold, "us_a_pair": microseconds}))


if __name__ == "__main__":
    csv.field_size_limit(1 << 20)
    ways = {"rapidfuzz": rapidfuzz, "postgres": postgres, "splink": splink, "nomenklatura": nomenklatura, "pairs": pairs}
    ways[sys.argv[1]](*sys.argv[2:])
