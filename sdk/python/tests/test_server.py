"""The client against a server, with and without asyncio. Each test has a gallery of its own."""

import asyncio
import io
import tarfile
import unittest

import grpc
import place
from whorl import (
    AuditQuery,
    CallError,
    Client,
    Decision,
    DuplicateCheck,
    Enrolment,
    Guarantee,
    JobState,
    Position,
    Probe,
    Reason,
    Retry,
    Sample,
    SearchMode,
    SearchOptions,
    Tls,
    Verdict,
    aio,
)


class Served(unittest.TestCase):
    def setUp(self):
        self.client = Client(place.ADDRESS, tls=place.tls("operator"))
        self.addCleanup(self.client.close)
        self.gallery = self.id().split(".")[-1].replace("_", "-")[:60]
        self.client.galleries.create(self.gallery)
        self.people = place.people()

    def enrolment(self, subject, encounter="1", **more):
        return Enrolment(self.gallery, f"{subject}.{encounter}", place.samples(subject, encounter), **more)

    def refused(self, call):
        with self.assertRaises(CallError) as caught:
            call()
        return caught.exception


class People(Served):
    def test_enrolled_found_verified_and_removed(self):
        ada, bea = self.people[:2]
        enrolled = self.client.enrol(self.enrolment(ada))
        self.assertTrue(enrolled.is_enrolled)
        self.assertEqual(enrolled.verdict, Verdict.UNIQUE)
        again = self.client.enrol(self.enrolment(ada, "2"))
        self.assertEqual((again.sequence, again.verdict), (None, Verdict.DUPLICATE))
        self.assertEqual(again.found.candidates[0].id, f"{ada}.1")
        self.assertTrue(self.client.enrol(self.enrolment(bea)).is_enrolled)

        search = SearchOptions(mode=SearchMode.EXACT, candidates=1)
        found = self.client.identify(Probe(self.gallery, place.samples(bea, "2"), search)).found
        self.assertEqual([candidate.id for candidate in found.candidates], [f"{bea}.1"])
        self.assertEqual((found.coverage.guarantee, found.coverage.references), (Guarantee.EXHAUSTIVE, 2))

        findings = list(self.client.identify_stream(Probe(self.gallery, place.samples(bea, "2"))))
        self.assertEqual(findings[0].id, f"{bea}.1")
        self.assertEqual((findings[-1].found.candidates, findings[-1].found.coverage.references), ([], 2))

        decision = lambda who: self.client.verify(self.gallery, f"{ada}.1", place.samples(who, "2"), 1e-4).decision
        self.assertEqual([decision(ada), decision(bea)], [Decision.MATCH, Decision.NON_MATCH])
        self.client.replace(self.gallery, f"{bea}.1", place.samples(bea, "2"))
        self.assertTrue(all(one.template == b"" for one in self.client.fetch(self.gallery, f"{bea}.1")))
        self.assertGreater(self.client.remove(self.gallery, f"{ada}.1"), enrolled.sequence)
        gone = self.refused(lambda: self.client.fetch(self.gallery, f"{ada}.1"))
        self.assertEqual((gone.reason, gone.code), (Reason.NOT_ENROLLED, grpc.StatusCode.NOT_FOUND))

    def test_the_same_key_is_one_enrolment(self):
        enrolment = self.enrolment(self.people[0], key="k1")
        self.assertEqual(self.client.enrol(enrolment), self.client.enrol(enrolment))
        other = self.enrolment(self.people[1], key="k1")
        self.assertEqual(self.refused(lambda: self.client.enrol(other)).reason, Reason.KEY_REUSED)
        self.assertEqual(self.client.galleries.get(self.gallery).references, 1)

    def test_many_in_order_and_one_that_fails_does_not_end_the_stream(self):
        people = self.people[:4]
        enrolments = [self.enrolment(subject) for subject in people]
        enrolments.insert(1, Enrolment(self.gallery, "nobody", [Sample(b"no picture", Position.RIGHT_INDEX)]))
        answers = list(self.client.enrol_many(iter(enrolments)))
        self.assertEqual([one.number for one in answers], list(range(5)))
        self.assertEqual([one.error and one.error.reason for one in answers], [None, "UNREADABLE_SAMPLE", None, None, None])
        probes = [Probe(self.gallery, place.samples(subject, "2")) for subject in reversed(people)]
        found = [answer.found.candidates[0].id for answer in self.client.identify_many(probes)]
        self.assertEqual(found, [f"{subject}.1" for subject in reversed(people)])

    def test_what_the_items_of_a_stream_raise_is_raised(self):
        def enrolments():
            yield self.enrolment(self.people[0])
            raise OSError("the disk is gone")

        with self.assertRaises(OSError):
            list(self.client.enrol_many(enrolments()))

    def test_assessed_and_compared_without_a_gallery(self):
        ada = self.people[0]
        assessed = self.client.assess(place.samples(ada))
        self.assertTrue(all(one.quality is not None for one in assessed.assessments))
        compared = self.client.compare(place.samples(ada), place.samples(ada, "2"))
        self.assertEqual(compared.decision, Decision.MATCH)
        refused = self.refused(lambda: self.client.extract(place.samples(ada)))
        self.assertEqual(refused.reason, Reason.TEMPLATES_REFUSED)


