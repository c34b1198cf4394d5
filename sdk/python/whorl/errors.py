"""Why there is no answer."""

from __future__ import annotations

from enum import Enum
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2

__all__ = ["AnswerError", "CallError", "OptionsError", "Reason", "SignerError", "TokenError", "WhorlError"]

# What may go well when it is asked again.
_MAY_PASS = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.ABORTED)

# A call that was cancelled so little before its deadline was cancelled for it.
_AT_THE_END_S = 0.02

_DETAILS = "grpc-status-details-bin"


class Reason(str, Enum):
    """Why a call failed, for programs; a server may say more words than these. Each is equal to its text."""

    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    UNREADABLE_SAMPLE = "UNREADABLE_SAMPLE"
    TEMPLATES_REFUSED = "TEMPLATES_REFUSED"
    NOTHING_TO_COMPARE = "NOTHING_TO_COMPARE"
    ATTACK_REPORTED = "ATTACK_REPORTED"
    GALLERY_NOT_FOUND = "GALLERY_NOT_FOUND"
    GALLERY_EXISTS = "GALLERY_EXISTS"
    GALLERY_RESERVED = "GALLERY_RESERVED"
    NOT_ENROLLED = "NOT_ENROLLED"
    ALREADY_ENROLLED = "ALREADY_ENROLLED"
    JOB_NOT_FOUND = "JOB_NOT_FOUND"
    JOB_STATE = "JOB_STATE"
    OTHER_VERSION = "OTHER_VERSION"
    KEY_REUSED = "KEY_REUSED"
    IN_PROGRESS = "IN_PROGRESS"
    OVERLOADED = "OVERLOADED"
    GIVEN_UP = "GIVEN_UP"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    DAMAGED = "DAMAGED"
    ROLE_MISSING = "ROLE_MISSING"
    STORAGE_FAILED = "STORAGE_FAILED"
    AUDIT_FAILED = "AUDIT_FAILED"
    INTERNAL = "INTERNAL"
    IDENTITY_OFF = "IDENTITY_OFF"
    CLOSING = "CLOSING"
    REGISTRATION_EXISTS = "REGISTRATION_EXISTS"
    REGISTRATION_NOT_FOUND = "REGISTRATION_NOT_FOUND"
    REGISTRATION_ERASED = "REGISTRATION_ERASED"
    REGISTRATION_IN_PROGRESS = "REGISTRATION_IN_PROGRESS"
    NO_NUMBER_LEFT = "NO_NUMBER_LEFT"
    CASE_NOT_FOUND = "CASE_NOT_FOUND"
    CASE_SETTLED = "CASE_SETTLED"
    CASE_IN_CONFLICT = "CASE_IN_CONFLICT"
    CASE_NOT_IN_CONFLICT = "CASE_NOT_IN_CONFLICT"
    NOT_IMPARTIAL = "NOT_IMPARTIAL"
    NOT_ASSIGNED = "NOT_ASSIGNED"
    NOT_IN_CASE = "NOT_IN_CASE"
    FILE_NOT_FOUND = "FILE_NOT_FOUND"
    FILE_NOT_KEPT = "FILE_NOT_KEPT"
    NO_PICTURE = "NO_PICTURE"
    IDENTITY_NOT_FOUND = "IDENTITY_NOT_FOUND"
    IDENTITY_STATUS = "IDENTITY_STATUS"
    VID_NOT_FOUND = "VID_NOT_FOUND"
    VID_POLICY = "VID_POLICY"
    NO_ISSUER_KEY = "NO_ISSUER_KEY"
    CREDENTIAL_REFUSED = "CREDENTIAL_REFUSED"
    CREDENTIAL_TOO_LARGE = "CREDENTIAL_TOO_LARGE"
    CREDENTIAL_NOT_FOUND = "CREDENTIAL_NOT_FOUND"
    TOO_MANY_CREDENTIALS = "TOO_MANY_CREDENTIALS"
    STATUS_LIST_NOT_FOUND = "STATUS_LIST_NOT_FOUND"
    PARTNER_NOT_FOUND = "PARTNER_NOT_FOUND"
    PARTNER_EXISTS = "PARTNER_EXISTS"
    CREDENTIALS_MISSING = "CREDENTIALS_MISSING"
    TOKENS_NOT_TAKEN = "TOKENS_NOT_TAKEN"
    RATE_LIMITED = "RATE_LIMITED"
    CONCURRENCY_LIMITED = "CONCURRENCY_LIMITED"


class WhorlError(Exception):
    """Whatever goes wrong."""


class OptionsError(WhorlError, ValueError):
    """The server cannot be reached in the way that was asked for."""


class TokenError(WhorlError):
    """There is no token."""


class SignerError(WhorlError):
    """There is no signature over what a partner asks."""


class AnswerError(WhorlError):
    """The server's answer cannot be understood: it is newer than this client, or no server of Whorl."""

    def __init__(self, lacks: str) -> None:
        super().__init__(f"the server's answer has no {lacks} that this version understands")


class CallError(WhorlError):
    """The server said no, or said nothing."""

    def __init__(
        self, code: grpc.StatusCode, message: str, reason: str | None = None, wait_s: float | None = None
    ) -> None:
        super().__init__(f"{message} ({reason or code.name})")
        #: The code of gRPC.
        self.code = code
        #: What happened and what to do, for people.
        self.message = message
        #: Why, for programs: one of ``Reason``, or a newer word; None where the server did not say, or was not reached.
        self.reason = reason
        #: When the server wants to be asked again at the earliest, where it said so.
        self.wait_s = wait_s

    @property
    def may_pass(self) -> bool:
        """Whether the same may go well later."""
        return self.code in _MAY_PASS

    @classmethod
    def of(cls, error: Any) -> CallError:
        """What an error of grpc says."""
        reason, wait_s = None, None
        for key, value in error.trailing_metadata() or ():
            if key != _DETAILS:
                continue
            for detail in status_pb2.Status.FromString(value).details:
                info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
                if detail.Unpack(info):
                    reason = info.reason or None
                elif detail.Unpack(retry):
                    wait_s = retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9
        return cls(error.code(), error.details() or "there was no answer", reason, wait_s)

    def in_time(self, left_s: float, deadline_s: float) -> CallError:
        """The same, or that the time was over: a server that keeps the time, too, cancels a call a little before its end."""
        if self.code != grpc.StatusCode.CANCELLED or left_s > _AT_THE_END_S:
            return self
        return CallError(grpc.StatusCode.DEADLINE_EXCEEDED, f"there was no answer within {deadline_s:.1f} s")

    @classmethod
    def numbered(cls, number: int, reason: str, message: str) -> CallError:
        """What a problem within a stream says."""
        codes = {code.value[0]: code for code in grpc.StatusCode}
        return cls(codes.get(number, grpc.StatusCode.UNKNOWN), message, reason or None)
