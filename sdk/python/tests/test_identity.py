"""The identity services against a sandbox, with and without asyncio."""

import asyncio
import itertools
import json
import time
import unittest
from pathlib import Path

import grpc
import place
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from google.protobuf.json_format import MessageToDict
from whorl import CallError, Client, Reason, SignerError, aio
from whorl.identity import Partner, RefusalCode, Signer, SigningAlgorithm, claim, samples, services
from whorl.identity import messages as m
from whorl.identity.v1 import (
    adjudication_pb2,
    authentication_pb2,
    identity_pb2,
    issuance_pb2,
    partner_pb2,
    registration_pb2,
)

ENDS = (m.REGISTRATION_STAGE_ISSUED, m.REGISTRATION_STAGE_REJECTED, m.REGISTRATION_STAGE_IN_ADJUDICATION)
NUMBER = itertools.count(time.time_ns())
WHY = "asked for by himself"


def pem(key):
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def newcomer(name, born, captured=()):
    now_ms = time.time_ns() // 1_000_000
    return m.RegisterRequest(
        id=f"R-{next(NUMBER)}",
        kind=m.PACKET_KIND_NEW,
        demographics={
            "firstName": name,
            "lastName": f"{name}son",
            "dateOfBirth": born,
            "gender": "Female",
            "phone": "+99 5550 4321",
        },
        samples=samples(captured),
        consent=m.ConsentGiven(purpose="foundational-id", is_given=True, at_unix_ms=now_ms),
        captured_by=m.CapturedBy(station="station-1"),
        captured_unix_ms=now_ms,
    )


def born(uin, day):
    asked = claim(uin, "opening an account")
    asked.consent.is_given = True
    asked.demographics.add(attribute="birth_date", value=day)
    return asked


class Sandboxed(unittest.TestCase):
    def setUp(self):
        self.officer = self.connected("oskar")
        self.gateway = self.connected("gateway")

    def connected(self, name):
        client = Client(place.SANDBOX["url"], token=place.token(name))
        self.addCleanup(client.close)
        return client

    def registered(self, registration):
        self.connected("olga").identity.register(registration)
        return self.settled(registration.id)

    def settled(self, id):
        while True:
            found = self.officer.identity.get_registration(m.GetRegistrationRequest(id=id))
            if found.stage in ENDS:
                return found
            time.sleep(0.05)

    def entered(self, keys=""):
        policy = {
            "factors": [{"factor": "demographic"}],
            "fields": [{"attribute": "birth_date", "strategies": [{"strategy": "exact"}]}],
            "token": "partner",
        }
        terms = m.PartnerTerms(name="The notary", kind=m.PARTNER_KIND_AUTHENTICATION, keys=keys, policy=policy)
        id = f"notary-{next(NUMBER)}"
        return Partner(id, self.officer.identity.create_partner(m.CreatePartnerRequest(id=id, terms=terms)).api_key)

    def codes(self, request):
        answer = self.gateway.identity.authenticate(request)
        self.assertEqual(answer.is_authentic, not answer.refusals)
        return [refusal.code for refusal in answer.refusals]

    def refused(self, call, request):
        with self.assertRaises(CallError) as caught:
            call(request)
        return caught.exception


class Described(unittest.TestCase):
    def test_every_method_is_there_with_its_messages(self):
        files = (adjudication_pb2, authentication_pb2, identity_pb2, issuance_pb2, partner_pb2, registration_pb2)
        described = {
            f"/{service.full_name}/{method.name}": (method.input_type, method.output_type, method.server_streaming)
            for file in files
            for service in file.DESCRIPTOR.services_by_name.values()
            for method in service.methods
        }
        known = {
            named.method.path: (
                named.request.DESCRIPTOR,
                named.method.response.DESCRIPTOR,
                isinstance(named, services._Followed),
            )
            for named in vars(services._Methods).values()
            if isinstance(named, services._Named)
        }
        self.assertGreater(len(described), 30)
        self.assertEqual(known, described)

    def test_what_is_of_persons_prints_its_size_only(self):
        printed = f"{newcomer('Ottilie', '1980-02-29')!r} {born('5273140941', '1980-02-29')} {Partner('bank', 'SECRET')}"
        self.assertTrue(printed.startswith("RegisterRequest("), printed)
        for secret in ("Ottilie", "5273140941", "1980-02-29", "SECRET"):
            self.assertNotIn(secret, printed)


