"""Makes most generated requests mean something: ids that exist, a purpose, bodies an officer's client could send.

schemathesis loads this file (SCHEMATHESIS_HOOKS, see run.py). What it generates at random is true to the document but names
nothing: without help nearly every answer is a 404 or a 422, and the answers that hold records are never looked at. Only
what was generated to be accepted is replaced; what was generated to be refused is left as it is.
"""

import json
import os
import random
import re
from collections import defaultdict
from datetime import datetime, timedelta, timezone

import schemathesis
from schemathesis.core.parameters import ParameterLocation

with open(os.environ["BEACON_SCHEMA_KNOWN"], encoding="utf-8") as file:
    KNOWN = json.load(file)
SEED = os.environ["BEACON_SCHEMA_SEED"]
CHANCE = random.Random(SEED)
# What this run has made or listed, by the collection's name in the path: the ids, and the ids in the path it is under.
SEEN = defaultdict(list)
MOST_SEEN = 200
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# The version each incident was last seen at.
VERSIONS = {}
# Parameters without which an operation answers nothing else.
NEEDED = {
    "/v1/hotspots": ["bbox"],
    "/v1/audit/seen": ["officer"],
    "/v1/audit/viewers": ["record"],
    "/v1/audit/look-ups": ["from", "to"],
    "/v1/imports": ["kind", "file"],
}


