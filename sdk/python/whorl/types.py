"""What is sent and answered. Numbers of enumerations are those of the wire."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Sequence

from .errors import CallError


class Modality(IntEnum):
    """A biometric characteristic."""

    FINGERPRINT = 1
    IRIS = 2
    FACE = 3


class Position(IntEnum):
    """Which finger, eye or face; fingers as in ISO/IEC 19794."""

    UNKNOWN = 0
    RIGHT_THUMB = 1
    RIGHT_INDEX = 2
    RIGHT_MIDDLE = 3
    RIGHT_RING = 4
    RIGHT_LITTLE = 5
    LEFT_THUMB = 6
    LEFT_INDEX = 7
    LEFT_MIDDLE = 8
    LEFT_RING = 9
    LEFT_LITTLE = 10
    RIGHT_EYE = 11
    LEFT_EYE = 12
    FACE = 13

    @classmethod
    def named(cls, word: str) -> Position:
        """The position of a word of manifests and the command line, such as ``right-index``, or ``left`` for an eye."""
        eyes = {"right": cls.RIGHT_EYE, "left": cls.LEFT_EYE}
        try:
            return eyes[word] if word in eyes else cls[word.upper().replace("-", "_")]
        except KeyError:
            raise ValueError(f'"{word}" names no position') from None


class Verdict(IntEnum):
    """What follows from a search for a person."""

    UNIQUE = 1
    ADJUDICATE = 2
    DUPLICATE = 3


class Decision(IntEnum):
    """The answer of a comparison."""

    MATCH = 1
    NON_MATCH = 2


class DuplicateCheck(IntEnum):
    """What is searched for before somebody is enrolled."""

    #: Enrolled only where the verdict is unique.
    UNIQUE = 1
    #: Enrolled unless the verdict is duplicate: who is to be adjudicated is enrolled meanwhile.
    UNLESS_DUPLICATE = 2
    #: Enrolled without a search.
    NONE = 3


class SearchMode(IntEnum):
    """What a search compares in full."""

    #: What a first stage over everybody finds most alike.
    CASCADE = 1
    #: Everything.
    EXACT = 2


class Guarantee(IntEnum):
    """What a search promises about those whom it does not name."""

    EXHAUSTIVE = 1
    MEASURED = 2
    APPROXIMATE = 3


class LivenessOutcome(IntEnum):
    """What a detection of presentation attacks decided (ISO/IEC 30107-3)."""

    LIVE = 1
    ATTACK = 2
    UNDECIDED = 3


class ExceptionReason(IntEnum):
    """Why a characteristic of a person could not be captured."""

    MISSING = 1
    INJURED = 2
    UNREADABLE = 3
    DECLINED = 4


class JobState(IntEnum):
    """Where a deduplication is."""

    RUNNING = 1
    CANCELLED = 2
    FAILED = 3
    DONE = 4


@dataclass(frozen=True)
class Liveness:
    """What somebody says of the liveness of a sample."""

    outcome: LivenessOutcome
    #: Who says so: 1 to 64 bytes.
    source: str
    #: How sure he is that a person was there, 0 to 100 on his own scale.
    score: int | None = None


@dataclass(frozen=True)
class Sample:
    """A picture, or a record of ISO/IEC 19794 or ANSI/INCITS 378."""

    #: The file. It is never printed.
    data: bytes = field(repr=False)
    position: Position = Position.UNKNOWN
    #: What it shows, where neither the position nor the file says so.
    modality: Modality | None = None
    #: Pixels per inch, 50 to 4,000, where the file does not say it or is wrong; fingerprints only.
    ppi: int | None = None
    liveness: Liveness | None = None


@dataclass(frozen=True)
class BiometricException:
    """A characteristic that was not captured, and why."""

    position: Position
    reason: ExceptionReason


@dataclass(frozen=True)
class SampleRefusal:
    """A readable sample that gave no template: something to capture again, and no fault."""

    #: The number of the sample in its request, from 0.
    sample: int
    #: Why, as a word for programs, such as ``too-blurred``.
    reason: str
    #: Why, and what to do, for people.
    message: str


@dataclass(frozen=True)
class SearchOptions:
    """How a gallery is searched; what is left out is as the server's configuration says."""

    #: The most candidates, 1 to 10,000.
    candidates: int | None = None
    #: How often a search for somebody who is not there may end with a duplicate, above 0 and below 1.
    target_fpir: float | None = None
    mode: SearchMode | None = None
    #: Whether labels of fingers and eyes are not trusted. Ten times the work.
    any_position: bool = False
    #: Whether eyes are also looked for as a mirror shows them.
    mirrored: bool = False
    #: Of a cascade: how many fingers of everybody are scanned first, 1 to 10.
    fingers_first: int | None = None