class Galleries(Served):
    def test_looked_after_copied_and_sent(self):
        self.client.enrol(self.enrolment(self.people[0]))
        galleries = self.client.galleries
        self.assertEqual(galleries.compact(self.gallery), galleries.get(self.gallery))
        self.assertIn(self.gallery, [gallery.name for gallery in galleries.list()])
        self.assertEqual(list(galleries.scrub(self.gallery)), [])
        self.assertGreater(galleries.back_up(self.gallery).copied_bytes, 0)
        archive = io.BytesIO()
        self.assertEqual(galleries.export(self.gallery, archive), len(archive.getvalue()))
        archive.seek(0)
        self.assertTrue(tarfile.open(fileobj=archive).getnames())
        self.assertEqual(self.refused(lambda: galleries.create(self.gallery)).reason, Reason.GALLERY_EXISTS)

    def test_the_record_is_read_in_pages(self):
        self.client.enrol(self.enrolment(self.people[0]))
        self.assertEqual(self.client.galleries.reopen(self.gallery).references, 1)
        query = AuditQuery(gallery=self.gallery, page_size=1)
        first = self.client.audit(query)
        self.assertEqual(first.records[0].method, "whorl.v1.GalleryService/CreateGallery")
        second = self.client.audit(query, first.next)
        self.assertEqual(second.records[0].references, [f"{self.people[0]}.1"])
        nobody = self.client.audit(AuditQuery(client="nobody"))
        self.assertEqual((nobody.records, nobody.next, nobody.sealed), ([], "", 0))

    def test_deduplicated(self):
        for subject in self.people[:2]:
            self.client.enrol(self.enrolment(subject, check=DuplicateCheck.NONE))
        self.client.enrol(self.enrolment(self.people[0], "2", check=DuplicateCheck.NONE))
        job = self.client.jobs.start(self.gallery)
        last = list(self.client.jobs.watch(job.id))[-1]
        self.assertEqual((last.state, last.done), (JobState.DONE, 3))
        pairs = [sorted((pair.a, pair.b)) for pair in self.client.jobs.pairs(job.id)]
        self.assertEqual(pairs, [[f"{self.people[0]}.1", f"{self.people[0]}.2"]])
        self.assertEqual(list(self.client.jobs.list(self.gallery)), [self.client.jobs.get(job.id)])


class Security(Served):
    def connected(self, **options):
        client = Client(place.ADDRESS, **options)
        self.addCleanup(client.close)
        return client

    def test_roles_tokens_and_strangers(self):
        gate = self.connected(tls=place.tls("gate"))
        self.assertEqual(self.refused(lambda: gate.enrol(self.enrolment(self.people[0]))).reason, Reason.ROLE_MISSING)
        station = self.connected(tls=place.tls(), token=place.FOLDER / "enrol.token")
        self.assertTrue(station.enrol(self.enrolment(self.people[0])).is_enrolled)
        expired = self.connected(tls=place.tls(), token=place.FOLDER / "expired.token")
        self.assertEqual(self.refused(expired.galleries.list).reason, "TOKEN_EXPIRED")
        nobody = self.connected(tls=place.tls())
        self.assertEqual(self.refused(nobody.galleries.list).reason, Reason.CREDENTIALS_MISSING)

    def test_a_server_whom_nobody_vouches_for_is_not_spoken_to(self):
        other = Tls((place.FOLDER / "operator.pem").read_bytes())
        stranger = self.connected(tls=other, retry=Retry(attempts=1))
        self.assertEqual(self.refused(stranger.galleries.list).code, grpc.StatusCode.UNAVAILABLE)

    def test_a_call_ends_at_its_deadline(self):
        hasty = self.connected(tls=place.tls("operator"), deadline_s=0.001)
        refused = self.refused(lambda: hasty.enrol(self.enrolment(self.people[0])))
        self.assertEqual(refused.code, grpc.StatusCode.DEADLINE_EXCEEDED)


class Asynchronous(Served):
    def test_the_same_with_await(self):
        asyncio.run(self.everything())

    async def everything(self):
        ada, bea = self.people[:2]
        async with aio.Client(place.ADDRESS, tls=place.tls("operator")) as client:
            enrolments = [self.enrolment(ada), self.enrolment(bea)]
            answers = [one async for one in client.enrol_many(enrolments)]
            self.assertTrue(all(one.answer.is_enrolled for one in answers))
            probes = [client.identify(Probe(self.gallery, place.samples(who, "2"))) for who in (ada, bea)]
            found = [answer.found.candidates[0].id for answer in await asyncio.gather(*probes)]
            self.assertEqual(found, [f"{ada}.1", f"{bea}.1"])
            pieces = [one async for one in client.identify_stream(Probe(self.gallery, place.samples(ada, "2")))]
            self.assertEqual(pieces[0].id, f"{ada}.1")
            page = await client.audit(AuditQuery(gallery=self.gallery, method="IdentifyStream"))
            self.assertEqual(len(page.records), 1)
            verified = await client.verify(self.gallery, f"{ada}.1", place.samples(ada, "2"))
            self.assertEqual(verified.decision, Decision.MATCH)
            with self.assertRaises(CallError) as caught:
                await client.fetch(self.gallery, "nobody")
            self.assertEqual(caught.exception.reason, Reason.NOT_ENROLLED)
            archive = io.BytesIO()
            self.assertGreater(await client.galleries.export(self.gallery, archive), 0)
            job = await client.jobs.start(self.gallery)
            states = [job.state async for job in client.jobs.watch(job.id)]
            self.assertEqual(states[-1], JobState.DONE)

            async def broken():
                yield self.enrolment(self.people[2])
                raise OSError("the disk is gone")

            with self.assertRaises(OSError):
                [one async for one in client.enrol_many(broken())]


if __name__ == "__main__":
    unittest.main()
