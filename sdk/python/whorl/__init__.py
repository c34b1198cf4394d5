"""A client of Whorl: people are enrolled, looked for and verified on a server, by gRPC.

``Client`` waits for each answer; ``whorl.aio.Client`` is the same for asyncio. Calls have deadlines, which the server hears;
calls that were refused for now are tried again where asking twice does what asking once does. ::

    from pathlib import Path
    from whorl import Client, Enrolment, Position, Sample, Tls

    tls = Tls.read(authority="ca.pem")
    with Client("https://abis.example.org:7443", tls=tls, token=Path("token")) as client:
        finger = Sample(Path("right-index.png").read_bytes(), position=Position.RIGHT_INDEX)
        enrolled = client.enrol(Enrolment("nation", "F-2051", [finger]))
        print(enrolled.verdict.name)

``client.identity`` has the identity services; ``whorl.identity`` says how they are asked.
"""

from .client import Client
from .errors import AnswerError, CallError, OptionsError, Reason, SignerError, TokenError, WhorlError
from .options import Retry, Tls
from .types import (
    Assessed,
    Assessment,
    AuditPage,
    AuditQuery,
    AuditRecord,
    BackedUp,
    Candidate,
    CandidateList,
    Compared,
    Coverage,
    Decision,
    DuplicateCheck,
    Enrolled,
    EnrolledOne,
    EnrolledTemplate,
    Enrolment,
    Evidence,
    BiometricException,
    ExceptionReason,
    Extracted,
    ExtractedTemplate,
    FoundPair,
    Gallery,
    Guarantee,
    Identified,
    InstanceEvidence,
    Job,
    JobState,
    Liveness,
    LivenessOutcome,
    Modality,
    Position,
    Probe,
    Replaced,
    Sample,
    SampleRefusal,
    SearchMode,
    SearchOptions,
    Verdict,
    Verified,
)

__all__ = [
    "AnswerError",
    "Assessed",
    "Assessment",
    "AuditPage",
    "AuditQuery",
    "AuditRecord",
    "BackedUp",
    "CallError",
    "Candidate",
    "CandidateList",
    "Client",
    "Compared",
    "Coverage",
    "Decision",
    "DuplicateCheck",
    "Enrolled",
    "EnrolledOne",
    "EnrolledTemplate",
    "Enrolment",
    "Evidence",
    "ExceptionReason",
    "BiometricException",
    "Extracted",
    "ExtractedTemplate",
    "FoundPair",
    "Gallery",
    "Guarantee",
    "Identified",
    "InstanceEvidence",
    "Job",
    "JobState",
    "Liveness",
    "LivenessOutcome",
    "Modality",
    "OptionsError",
    "Position",
    "Probe",
    "Reason",
    "Replaced",
    "Retry",
    "Sample",
    "SampleRefusal",
    "SearchMode",
    "SearchOptions",
    "SignerError",
    "Tls",
    "TokenError",
    "Verdict",
    "Verified",
    "WhorlError",
]