@dataclass(frozen=True)
class Enrolment:
    """Somebody to enrol."""

    gallery: str
    #: What he is called there: 1 to 64 bytes that say nothing of the person.
    id: str
    #: What was captured of him, 1 to 64 samples.
    samples: Sequence[Sample]
    exceptions: Sequence[BiometricException] = ()
    #: Whether he is searched for before; None, as the server's configuration says.
    check: DuplicateCheck | None = None
    search: SearchOptions = SearchOptions()
    #: The idempotency key, at most 64 bytes: the same enrolment with the same key is done once. ``Client.enrol`` makes one where
    #: there is none; ``enrol_many`` sends keys as they are given.
    key: str | None = None


@dataclass(frozen=True)
class Probe:
    """Somebody to look for."""

    gallery: str
    #: What was captured of him, 1 to 64 samples.
    samples: Sequence[Sample]
    search: SearchOptions = SearchOptions()
    #: Where not empty, only these are compared, all in full.
    among: Sequence[str] = ()


@dataclass(frozen=True)
class InstanceEvidence:
    """The evidence of one finger, eye or face."""

    modality: Modality
    probe: Position
    reference: Position
    #: The comparator's own score.
    similarity: int
    #: What it is worth, a natural logarithm.
    llr: float
    #: Whether the eye was found as a mirror shows it.
    mirrored: bool


@dataclass(frozen=True)
class Evidence:
    """All that speaks for or against two sets of samples being of one person."""

    #: The natural logarithm of the likelihood ratio of mates to strangers; above 0 speaks for one person.
    llr: float
    #: The false match rate that a threshold at this evidence would have.
    fmr: float
    #: Whether that rate is extrapolated beyond what the calibration was fitted on.
    fmr_extrapolated: bool
    instances: list[InstanceEvidence]

    @property
    def bans(self) -> float:
        """The evidence as a decimal logarithm."""
        return self.llr / math.log(10)


@dataclass(frozen=True)
class Candidate:
    """A reference that a probe resembles."""

    id: str
    #: From 1, strongest evidence first.
    rank: int
    evidence: Evidence
    verdict: Verdict


@dataclass(frozen=True)
class Coverage:
    """What a search covered."""

    references: int
    #: The number of the gallery's last change that the search saw.
    sequence: int
    rows_scanned: int
    rows_compared: int
    guarantee: Guarantee
    #: Of an approximate search: faces that only the index looked for, and what it finds of mates, in millionths.
    rows_indexed: int | None = None
    recall_ppm: int | None = None
    least_recall_ppm: int | None = None


@dataclass(frozen=True)
class CandidateList:
    """What a gallery knows of a person."""

    #: Strongest evidence first, ties by id.
    candidates: list[Candidate]
    coverage: Coverage
    #: What follows from the strongest candidate.
    verdict: Verdict


@dataclass(frozen=True)
class Enrolled:
    """What became of somebody."""

    #: The number of the change that enrolled him; None where he is not, and the candidates say why.
    sequence: int | None
    verdict: Verdict
    #: Whom he resembles; None where there was no search.
    found: CandidateList | None
    refusals: list[SampleRefusal]
    #: How many templates were taken.
    templates: int

    @property
    def is_enrolled(self) -> bool:
        """Whether he is enrolled."""
        return self.sequence is not None


@dataclass(frozen=True)
class EnrolledOne:
    """What became of one of many."""

    #: The number of the enrolment in the stream, from 0.
    number: int
    id: str
    #: What became of him, or None.
    answer: Enrolled | None
    #: Why there is no answer, or None.
    error: CallError | None


