#!/usr/bin/env python3
"""Asks a running server everything its OpenAPI document describes, as each role, and holds every answer against the document.

    beacon demo --seed-only --incidents 300     # a fresh database: the run changes, discloses and erases
    beacon serve                                # with BEACON_REQUESTS_PER_SECOND=0 and …_OF_AN_ADDRESS=0
    python3 -m venv target/schema && target/schema/bin/pip install -r tests/schema/requirements.txt
    target/schema/bin/python tests/schema/run.py http://127.0.0.1:8480 DATA_DIR/demo-sign-ins.txt

As each role schemathesis sends random requests (fuzzing) and chains of requests in which an answer's ids go into the next
(stateful; it infers the links), as some also the bounds of every field one by one (coverage), with a fixed seed. hooks.py makes most of them mean something,
schemathesis.toml says which checks are sound and what no run may do: suspend officers, revoke tokens, change passwords or
roles. Ends with 1 at any answer of 500 or above, at any that is not as the document says, and at fewer cases than asked for.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROLES = {
    "officer": "council-officer",
    "supervisor": "council-supervisor",
    "analyst": "council-analyst",
    "safeguarding lead": "council-safeguarding",
    "data protection officer": "council-dpo",
    "administrator": "council-admin",
    "integration client": "council-web-form",
    "nobody": None,
}
# Together they may use nearly every operation.
THOROUGH = ["supervisor", "data protection officer", "administrator"]


# Requests of one role that may go unsent.
MOST_UNSENT = 5


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", help="of the running server, as http://127.0.0.1:8480")
    parser.add_argument("sign_ins", type=Path, help="the demo's file of sign-ins")
    parser.add_argument("--cases", type=int, default=20_000, help="the least number of cases of all roles together (default: 20000)")
    parser.add_argument("--examples", type=int, default=6, help="random requests for each operation and role (default: 6)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=2, help="roles that ask at the same time (default: 2)")
    parser.add_argument("--document", type=Path, help="hold the server against this document instead of its own")
    parser.add_argument("--reports", type=Path, help="keep what schemathesis prints of each role in this folder")
    return parser.parse_args()


def read_sign_ins(file):
    """User names and their tokens."""
    lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
    return {words[0]: words[1] for words in lines if len(words) > 1}


def known(address, tokens):
    """Some of what exists, for the requests to name; and a few questions to the council, for it to answer."""

    def get(who, path, body=None):
        headers = {"Authorization": f"Bearer {tokens[who]}", "Beacon-Purpose": "investigation", "Beacon-Purpose-Reference": "CALL 4711"}
        if body:
            headers["Content-Type"] = "application/json"
        data = body and json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(address + path, data, headers), timeout=30) as answer:
            return json.load(answer)

    parts = ["reports", "places", "involvements", "allegations"]
    own, elsewhere = get("council-admin", "/v1/me"), get("police-officer", "/v1/me")
    ask = {"agency": own["agency"], "question": "What do you hold?", "name": "Peggy Ashworth"}
    asks = [get("police-officer", "/v1/asks", ask)["id"] for _ in range(10)]
    # Most of them the council's: it decides on its own alone.
    listed = get("council-safeguarding", "/v1/incidents?limit=200")["incidents"]
    ours = [one for one in listed if one.get("owning_agency") == own["agency"]]
    listed = ours + [one for one in listed if one not in ours][: 10 + len(ours) // 4]
    incidents = [
        {name: one.get(name) for name in ("id", "reference", "summary")} | {part: [entry["id"] for entry in one.get(part, [])] for part in parts}
        for one in listed
    ]
    people = [part["id"] for one in listed for part in one.get("involvements", []) if part.get("person")]
    return {
        "incidents": incidents,
        "people": people,
        "asks": asks,
        "agency": own["agency"],
        "agencies": [agency["id"] for agency in get("council-officer", "/v1/agencies")["agencies"]],
        "officers": [officer["id"] for officer in get("council-admin", "/v1/officers")["officers"]],
        "officers_elsewhere": [elsewhere["officer"]],
    }


def ask_as(role, token, options, folder):
    """One run of schemathesis; its report."""
    name = role.replace(" ", "-")
    report = folder / f"{name}.json"
    command = [str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(HERE / "schemathesis.toml"), "run"]
    command += [str(options.document), "--url", options.address] if options.document else [options.address + "/openapi.json"]
    command += ["--seed", str(options.seed), "--max-examples", str(options.examples)]
    command += ["--phases", "coverage,fuzzing,stateful" if role in THOROUGH else "fuzzing,stateful"]
    command += ["--report", "json", "--report-json-path", str(report), "--no-color"]
    if token:
        command += ["--header", f"Authorization: Bearer {token}"]
    environment = os.environ | {
        "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "SCHEMATHESIS_HOOKS": "hooks",
        "BEACON_SCHEMA_KNOWN": str(folder / "known.json"),
        "BEACON_SCHEMA_SEED": str(options.seed),
    }
    with open(folder / f"{name}.txt", "w", encoding="utf-8") as printed:
        subprocess.run(command, env=environment, cwd=folder, stdout=printed, stderr=subprocess.STDOUT, check=False)
    if not report.exists():
        return {"failed": (folder / f"{name}.txt").read_text(encoding="utf-8")[-2_000:]}
    return json.loads(report.read_text(encoding="utf-8"))


def told(role, report):
    """Prints a role's line and failures; how many cases, and whether all was well."""
    if "failed" in report:
        print(f"{role:26} did not run:\n{report['failed']}")
        return 0, False
    cases, failures = report["test_cases"]["generated"], report["failures"]
    accepted = sum(1 for rates in report["valid_rates"].values() if any(phase["accepted"] for phase in rates.values()))
    count = sum(failure["count"] for failure in failures)
    print(f"{role:26} {cases:6} cases, {accepted:3} operations accepted, {count:3} failures, {report['running_time']:5.0f} s")
    for failure in failures:
        print(f"    {failure['code']} {failure['title']}: {', '.join(failure['operations'])}")
    for error in report["errors"]:
        print(f"    error: {json.dumps(error)[:400]}")
    # A request that hooks.py could not make better was not sent; a few of some thousand take nothing away.
    unsent = sum(error.get("count", 1) for error in report["errors"] if error.get("title") == "Hook Error")
    others = [error for error in report["errors"] if error.get("title") != "Hook Error"]
    return cases, (report["complete"] or unsent > 0) and not failures and not others and unsent <= MOST_UNSENT


def run(options, folder):
    tokens = read_sign_ins(options.sign_ins)
    (folder / "known.json").write_text(json.dumps(known(options.address, tokens)), encoding="utf-8")
    began = time.monotonic()
    with ThreadPoolExecutor(options.at_once) as pool:
        reports = pool.map(lambda role: ask_as(role, tokens.get(ROLES[role]), options, folder), ROLES)
        outcomes = [told(role, report) for role, report in zip(ROLES, reports)]
    cases, well = sum(cases for cases, _ in outcomes), all(well for _, well in outcomes)
    print(f"{cases} cases in {time.monotonic() - began:.0f} s, seed {options.seed}: {'no failure' if well else 'FAILED'}")
    if cases < options.cases:
        print(f"fewer than the {options.cases} cases asked for")
    return well and cases >= options.cases


def main():
    options = arguments()
    options.address = options.address.rstrip("/")
    options.document = options.document and options.document.resolve()
    if options.reports:
        options.reports.mkdir(parents=True, exist_ok=True)
        return run(options, options.reports.resolve())
    with tempfile.TemporaryDirectory() as folder:
        return run(options, Path(folder))


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