class People(Sandboxed):
    def test_registered_followed_numbered_shown_blocked_and_erased(self):
        station = self.connected("olga")
        registration = newcomer("Ottilie", "1980-02-29", place.samples(place.people()[0]))
        self.assertFalse(station.identity.register(registration).is_repeated)
        self.assertTrue(station.identity.register(registration).is_repeated)
        other = newcomer("Bertolt", "1981-01-01")
        other.id = registration.id
        refused = self.refused(station.identity.register, other)
        self.assertEqual((refused.reason, refused.code), (Reason.REGISTRATION_EXISTS, grpc.StatusCode.ALREADY_EXISTS))
        stages = set()
        for answer in station.identity.watch_events(m.WatchEventsRequest()):
            stages |= {event.stage for event in answer.events if event.registration == registration.id}
            if m.REGISTRATION_STAGE_ISSUED in stages:
                break
        self.assertGreaterEqual(len(stages), 6)
        uin = self.settled(registration.id).uin

        identity = self.officer.identity
        vid = identity.create_vid(m.CreateVidRequest(uin=uin, kind="Temporary")).vid
        self.assertIn(vid.number, [one.number for one in identity.list_vids(m.ListVidsRequest(uin=uin)).vids])
        refused = self.refused(identity.end_vid, m.EndVidRequest(uin=uin, vid="1", end=m.VID_END_REVOKED))
        self.assertEqual(refused.reason, Reason.VID_NOT_FOUND)
        asked = m.IssueCredentialRequest(uin=uin, form=m.CREDENTIAL_FORM_SELECTIVE, fields=["firstName"])
        self.assertEqual(identity.issue_credential(asked).media_type, "application/dc+sd-jwt")
        identity.block(m.BlockRequest(uin=uin, reason=WHY))
        self.assertEqual(self.refused(identity.issue_credential, asked).reason, Reason.IDENTITY_STATUS)
        identity.unblock(m.UnblockRequest(uin=uin, reason=WHY))
        found = identity.get_identity(m.GetIdentityRequest(uin=uin, purpose=WHY))
        self.assertEqual(found.status, m.IDENTITY_STATUS_ACTIVE)
        self.assertEqual(MessageToDict(found.demographics)["firstName"], "Ottilie")
        parts = list(identity.export(m.ExportRequest(uin=uin, reason=WHY)))
        self.assertEqual([part.HasField("file") for part in parts], [False] + [True] * len(registration.samples))
        self.assertEqual(parts[1].file.data, registration.samples[0].data)
        self.assertEqual(identity.erase(m.EraseRequest(uin=uin, reason=WHY)).registrations, 1)
        gone = self.refused(identity.get_identity, m.GetIdentityRequest(uin=uin, purpose=WHY))
        self.assertEqual((gone.reason, gone.code), (Reason.IDENTITY_NOT_FOUND, grpc.StatusCode.NOT_FOUND))

    def test_people_decide_about_a_duplicate(self):
        ada = place.people()[1]
        first = self.registered(newcomer("Zebulon", "1971-03-04", place.samples(ada)))
        self.assertEqual(first.stage, m.REGISTRATION_STAGE_ISSUED)
        second = newcomer("Melusine", "1990-12-10", place.samples(ada, "2"))
        waiting = self.registered(second)
        self.assertEqual(waiting.stage, m.REGISTRATION_STAGE_IN_ADJUDICATION)
        anna, berta = self.connected("anna"), self.connected("berta")
        case = anna.identity.get_case(m.GetCaseRequest(id=waiting.case_id)).case
        findings = [m.CaseFinding(subject=suspect.subject, is_same=True) for suspect in case.suspects]
        decision = m.DecideCaseRequest(id=case.id, findings=findings, reason="the same ridges")
        anna.identity.decide_case(decision)
        self.assertEqual(self.refused(anna.identity.decide_case, decision).reason, Reason.NOT_IMPARTIAL)
        settled = berta.identity.decide_case(decision).case
        self.assertEqual(settled.status, m.CASE_STATUS_SETTLED)
        self.assertEqual(self.settled(second.id).rejection.reason, "duplicate")
        self.assertEqual(self.refused(berta.identity.decide_case, decision).reason, Reason.CASE_SETTLED)

    def test_the_same_with_await(self):
        async def everything():
            registration = newcomer("Kunigunde", "1964-07-08")
            async with aio.Client(place.SANDBOX["url"], token=place.token("olga")) as station:
                await station.identity.register(registration)
                stages = set()
                async for answer in station.identity.watch_events(m.WatchEventsRequest()):
                    stages |= {event.stage for event in answer.events if event.registration == registration.id}
                    if stages & set(ENDS):
                        break
                with self.assertRaises(CallError) as caught:
                    await station.identity.get_registration(m.GetRegistrationRequest(id="nobody"))
                self.assertEqual(caught.exception.reason, Reason.REGISTRATION_NOT_FOUND)
            async with aio.Client(place.SANDBOX["url"], token=place.token("oskar")) as officer:
                asked = m.GetRegistrationRequest(id=registration.id)
                return (await officer.identity.get_registration(asked)).uin

        uin = asyncio.run(everything())
        bank = Partner("bank", place.api_key("bank"))
        self.assertEqual(self.codes(bank.authenticate(born(uin, "1964-07-08"))), [])