@dataclass(frozen=True)
class Replaced:
    """What was kept of somebody whose samples were replaced."""

    sequence: int
    refusals: list[SampleRefusal]
    templates: int


@dataclass(frozen=True)
class EnrolledTemplate:
    """A template in a gallery."""

    modality: Modality
    position: Position
    #: In Whorl's format; empty unless it was asked for. It is never printed.
    template: bytes = field(repr=False)


@dataclass(frozen=True)
class Identified:
    """Who somebody may be."""

    found: CandidateList
    refusals: list[SampleRefusal]


@dataclass(frozen=True)
class Verified:
    """What is to be said of a claim."""

    decision: Decision
    evidence: Evidence
    refusals: list[SampleRefusal]


@dataclass(frozen=True)
class Compared:
    """What is to be said of two sets of samples."""

    decision: Decision
    evidence: Evidence
    probe_refusals: list[SampleRefusal]
    reference_refusals: list[SampleRefusal]


@dataclass(frozen=True)
class ExtractedTemplate:
    """A template of a sample."""

    #: The number of the sample, from 0.
    sample: int
    modality: Modality
    position: Position
    #: In Whorl's format. It is never printed.
    template: bytes = field(repr=False)
    #: What the sample is worth, 0 to 100, where it is known.
    quality: int | None


@dataclass(frozen=True)
class Extracted:
    """Templates of samples."""

    templates: list[ExtractedTemplate]
    refusals: list[SampleRefusal]


@dataclass(frozen=True)
class Assessment:
    """What a sample is worth."""

    #: The number of the sample, from 0.
    sample: int
    modality: Modality
    position: Position
    #: 0 is worthless, 100 as good as it gets; None where it is not known.
    quality: int | None
    #: The algorithm that says so.
    algorithm: str


@dataclass(frozen=True)
class Assessed:
    """What samples are worth."""

    assessments: list[Assessment]
    refusals: list[SampleRefusal]


@dataclass(frozen=True)
class Gallery:
    """What is in a gallery."""

    name: str
    references: int
    sequence: int
    fingers: int
    irises: int
    faces: int
    segments: int
    unsealed: int
    removed: int
    hot_bytes: int
    cold_bytes: int


@dataclass(frozen=True)
class BackedUp:
    """A copy of a gallery on the server."""

    folder: str
    sequence: int
    copied_bytes: int


@dataclass(frozen=True)
class Job:
    """A deduplication."""

    id: str
    gallery: str
    state: JobState
    done: int
    total: int
    pairs: int
    #: Why it failed; empty where it did not.
    error: str
    started_unix_ms: int


@dataclass(frozen=True)
class FoundPair:
    """Two references that may be one person."""

    a: str
    b: str
    llr: float
    verdict: Verdict


@dataclass(frozen=True)
class AuditQuery:
    """Which lines of a server's record to read; what is left out asks for all."""

    reference: str = ""
    #: Named as the record names it, such as ``certificate CN=station-7``.
    client: str = ""
    gallery: str = ""
    #: Such as ``Identify``.
    method: str = ""
    since_unix_ms: int | None = None
    before_unix_ms: int | None = None
    #: The most lines of a page, 1 to 1,000; 0 leaves it to the server.
    page_size: int = 0


@dataclass(frozen=True)
class AuditRecord:
    """A line of a server's record."""

    #: From 1, without gaps.
    sequence: int
    time_unix_ms: int
    client: str
    method: str
    gallery: str
    references: list[str]
    purpose: str
    #: ``OK``, or the reason of an error.
    outcome: str
    request: str
    detail_sha256: str
    hash: str


@dataclass(frozen=True)
class AuditPage:
    """A page of a server's record."""

    #: Oldest first. There may be none though more follow.
    records: list[AuditRecord]
    #: Where to go on; empty at the end.
    next: str
    #: Lines of this stretch that are damaged.
    damaged: int
    #: Lines of this stretch that are sealed, for which the server has no key.
    sealed: int
