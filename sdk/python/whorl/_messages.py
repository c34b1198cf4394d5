"""Between values and the messages of the wire."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Iterable, TypeVar

from . import types as t
from .errors import AnswerError, CallError
from .v1 import (
    audit_pb2,
    deduplication_pb2,
    enrolment_pb2,
    evidence_pb2,
    extraction_pb2,
    gallery_pb2,
    identification_pb2,
    sample_pb2,
    verification_pb2,
)

_Word = TypeVar("_Word", bound=IntEnum)


def _told(words: type[_Word], number: int) -> _Word:
    try:
        return words(number)
    except ValueError:
        raise AnswerError(words.__name__.lower()) from None


def _number(word: IntEnum | None) -> Any:
    """The number of a word; 0 where nothing is said."""
    return int(word or 0)


def sample(value: t.Sample) -> sample_pb2.Sample:
    message = sample_pb2.Sample(
        data=value.data, modality=_number(value.modality), position=_number(value.position), ppi=value.ppi
    )
    if value.liveness is not None:
        told = value.liveness
        message.liveness.CopyFrom(
            sample_pb2.Liveness(outcome=_number(told.outcome), score=told.score, source=told.source)
        )
    return message


def samples(values: Iterable[t.Sample]) -> list[sample_pb2.Sample]:
    return [sample(value) for value in values]


def exceptions(values: Iterable[t.BiometricException]) -> list[sample_pb2.BiometricException]:
    return [
        sample_pb2.BiometricException(position=_number(value.position), reason=_number(value.reason)) for value in values
    ]


def search(value: t.SearchOptions) -> evidence_pb2.SearchOptions | None:
    if value == t.SearchOptions():
        return None
    return evidence_pb2.SearchOptions(
        candidates=value.candidates or 0,
        target_fpir=value.target_fpir,
        mode=_number(value.mode),
        any_position=value.any_position,
        mirrored=value.mirrored,
        fingers_first=value.fingers_first,
    )


def enrolment(value: t.Enrolment) -> enrolment_pb2.EnrolRequest:
    return enrolment_pb2.EnrolRequest(
        gallery=value.gallery,
        id=value.id,
        samples=samples(value.samples),
        exceptions=exceptions(value.exceptions),
        check=_number(value.check),
        search=search(value.search),
        idempotency_key=value.key or "",
    )


def probe(value: t.Probe) -> identification_pb2.IdentifyRequest:
    return identification_pb2.IdentifyRequest(
        gallery=value.gallery, samples=samples(value.samples), search=search(value.search), among=value.among
    )


def refusals(told: Iterable[sample_pb2.Refusal]) -> list[t.SampleRefusal]:
    return [t.SampleRefusal(one.sample, one.reason, one.message) for one in told]


def evidence(told: evidence_pb2.Evidence) -> t.Evidence:
    instances = [
        t.InstanceEvidence(
            _told(t.Modality, one.modality),
            _told(t.Position, one.probe),
            _told(t.Position, one.reference),
            one.similarity,
            one.llr,
            one.mirrored,
        )
        for one in told.instances
    ]
    return t.Evidence(told.llr, told.fmr, told.fmr_extrapolated, instances)


def candidate(told: evidence_pb2.Candidate) -> t.Candidate:
    return t.Candidate(told.id, told.rank, evidence(told.evidence), _told(t.Verdict, told.verdict))


def candidate_list(told: evidence_pb2.CandidateList) -> t.CandidateList:
    return t.CandidateList([candidate(one) for one in told.candidates], coverage(told.coverage), _told(t.Verdict, told.verdict))


def coverage(told: evidence_pb2.Coverage) -> t.Coverage:
    return t.Coverage(
        told.references,
        told.sequence,
        told.rows_scanned,
        told.rows_compared,
        _told(t.Guarantee, told.guarantee),
        told.rows_indexed if told.HasField("rows_indexed") else None,
        told.recall_ppm if told.HasField("recall_ppm") else None,
        told.least_recall_ppm if told.HasField("least_recall_ppm") else None,
    )


def enrolled(told: enrolment_pb2.EnrolResponse) -> t.Enrolled:
    if told.outcome not in (enrolment_pb2.ENROL_OUTCOME_ENROLLED, enrolment_pb2.ENROL_OUTCOME_NOT_ENROLLED):
        raise AnswerError("outcome")
    return t.Enrolled(
        told.sequence if told.outcome == enrolment_pb2.ENROL_OUTCOME_ENROLLED else None,
        _told(t.Verdict, told.verdict),
        candidate_list(told.found) if told.HasField("found") else None,
        refusals(told.refusals),
        told.templates,
    )


def enrolled_one(told: enrolment_pb2.EnrolManyResponse) -> t.EnrolledOne:
    if told.WhichOneof("result") == "problem":
        problem = told.problem
        error = CallError.numbered(problem.code, problem.reason, problem.message)
        return t.EnrolledOne(told.number, told.id, None, error)
    return t.EnrolledOne(told.number, told.id, enrolled(told.answer), None)


def replaced(told: enrolment_pb2.ReplaceResponse) -> t.Replaced:
    return t.Replaced(told.sequence, refusals(told.refusals), told.templates)


def fetched(told: enrolment_pb2.FetchResponse) -> list[t.EnrolledTemplate]:
    return [
        t.EnrolledTemplate(_told(t.Modality, one.modality), _told(t.Position, one.position), one.template)
        for one in told.templates
    ]


def identified(told: identification_pb2.IdentifyResponse) -> t.Identified:
    return t.Identified(candidate_list(told.found), refusals(told.refusals))


def finding(told: identification_pb2.IdentifyStreamResponse) -> t.Candidate | t.Identified:
    event = told.WhichOneof("event")
    if event is None:
        raise AnswerError("event")
    return candidate(told.candidate) if event == "candidate" else identified(told.done)


def audit_page(told: audit_pb2.ListRecordsResponse) -> t.AuditPage:
    records = [
        t.AuditRecord(
            one.sequence,
            one.time_unix_ms,
            one.client,
            one.method,
            one.gallery,
            list(one.references),
            one.purpose,
            one.outcome,
            one.request,
            one.detail_sha256,
            one.hash,
        )
        for one in told.records
    ]
    return t.AuditPage(records, told.next_page_token, told.damaged, told.sealed)


def verified(told: verification_pb2.VerifyResponse) -> t.Verified:
    return t.Verified(_told(t.Decision, told.decision), evidence(told.evidence), refusals(told.refusals))


def compared(told: verification_pb2.CompareResponse) -> t.Compared:
    return t.Compared(
        _told(t.Decision, told.decision),
        evidence(told.evidence),
        refusals(told.probe_refusals),
        refusals(told.reference_refusals),
    )


def extracted(told: extraction_pb2.ExtractResponse) -> t.Extracted:
    templates = [
        t.ExtractedTemplate(
            one.sample,
            _told(t.Modality, one.modality),
            _told(t.Position, one.position),
            one.template,
            one.quality if one.HasField("quality") else None,
        )
        for one in told.templates
    ]
    return t.Extracted(templates, refusals(told.refusals))


def assessed(told: extraction_pb2.AssessResponse) -> t.Assessed:
    assessments = [
        t.Assessment(
            one.sample,
            _told(t.Modality, one.modality),
            _told(t.Position, one.position),
            one.quality if one.HasField("quality") else None,
            one.algorithm,
        )
        for one in told.assessments
    ]
    return t.Assessed(assessments, refusals(told.refusals))


def gallery(told: gallery_pb2.Gallery) -> t.Gallery:
    return t.Gallery(
        told.name,
        told.references,
        told.sequence,
        told.fingers,
        told.irises,
        told.faces,
        told.segments,
        told.unsealed,
        told.removed,
        told.hot_bytes,
        told.cold_bytes,
    )


def backed_up(told: gallery_pb2.BackUpGalleryResponse) -> t.BackedUp:
    return t.BackedUp(told.folder, told.sequence, told.copied_bytes)


def job(told: deduplication_pb2.Job) -> t.Job:
    return t.Job(
        told.id,
        told.gallery,
        _told(t.JobState, told.state),
        told.done,
        told.total,
        told.pairs,
        told.error,
        told.started_unix_ms,
    )


def pair(told: deduplication_pb2.ListPairsResponse) -> t.FoundPair:
    return t.FoundPair(told.a, told.b, told.llr, _told(t.Verdict, told.verdict))
