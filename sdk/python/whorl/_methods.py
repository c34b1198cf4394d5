"""The methods of a server: their paths, their messages, and what asking twice does."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any, Callable, Generic, TypeVar

import grpc

from . import _messages as m
from . import types as t
from .v1 import audit_pb2 as audit
from .v1 import deduplication_pb2 as dedup
from .v1 import enrolment_pb2 as enrolment
from .v1 import extraction_pb2 as extraction
from .v1 import gallery_pb2 as gallery
from .v1 import identification_pb2 as identification
from .v1 import verification_pb2 as verification

Answer = TypeVar("Answer")

# What is asked again where asking twice does what asking once does, and where the server surely did not begin.
FREELY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.ABORTED)
WHEN_REFUSED = (grpc.StatusCode.RESOURCE_EXHAUSTED,)


@dataclass(frozen=True)
class Method(Generic[Answer]):
    """A method of a server."""

    path: str
    #: The message that it answers with.
    response: Any
    #: What that is.
    answer: Callable[[Any], Answer]
    #: After which codes it is asked again.
    repeated: tuple[Any, ...] = FREELY


ENROL = Method("/whorl.v1.EnrolmentService/Enrol", enrolment.EnrolResponse, m.enrolled)
ENROL_MANY = Method("/whorl.v1.EnrolmentService/EnrolMany", enrolment.EnrolManyResponse, m.enrolled_one, ())
REPLACE = Method("/whorl.v1.EnrolmentService/Replace", enrolment.ReplaceResponse, m.replaced)
REMOVE = Method[int](
    "/whorl.v1.EnrolmentService/Remove", enrolment.RemoveResponse, lambda told: int(told.sequence), WHEN_REFUSED
)
FETCH = Method("/whorl.v1.EnrolmentService/Fetch", enrolment.FetchResponse, m.fetched)
IDENTIFY = Method("/whorl.v1.IdentificationService/Identify", identification.IdentifyResponse, m.identified)
IDENTIFY_MANY = Method[t.Identified](
    "/whorl.v1.IdentificationService/IdentifyMany",
    identification.IdentifyManyResponse,
    lambda told: m.identified(told.answer),
    (),
)
IDENTIFY_STREAM = Method(
    "/whorl.v1.IdentificationService/IdentifyStream", identification.IdentifyStreamResponse, m.finding, ()
)
VERIFY = Method("/whorl.v1.VerificationService/Verify", verification.VerifyResponse, m.verified)
COMPARE = Method("/whorl.v1.VerificationService/Compare", verification.CompareResponse, m.compared)
EXTRACT = Method("/whorl.v1.ExtractionService/Extract", extraction.ExtractResponse, m.extracted)
ASSESS = Method("/whorl.v1.ExtractionService/Assess", extraction.AssessResponse, m.assessed)
CREATE_GALLERY = Method[t.Gallery](
    "/whorl.v1.GalleryService/CreateGallery",
    gallery.CreateGalleryResponse,
    lambda told: m.gallery(told.gallery),
    WHEN_REFUSED,
)
LIST_GALLERIES = Method[list[t.Gallery]](
    "/whorl.v1.GalleryService/ListGalleries",
    gallery.ListGalleriesResponse,
    lambda told: [m.gallery(one) for one in told.galleries],
)
GET_GALLERY = Method[t.Gallery](
    "/whorl.v1.GalleryService/GetGallery", gallery.GetGalleryResponse, lambda told: m.gallery(told.gallery)
)
COMPACT_GALLERY = Method[t.Gallery](
    "/whorl.v1.GalleryService/CompactGallery", gallery.CompactGalleryResponse, lambda told: m.gallery(told.gallery)
)
SCRUB_GALLERY = Method[list[str]](
    "/whorl.v1.GalleryService/ScrubGallery", gallery.ScrubGalleryResponse, lambda told: list(told.flaws)
)
BACK_UP_GALLERY = Method("/whorl.v1.GalleryService/BackUpGallery", gallery.BackUpGalleryResponse, m.backed_up)
REOPEN_GALLERY = Method[t.Gallery](
    "/whorl.v1.GalleryService/ReopenGallery",
    gallery.ReopenGalleryResponse,
    lambda told: m.gallery(told.gallery),
    WHEN_REFUSED,
)
EXPORT_GALLERY = Method[bytes](
    "/whorl.v1.GalleryService/ExportGallery", gallery.ExportGalleryResponse, lambda told: bytes(told.piece)
)
START_JOB = Method[t.Job](
    "/whorl.v1.DeduplicationService/StartJob", dedup.StartJobResponse, lambda told: m.job(told.job), WHEN_REFUSED
)
GET_JOB = Method[t.Job](
    "/whorl.v1.DeduplicationService/GetJob", dedup.GetJobResponse, lambda told: m.job(told.job)
)
LIST_JOBS = Method[list[t.Job]](
    "/whorl.v1.DeduplicationService/ListJobs", dedup.ListJobsResponse, lambda told: [m.job(one) for one in told.jobs]
)
WATCH_JOB = Method[t.Job](
    "/whorl.v1.DeduplicationService/WatchJob", dedup.WatchJobResponse, lambda told: m.job(told.job)
)
CANCEL_JOB = Method[t.Job](
    "/whorl.v1.DeduplicationService/CancelJob", dedup.CancelJobResponse, lambda told: m.job(told.job), WHEN_REFUSED
)
RESUME_JOB = Method[t.Job](
    "/whorl.v1.DeduplicationService/ResumeJob", dedup.ResumeJobResponse, lambda told: m.job(told.job), WHEN_REFUSED
)
LIST_PAIRS = Method("/whorl.v1.DeduplicationService/ListPairs", dedup.ListPairsResponse, m.pair)

AUDIT = Method("/whorl.v1.AuditService/ListRecords", audit.ListRecordsResponse, m.audit_page)


def enrol(asked: t.Enrolment) -> enrolment.EnrolRequest:
    """The request, with a key of 128 random bits where there is none: so it can be asked again."""
    return m.enrolment(asked if asked.key else replace(asked, key=secrets.token_hex(16)))


def enrol_many(asked: t.Enrolment) -> enrolment.EnrolManyRequest:
    return enrolment.EnrolManyRequest(enrol=m.enrolment(asked))


def identify_stream(asked: t.Probe) -> identification.IdentifyStreamRequest:
    return identification.IdentifyStreamRequest(identify=m.probe(asked))


def identify_many(asked: t.Probe) -> identification.IdentifyManyRequest:
    return identification.IdentifyManyRequest(identify=m.probe(asked))


def replace_request(gallery: str, id: str, samples: Any, exceptions: Any) -> enrolment.ReplaceRequest:
    return enrolment.ReplaceRequest(
        gallery=gallery, id=id, samples=m.samples(samples), exceptions=m.exceptions(exceptions)
    )


def verify_request(
    gallery: str, id: str, samples: Any, target_fmr: float | None, mirrored: bool
) -> verification.VerifyRequest:
    return verification.VerifyRequest(
        gallery=gallery, id=id, samples=m.samples(samples), target_fmr=target_fmr, mirrored=mirrored
    )


def compare_request(probe: Any, reference: Any, target_fmr: float | None, mirrored: bool) -> verification.CompareRequest:
    return verification.CompareRequest(
        probe=m.samples(probe), reference=m.samples(reference), target_fmr=target_fmr, mirrored=mirrored
    )


def start_job(gallery: str, search: t.SearchOptions) -> dedup.StartJobRequest:
    return dedup.StartJobRequest(gallery=gallery, search=m.search(search))


def audit_request(query: t.AuditQuery, after: str) -> audit.ListRecordsRequest:
    return audit.ListRecordsRequest(
        reference=query.reference,
        client=query.client,
        gallery=query.gallery,
        method=query.method,
        since_unix_ms=query.since_unix_ms,
        before_unix_ms=query.before_unix_ms,
        page_size=query.page_size,
        page_token=after,
    )
