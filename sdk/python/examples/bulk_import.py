"""A bulk import: everybody of a manifest, as ``whorl synth`` and ``whorl enrol`` know them, is enrolled by one stream. Samples are
read when the server has room for them.

    bulk_import.py http://127.0.0.1:7443 nation people/manifest.csv
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Iterator

import connection
from whorl import Client, DuplicateCheck, Enrolment, Modality, Position, Reason, Sample

Row = dict[str, str]


def read(folder: Path, gallery: str, id: str, rows: list[Row]) -> Enrolment:
    """The enrolment of one subject. The check lets those in whom a person must look at, so that they are found later."""
    samples = []
    for row in rows:
        samples.append(
            Sample(
                (folder / row["path"]).read_bytes(),
                position=Position.named(row.get("position") or "unknown"),
                modality=Modality[row["modality"].upper()] if row.get("modality") else None,
                ppi=int(row["ppi"]) if row.get("ppi") else None,
            )
        )
    return Enrolment(gallery, id, samples, check=DuplicateCheck.UNLESS_DUPLICATE)


def main(address: str, gallery: str, manifest: str) -> int:
    subjects: dict[str, list[Row]] = {}
    with open(manifest, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            subjects.setdefault(row["subject"], []).append(row)
    enrolled, resembling, failed = 0, [], []

    def enrolments() -> Iterator[Enrolment]:
        for id, rows in subjects.items():
            try:
                yield read(Path(manifest).parent, gallery, id, rows)
            except (OSError, ValueError, KeyError) as error:
                failed.append((id, str(error)))

    with Client(address, **connection.options()) as client:
        for count, one in enumerate(client.enrol_many(enrolments()), start=1):
            if one.answer is not None and not one.answer.is_enrolled:
                resembling.append(one.id)
            # An import that broke off is run again: who is there already is done.
            elif one.error is None or one.error.reason == Reason.ALREADY_ENROLLED:
                enrolled += 1
            else:
                failed.append((one.id, str(one.error)))
            print(f"\r{count} of {len(subjects)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(f"{enrolled} enrolled, {len(resembling)} not, for they resemble somebody")
    for id in resembling:
        print(f"resembles somebody: {id}")
    for id, why in failed:
        print(f"failed: {id}: {why}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
