"""Why somebody is not authenticated."""

from __future__ import annotations

from enum import Enum

__all__ = ["RefusalCode"]


class RefusalCode(str, Enum):
    """Why somebody is not authenticated, as MOSIP says it; a server may say more than these. Each is equal to its text."""

    SIGNATURE = "IDA-MPA-001"
    OTP_NOT_ALLOWED = "IDA-MPA-005"
    NOT_ALLOWED = "IDA-MPA-006"
    PARTNER = "IDA-MPA-009"
    PARTNER_DISABLED = "IDA-MPA-012"
    KYC_NOT_ALLOWED = "IDA-MPA-013"
    REQUIRED = "IDA-MPA-015"
    POLICY_OVER = "IDA-MPA-019"
    STALE = "IDA-MLC-001"
    UIN = "IDA-MLC-002"
    VID = "IDA-MLC-004"
    VID_EXPIRED = "IDA-MLC-005"
    FLOODED = "IDA-MLC-007"
    NO_FACTOR = "IDA-MLC-008"
    INVALID = "IDA-MLC-009"
    UNSUPPORTED = "IDA-MLC-011"
    CONSENT = "IDA-MLC-012"
    OTP_NOWHERE = "IDA-MLC-014"
    UNKNOWN = "IDA-MLC-018"
    LOCKED = "IDA-MLC-019"
    OUT_OF_FORCE = "IDA-MLC-022"
    VID_ENDED = "IDA-MLC-023"
    DEMOGRAPHIC = "IDA-DEA-001"
    DEMOGRAPHIC_MISSING = "IDA-DEA-003"
    OTP_FLOODED = "IDA-OTA-001"
    OTP_NOT_SENT = "IDA-OTA-002"
    OTP_EXPIRED = "IDA-OTA-003"
    OTP_WRONG = "IDA-OTA-004"
    OTP_TRANSACTION = "IDA-OTA-005"
    OTP_NOT_SENT_FROZEN = "IDA-OTA-006"
    OTP_FROZEN = "IDA-OTA-007"
    OTP_CHANNEL = "IDA-OTA-008"
    OTP_PARTNER = "IDA-OTA-011"
    BIOMETRIC = "IDA-BIA-001"
    FINGER_TWICE = "IDA-BIA-002"
    TOO_MANY_FINGERS = "IDA-BIA-003"
    BIOMETRIC_MISSING = "IDA-BIA-006"
    IRIS_TWICE = "IDA-BIA-007"
    TOO_MANY_IRISES = "IDA-BIA-008"
    TOO_MANY_FACES = "IDA-BIA-009"
    UNUSABLE = "IDA-BIA-011"
