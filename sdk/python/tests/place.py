"""What ``test.sh`` has made: a server, the files of its clients, a sandbox, and people of whom everybody was captured twice."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

from whorl import Modality, Position, Sample, Tls

FOLDER = Path(os.environ["WHORL_TEST_FOLDER"])
ADDRESS = os.environ["WHORL_TEST_ADDRESS"]
MANIFEST = FOLDER / "people" / "manifest.csv"
#: What the sandbox says of itself.
SANDBOX = json.loads((FOLDER / "sandbox.json").read_text())
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def token(name):
    """The token of somebody who works at the sandbox."""
    return next(worker["token"] for worker in SANDBOX["people"] if worker["name"] == name)


def api_key(id):
    """The key of a partner of the sandbox."""
    return next(partner["api_key"] for partner in SANDBOX["partners"] if partner["id"] == id)


def run(name, *arguments, claims=None, **environment):
    """Runs an example."""
    command = [sys.executable, str(EXAMPLES / name), *map(str, arguments)]
    return subprocess.run(
        command, input=claims, env=os.environ | environment, capture_output=True, text=True, timeout=120
    )


def tls(who=None):
    pair = (FOLDER / f"{who}.pem", FOLDER / f"{who}.key") if who else (None, None)
    return Tls.read(FOLDER / "ca.pem", *pair)


def people():
    """The subjects of the manifest, in order."""
    with open(MANIFEST, newline="", encoding="utf-8") as file:
        return sorted({row["subject"] for row in csv.DictReader(file)})


def rows(subject, encounter):
    with open(MANIFEST, newline="", encoding="utf-8") as file:
        found = [row for row in csv.DictReader(file) if row["subject"] == subject and row["encounter"] == encounter]
    assert found, f"{subject} has no encounter {encounter}"
    return found


def samples(subject, encounter="1"):
    return [
        Sample(
            (MANIFEST.parent / row["path"]).read_bytes(),
            position=Position.named(row["position"]),
            modality=Modality[row["modality"].upper()],
        )
        for row in rows(subject, encounter)
    ]
