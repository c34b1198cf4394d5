"""An enrolment station: what was captured is assessed, what is too poor is captured again, and the person is enrolled after a search
for him.

    enrolment_station.py http://127.0.0.1:7443 nation F-2051 right-index=first.png,again.png right=eye.png

Each position has its files in the order in which a camera would give them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import connection
from whorl import BiometricException, Client, DuplicateCheck, Enrolled, Enrolment, ExceptionReason, Position, Sample

# Below this a sample is captured again; an authority sets its own, from what its cameras give.
LEAST_QUALITY = 40

# How often something is captured before the best that there was is taken.
CAPTURES = 3


def capture(client: Client, position: Position, pictures: list[Path]) -> Sample | None:
    """The best of a few captures; none where no picture could be used."""
    best: tuple[int, Sample] | None = None
    for picture in pictures[:CAPTURES]:
        sample = Sample(picture.read_bytes(), position=position)
        assessed = client.assess([sample])
        if assessed.assessments:
            quality = assessed.assessments[0].quality
            quality = LEAST_QUALITY if quality is None else quality
            print(f"{position.name}: quality {quality}")
            if best is None or best[0] < quality:
                best = quality, sample
            if quality >= LEAST_QUALITY:
                break
        for refusal in assessed.refusals:
            print(f"{position.name}: {refusal.message}")
        print(f"{position.name}: please once more")
    return best[1] if best else None


def show(enrolled: Enrolled) -> None:
    what = f"enrolled by change {enrolled.sequence}" if enrolled.is_enrolled else "not enrolled"
    print(f"{enrolled.verdict.name}: {what}")
    for candidate in enrolled.found.candidates if enrolled.found else []:
        print(f"  {candidate.rank} {candidate.id}: {candidate.evidence.bans:.1f} bans, {candidate.verdict.name}")


def main(address: str, gallery: str, id: str, *captured: str) -> None:
    samples, exceptions = [], []
    with Client(address, **connection.options()) as client:
        for argument in captured:
            word, _, files = argument.partition("=")
            position = Position.named(word)
            sample = capture(client, position, [Path(file) for file in files.split(",")])
            if sample:
                samples.append(sample)
            else:
                exceptions.append(BiometricException(position, ExceptionReason.UNREADABLE))
        show(client.enrol(Enrolment(gallery, id, samples, exceptions, DuplicateCheck.UNLESS_DUPLICATE)))


if __name__ == "__main__":
    main(*sys.argv[1:])
