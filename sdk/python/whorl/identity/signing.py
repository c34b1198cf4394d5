"""A partner's own side: what it asks, and that it is signed."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Callable

from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message

from ..errors import SignerError
from . import messages as m

__all__ = ["Partner", "Signer", "SigningAlgorithm", "claim"]

# Bytes of a number of P-256; a signature by ES256 is two of them (RFC 7518, section 3.4).
_NUMBER_BYTES = 32


class SigningAlgorithm(str, Enum):
    """How a signature is made."""

    #: ECDSA on P-256 with SHA-256.
    ES256 = "ES256"
    #: RSA (PKCS #1, version 1.5) with SHA-256.
    RS256 = "RS256"


class Signer:
    """Signs what a partner asks. Its key is never printed.

    ``sign`` is for keys that lie in a security module or with a service: it is given the bytes to sign, and gives the signature as a
    JWS has it (RFC 7518): of ES256 64 bytes, r and s; of RS256 those of PKCS #1. ``key_id`` is what the server knows the key by.
    """

    def __init__(
        self, algorithm: SigningAlgorithm, sign: Callable[[bytes], bytes], key_id: str | None = None
    ) -> None:
        self._algorithm, self._sign, self._key_id = algorithm, sign, key_id
        self._public: dict[str, str] | None = None

    @classmethod
    def from_pem(cls, pem: str | bytes, key_id: str | None = None) -> Signer:
        """Signs with a secret key in PEM: by ES256 with one of P-256, by RS256 with one of RSA.

        The key is called by its thumbprint (RFC 7638) unless ``key_id`` says otherwise. It needs the package ``cryptography``, which
        ``pip install whorl[signing]`` brings.
        """
        algorithm, sign, public = _held(pem.encode() if isinstance(pem, str) else pem)
        signer = cls(algorithm, sign, key_id or _thumbprint(public))
        signer._public = public
        return signer

    def public_keys(self) -> str | None:
        """The public key as a JSON Web Key Set, as ``PartnerTerms.keys`` takes it; None of a key that lies elsewhere."""
        if self._public is None:
            return None
        more = {"alg": self._algorithm.value, "kid": self._key_id}
        return json.dumps({"keys": [self._public | more]})

    def sign(self, body: bytes) -> str:
        """A detached JWS over ``body`` (RFC 7515, appendix F)."""
        header = {"alg": self._algorithm.value} | ({"kid": self._key_id} if self._key_id else {})
        protected = _text(json.dumps(header).encode())
        signature = self._sign(f"{protected}.{_text(body)}".encode())
        if self._algorithm is SigningAlgorithm.ES256 and len(signature) != 2 * _NUMBER_BYTES:
            raise SignerError(
                f"what signs for the partner gave {len(signature)} bytes: a signature by ES256 is {2 * _NUMBER_BYTES}, r and s, and not DER"
            )
        return f"{protected}..{_text(signature)}"

    def __repr__(self) -> str:
        return f"Signer({self._algorithm.value}, {self._key_id or 'no name'})"


@dataclass(frozen=True)
class Partner:
    """A partner, as it makes itself known to the server."""

    id: str
    #: It is never printed.
    api_key: str = field(repr=False)
    #: What signs for it; needed where it has public keys at the server.
    signer: Signer | None = None

    def authenticate(self, claim: m.AuthenticationClaim) -> m.AuthenticateRequest:
        """The request by which it asks whether somebody is who he claims to be; signed where it has a signer."""
        if self.signer is None:
            return m.AuthenticateRequest(partner=self.id, api_key=self.api_key, claim=claim)
        return m.AuthenticateRequest(partner=self.id, api_key=self.api_key, signed=_signed(self.signer, claim))

    def send_otp(self, claim: m.OtpClaim) -> m.SendOtpRequest:
        """The request by which it has a one-time password sent; signed where it has a signer."""
        if self.signer is None:
            return m.SendOtpRequest(partner=self.id, api_key=self.api_key, claim=claim)
        return m.SendOtpRequest(partner=self.id, api_key=self.api_key, signed=_signed(self.signer, claim))


def claim(id: str, purpose: str) -> m.AuthenticationClaim:
    """A claim that is new: its transaction is drawn by chance, it is made now.

    What shows that somebody is the one of ``id``, and that he agreed, is for the caller to add.
    """
    return m.AuthenticationClaim(
        id=id, purpose=purpose, transaction=secrets.token_hex(16), at_unix_ms=time.time_ns() // 1_000_000
    )


def _signed(signer: Signer, claim: Message) -> m.SignedJson:
    body = MessageToJson(claim, indent=None).encode()
    return m.SignedJson(json=body, jws=signer.sign(body))


def _held(pem: bytes) -> tuple[SigningAlgorithm, Callable[[bytes], bytes], dict[str, str]]:
    """How a key signs, by what, and its public half as a JSON Web Key."""
    try:
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    except ImportError as error:
        raise SignerError("signing with a key in PEM needs the package cryptography: pip install whorl[signing]") from error
    try:
        key = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        raise SignerError("this is no secret key in PEM, or one that a password protects") from error
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        curve_key, point = key, key.public_key().public_numbers()

        def by_curve(data: bytes) -> bytes:
            r, s = decode_dss_signature(curve_key.sign(data, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(_NUMBER_BYTES, "big") + s.to_bytes(_NUMBER_BYTES, "big")

        x, y = (_text(number.to_bytes(_NUMBER_BYTES, "big")) for number in (point.x, point.y))
        return SigningAlgorithm.ES256, by_curve, {"kty": "EC", "crv": "P-256", "x": x, "y": y}
    if isinstance(key, rsa.RSAPrivateKey):
        rsa_key, numbers = key, key.public_key().public_numbers()
        n, e = (_text(number.to_bytes((number.bit_length() + 7) // 8, "big")) for number in (numbers.n, numbers.e))
        by_rsa = lambda data: rsa_key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return SigningAlgorithm.RS256, by_rsa, {"kty": "RSA", "n": n, "e": e}
    raise SignerError("this is no key of P-256 or RSA")


def _thumbprint(public: dict[str, Any]) -> str:
    """What a key is called: the hash of its members in the order of their names (RFC 7638)."""
    return _text(hashlib.sha256(json.dumps(public, sort_keys=True, separators=(",", ":")).encode()).digest())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