def later(days):
    """A moment some days from now."""
    return (datetime.now(timezone.utc) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(days):
    """A day some days from now."""
    return later(days)[:10]


def one(kind):
    """Something that exists."""
    return CHANCE.choice(KNOWN[kind])


def often(odds=0.9):
    """Mostly yes."""
    return CHANCE.random() < odds


def place():
    """A place in Stockton."""
    return {"street": CHANCE.choice(["Trimdon Close", "Norton Road"]), "postcode": "TS19 8ZA", "longitude": -1.313, "latitude": 54.565}


def involvement():
    """A person, as somebody told it."""
    name = CHANCE.choice(["Peggy Ashworth", "Craig Fairburne", "Muhammad Husain"])
    roles = CHANCE.choice([["person_affected"], ["person_complained_about"], ["witness", "reporter"]])
    return {"person": {"name": {"full": name}, "date_of_birth": CHANCE.choice(["1948-03-17", "2004", "2014-05"])}, "roles": roles}


def incident():
    """An incident, with or without people, of any class."""
    body = {"occurred": {"at": later(-2)}, "qualifier": "nuisance", "types": CHANCE.choice([[202], [204, 211]]), "summary": "Shouting",
            "places": [place()], "involvements": [involvement()] * CHANCE.randrange(3)}
    extra = [{}, {}, {"additional_qualifiers": [606]}, {"sharing": {"level": "owner_only", "beyond": "held_by"}},
             {"intelligence": {"source_evaluation": "2", "assessment": "C", "handling": "P"}}]
    return body | CHANCE.choice(extra)


# A body that is accepted where the caller may and what it names is there.
BODIES = {
    "create_incident": incident,
    "change_incident": lambda: CHANCE.choice([{"summary": "Louder"}, {"narrative": None}, {"status": "closed"}, {"sharing": {"level": "owner_only"}}]),
    "add_report": lambda: {"channel": "telephone", "wants": "To be called back"},
    "change_report": lambda: {"channel": "email"},
    "add_place": place,
    "change_place": lambda: {"street": "Norton Road"},
    "add_involvement": involvement,
    "change_involvement": lambda: {"roles": ["witness"]},
    "add_allegation": lambda: {"about": one("people"), "what": "Swore at passers-by", "basis": "saw"},
    "change_allegation": lambda: {"status": "withdrawn", "status_reason": "Said in anger"},
    "link_duplicate": lambda: {"incident": one("incidents")["id"]},
    "add_release": lambda: {"to_agency": one("agencies"), "grade": "summary", "basis": "cda_1998_s115", "until": later(30)},
    "add_block": lambda: {"reason": "Lives next door"},
    "set_source": lambda: {"text": "A neighbour"},
    "rectify": lambda: {"pointer": "/summary", "from": "Shouting", "to": "Music", "reason": "wrong_value"},
    "dispute": lambda: {"statement": "It was not me", "restricted": often(0.5)},
    "open_intake": lambda: {"note": "On the telephone"},
    "search_names": lambda: {"name": CHANCE.choice(["Margret Ashworth", "Jinx", "Craig Fairburne"]), "limit": 20},
    "search_places": lambda: CHANCE.choice([{"street": "Trimdon Close"}, {"postcode": "TS19 8ZA"}]),
    "set_marker": lambda: {"kind": "safety", "person": one("people"), "facts": "A large dog", "source": "A visit", "review_at": later(60)},
    "declare": lambda: CHANCE.choice([{"kind": "family", "name": "Robin Reed"}, {"kind": "home", "address": "1 Norton Road"}]),
    "add_ask": lambda: {"agency": one("agencies"), "question": "What do you hold?", "name": "Kyle Brannigan"},
    "answer_ask": lambda: {"answer": "told", "note": "By telephone"},
    "open_in_emergency": lambda: {"name": "Mohammed Hussain", "date_of_birth": "2004-08-23", "reason": "A child is with him now"},
    "set_agreement": lambda: {"level": "partnership", "grade": "full", "beyond": "nothing", "basis": "cda_1998_s115", "review_at": later(90)},
    "add_secondment": lambda: {"officer": one("officers_elsewhere"), "host": KNOWN["agency"], "role": "officer", "until": later(30)},
    "add_agency": lambda: {"name": f"Homes {CHANCE.randrange(10**9)}", "kind": "housing"},
    "add_officer": lambda: {"name": f"Officer {CHANCE.randrange(10**9)}", "agency": KNOWN["agency"], "role": "officer"},
    "add_token": lambda: {"expires_at": later(1)},
    "link_identity": lambda: {"issuer": "https://id.example", "subject": str(CHANCE.randrange(10**9))},
    "erase": lambda: {"incident": one("incidents")["id"], "basis": "retention_schedule", "reason": "retention_period_over"},
    "decide_proposal": lambda: {"decision": "keep", "reason": "another_person"},
    "set_schedule": lambda: {"class": "ordinary", "children": False, "months": 84},
    "decide": lambda: {"decision": "retain", "reason": "ongoing_risk", "next_review": day(300)},
    "open": lambda: {"people": [one("people")], "received": day(-3)},
    "decide_line": lambda: CHANCE.choice([{"decision": "release"}, {"decision": "withhold", "exemption": "sch2_para16_third_party"}]),
}


def query_value(path, name):
    """What a parameter may hold; None leaves it out."""
    audit = path.startswith("/v1/audit")
    return {
        "from": lambda: later(-30) if audit else day(-300),
        "to": lambda: later(1) if audit else day(0),
        "by": lambda: day(3000),
        "types": lambda: "202,204",
        "agency": lambda: one("agencies"),
        "agencies": lambda: one("agencies"),
        "officer": lambda: one("officers"),
        "record": lambda: CHANCE.choice([one("incidents")["id"], one("people")]),
        "action": lambda: "incident.read",
        "bbox": lambda: "-1.40,54.50,-1.20,54.65",
        "cell_size": lambda: 250,
        "method": lambda: "counts",
        "limit": lambda: CHANCE.choice([1, 5, 100]),
        "unseen": lambda: "true",
        "kind": lambda: "postcodes",
        "file": lambda: "postcodes.csv",
    }.get(name, lambda: None)()


def path_values(path):
    """Ids for a path: of things that exist, each part within the incident it is of."""
    steps = path.strip("/").split("/")
    names = [(before, step.strip("{}")) for before, step in zip(steps, steps[1:]) if step.startswith("{")]
    collection, last = names[-1]
    if SEEN[collection] and len(names) > 1 and often(0.7):
        under, own = CHANCE.choice(SEEN[collection])
        return {last: own} | under
    values, record = {}, one("incidents")
    for before, name in names:
        if name == "incident":
            values[name] = CHANCE.choice([record["id"], record["id"], record["reference"]])
        elif name == "officer":
            values[name] = one("officers")
        elif record.get(before):
            values[name] = CHANCE.choice(record[before])
        elif before in ("people", "asks"):
            values[name] = one(before)
        elif before in ("proposals", "lines"):
            values[name] = CHANCE.randrange(1, 4)
        elif before == "audit":
            values[name] = CHANCE.randrange(1, 500)
        elif before == "sharing-agreements":
            values[name] = CHANCE.choice(["ordinary", "domestic_abuse", "child_at_risk", "intelligence"])
        elif SEEN[before]:
            values[name] = CHANCE.choice(SEEN[before])[1]
    return values


def body_for(operation, path):
    """A body that fits what the path names."""
    body = BODIES[operation]()
    record = next((one for one in KNOWN["incidents"] if one["id"] == path.get("incident")), None)
    if operation == "add_allegation" and record and record["involvements"]:
        body["about"] = CHANCE.choice(record["involvements"])
    if operation == "rectify" and record:
        body["from"] = record["summary"]
    return body


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Replaces what was generated to be accepted by what mostly is."""
    meta, path = case.meta, case.operation.path
    if meta is None:
        return
    # The same request is replaced by the same, whenever it is sent: schemathesis repeats what it has tried.
    CHANCE.seed(f"{SEED} {case.operation.label} {case.path_parameters} {case.query} {case.headers} {case.body!r}")
    sound = lambda location: not meta.is_negative_at(location)
    tested = meta.phase.data.parameter_location
    phase = meta.phase.name.value
    if sound(ParameterLocation.HEADER) and tested != ParameterLocation.HEADER:
        if often():
            case.headers["Beacon-Purpose"] = "investigation"
            case.headers["Beacon-Purpose-Reference"] = "CALL 4711"
        if often():
            case.headers.pop("Beacon-Acting-As", None)
    if sound(ParameterLocation.PATH) and case.path_parameters and often():
        # Ids that the stateful phase took from an answer before are what it is for: they stay.
        made_up = [name for name, value in case.path_parameters.items() if not ID.fullmatch(str(value))]
        case.path_parameters.update({name: value for name, value in path_values(path).items() if name in made_up})
    if sound(ParameterLocation.HEADER) and "If-Match" in case.headers and often():
        case.headers["If-Match"] = VERSIONS.get(str((case.path_parameters or {}).get("incident")), '"1"')
    # The coverage phase goes through the bounds of each field one by one: its values stay.
    if phase == "coverage":
        return
    needed = NEEDED.get(path, [])
    if sound(ParameterLocation.QUERY) and (case.query or needed) and often():
        kept = {name: query_value(path, name) for name in [*needed, *(name for name in case.query or {} if often(0.5))]}
        case.query = {name: value for name, value in kept.items() if value is not None}
    operation = case.operation.definition.raw.get("operationId")
    if operation == "run_import" and sound(ParameterLocation.BODY) and often():
        case.body = b'"TS19 8ZA",10,441750,511750\n'
    if operation in BODIES and sound(ParameterLocation.BODY) and isinstance(case.body, dict) and often():
        oddities = {name: value for name, value in case.body.items() if often(0.25)} if often(0.5) else {}
        case.body = body_for(operation, case.path_parameters or {}) | oddities


@schemathesis.hook
def after_call(context, case, response):
    """Remembers what was made and listed."""
    kind = response.headers.get("content-type", [""])[0]
    if response.status_code not in (200, 201) or "json" not in kind:
        return
    body, under = response.json(), dict(case.path_parameters or {})
    if not isinstance(body, dict):
        return
    if "etag" in response.headers and (under.get("incident") or body.get("id")):
        VERSIONS[under.get("incident") or body["id"]] = response.headers["etag"][0]
    steps = [step for step in case.operation.path.split("/") if step]
    collection = next(step for step in reversed(steps) if not step.startswith("{"))
    if case.method == "PUT" and steps[-1].startswith("{"):
        # Put under the name that its path gives it.
        found = [under[steps[-1].strip("{}")]]
    else:
        entries = [body] if "id" in body else [entry for value in body.values() if isinstance(value, list) for entry in value]
        found = [entry[name] for entry in entries if isinstance(entry, dict) for name in ("id", "number") if name in entry][:20]
    SEEN[collection] = (SEEN[collection] + [(under, own) for own in found])[-MOST_SEEN:]
