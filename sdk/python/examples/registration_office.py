"""A registration office: somebody is registered, gets his number, and is authenticated by his birth date, once for a partner that shows
its API key and once for one that signs what it asks.

    whorl --json sandbox > sandbox.json &
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out notary.pem
    registration_office.py sandbox.json notary.pem Ada Lovelace 1990-12-10 right-index=finger.png

What is captured of him may be left out. The tokens of those who work at the office, and the bank's API key, are in what the sandbox
prints.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from whorl import Client, Position, Sample
from whorl.identity import Partner, RefusalCode, Signer, claim, messages, samples

# How often is looked whether a registration is done.
PAUSE_S = 0.1


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def register(station: Client, officer: Client, fields: dict[str, str], captured: list[Sample]) -> str:
    """Sends the registration from a station, waits until it is done, as an officer sees it, and gives the number."""
    id = f"R-{now_ms()}"
    registration = messages.RegisterRequest(
        id=id,
        kind=messages.PACKET_KIND_NEW,
        demographics=fields,
        samples=samples(captured),
        consent=messages.ConsentGiven(purpose="foundational-id", is_given=True, at_unix_ms=now_ms()),
        captured_by=messages.CapturedBy(station="station-1"),
        captured_unix_ms=now_ms(),
    )
    station.identity.register(registration)
    while True:
        found = officer.identity.get_registration(messages.GetRegistrationRequest(id=id))
        if found.stage == messages.REGISTRATION_STAGE_ISSUED:
            return found.uin
        if found.stage == messages.REGISTRATION_STAGE_REJECTED:
            raise SystemExit(f"rejected: {found.rejection.message}")
        if found.stage == messages.REGISTRATION_STAGE_IN_ADJUDICATION:
            raise SystemExit(f"people decide about it, in case {found.case_id}")
        time.sleep(PAUSE_S)


def enter_notary(officer: Client, signer: Signer) -> Partner:
    """Enters a partner whose requests must be signed."""
    id = f"notary-{now_ms()}"
    terms = messages.PartnerTerms(
        name="The notary",
        kind=messages.PARTNER_KIND_AUTHENTICATION,
        keys=signer.public_keys(),
        policy={
            "factors": [{"factor": "demographic"}],
            "fields": [{"attribute": "birth_date", "strategies": [{"strategy": "exact"}]}],
            "token": "partner",
        },
    )
    made = officer.identity.create_partner(messages.CreatePartnerRequest(id=id, terms=terms))
    return Partner(id, made.api_key, signer)


def authenticate(gateway: Client, partner: Partner, uin: str, born: str) -> str:
    """Whether the holder of ``uin`` was born on that day, as ``partner`` is told."""
    asked = claim(uin, "opening an account")
    asked.consent.is_given = True
    asked.demographics.add(attribute="birth_date", value=born)
    answer = gateway.identity.authenticate(partner.authenticate(asked))
    if answer.is_authentic:
        return f"yes, and knows him as {answer.token}"
    why = answer.refusals[0]
    return "no, he was not born then" if why.code == RefusalCode.DEMOGRAPHIC else f"no, {why.message} ({why.code})"


def main(sandbox: str, key: str, given: str, family: str, born: str, *captured: str) -> None:
    place: dict[str, Any] = json.loads(Path(sandbox).read_text())
    tokens = {worker["name"]: worker["token"] for worker in place["people"]}
    api_keys = {partner["id"]: partner["api_key"] for partner in place["partners"]}
    pictures = [argument.partition("=") for argument in captured]
    shown = [Sample(Path(file).read_bytes(), position=Position.named(word)) for word, _, file in pictures]
    connect = lambda name: Client(place["url"], token=tokens[name])
    with connect("olga") as station, connect("oskar") as officer, connect("gateway") as gateway:
        fields = {"firstName": given, "lastName": family, "dateOfBirth": born, "gender": "Female"}
        uin = register(station, officer, fields, shown)
        print(f"registered: UIN {uin}")
        bank = Partner("bank", api_keys["bank"])
        print(f"the bank asks: {authenticate(gateway, bank, uin, born)}")
        notary = enter_notary(officer, Signer.from_pem(Path(key).read_text()))
        print(f"the notary asks and signs: {authenticate(gateway, notary, uin, born)}")
        unsigned = Partner(notary.id, notary.api_key)
        print(f"somebody with its API key asks: {authenticate(gateway, unsigned, uin, born)}")
        print(f"the bank asks of another day: {authenticate(gateway, bank, uin, '1900-01-01')}")


if __name__ == "__main__":
    main(*sys.argv[1:])