class Partners(Sandboxed):
    def test_asked_by_key_the_codes_of_a_no_are_told(self):
        uin = self.registered(newcomer("Rosamund", "1955-05-05")).uin
        bank = Partner("bank", place.api_key("bank"))
        self.assertEqual(self.codes(bank.authenticate(born(uin, "1955-05-05"))), [])
        self.assertEqual(self.codes(bank.authenticate(born(uin, "1955-05-06"))), [RefusalCode.DEMOGRAPHIC])
        stranger = Partner("bank", "guessed")
        self.assertEqual(self.codes(stranger.authenticate(born(uin, "1955-05-05"))), [RefusalCode.PARTNER])

    def test_a_one_time_password_is_sent_and_shown(self):
        uin = self.registered(newcomer("Gudula", "1944-04-04")).uin
        bank = Partner("bank", place.api_key("bank"))
        asked = claim(uin, "opening an account")
        asked.consent.is_given = True
        wanted = m.OtpClaim(
            id=uin, transaction=asked.transaction, at_unix_ms=asked.at_unix_ms, channels=[m.OTP_CHANNEL_PHONE]
        )
        sent = self.gateway.identity.send_otp(bank.send_otp(wanted))
        self.assertEqual((sent.transaction, len(sent.refusals)), (asked.transaction, 0))
        code = json.loads(Path(place.SANDBOX["passwords"]).read_text().splitlines()[-1])["code"]
        wrong = m.AuthenticationClaim()
        wrong.CopyFrom(asked)
        wrong.transaction, wrong.otp = claim(uin, "").transaction, code
        self.assertEqual(self.codes(bank.authenticate(wrong)), [RefusalCode.OTP_TRANSACTION])
        asked.otp = code
        self.assertEqual(self.codes(bank.authenticate(asked)), [])

    def test_with_keys_only_what_was_signed_is_believed(self):
        uin = self.registered(newcomer("Adelheid", "1949-09-09")).uin
        for key in (ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)):
            signer = Signer.from_pem(pem(key))
            notary = self.entered(signer.public_keys())
            signed = Partner(notary.id, notary.api_key, signer)
            self.assertEqual(self.codes(signed.authenticate(born(uin, "1949-09-09"))), [])
            self.assertEqual(self.codes(notary.authenticate(born(uin, "1949-09-09"))), [RefusalCode.SIGNATURE])
            altered = signed.authenticate(born(uin, "1949-09-09"))
            altered.signed.json = signed.authenticate(born(uin, "1949-09-09")).signed.json
            self.assertEqual(self.codes(altered), [RefusalCode.SIGNATURE])
            forger = Signer.from_pem(pem(ec.generate_private_key(ec.SECP256R1())))
            forged = Partner(notary.id, notary.api_key, forger)
            self.assertEqual(self.codes(forged.authenticate(born(uin, "1949-09-09"))), [RefusalCode.SIGNATURE])

    def test_a_key_that_lies_elsewhere_signs(self):
        uin = self.registered(newcomer("Wiltrud", "1938-08-08")).uin
        key = rsa.generate_private_key(65537, 2048)
        name = json.loads(Signer.from_pem(pem(key)).public_keys())["keys"][0]["kid"]
        notary = self.entered(Signer.from_pem(pem(key)).public_keys())
        module = lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        signed = Partner(notary.id, notary.api_key, Signer(SigningAlgorithm.RS256, module, name))
        self.assertEqual(self.codes(signed.authenticate(born(uin, "1938-08-08"))), [])

    def test_what_cannot_sign_is_said(self):
        for text in ("", "no key", pem(ec.generate_private_key(ec.SECP384R1()))):
            with self.assertRaises(SignerError):
                Signer.from_pem(text)
        der = Signer(SigningAlgorithm.ES256, lambda data: b"0" * 70)
        with self.assertRaises(SignerError):
            der.sign(b"body")
        self.assertIsNone(der.public_keys())


class Example(unittest.TestCase):
    def test_registration_office(self):
        key = place.FOLDER / "notary.pem"
        key.write_text(pem(ec.generate_private_key(ec.SECP256R1())))
        pictures = [f"{row['position']}={place.MANIFEST.parent / row['path']}" for row in place.rows(place.people()[2], "1")]
        office = lambda *more: place.run(
            "registration_office.py", place.FOLDER / "sandbox.json", key, "Ada", "Lovelace", "1990-12-10", *more
        )
        done = office(*pictures)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertRegex(lines[0], r"^registered: UIN \d{10}$")
        self.assertRegex(lines[1], "^the bank asks: yes, and knows him as .")
        self.assertRegex(lines[2], "^the notary asks and signs: yes, ")
        self.assertEqual(
            lines[3], "somebody with its API key asks: no, the request is not signed by this partner (IDA-MPA-001)"
        )
        self.assertEqual(lines[4], "the bank asks of another day: no, he was not born then")
        again = office(*pictures)
        self.assertIn("people decide about it, in case ", again.stderr)


if __name__ == "__main__":
    unittest.main()
