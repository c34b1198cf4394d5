"""How a server is reached."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Union
from urllib.parse import urlsplit

import grpc

from .errors import OptionsError, TokenError

__all__ = ["Retry", "Tls", "TokenSource"]

#: A token, the file that holds one and is read anew for every call, or what gives one.
TokenSource = Union[str, Path, Callable[[], str]]

# The most bytes of an answer: ten thousand candidates with the evidence of ten fingers, two eyes and a face each, and room.
_MAX_ANSWER_BYTES = 64 << 20

# How often a connection with calls is asked whether the server is still there, and how long it may take to say so.
_PING_MS, _PING_ANSWER_MS = 20_000, 10_000

# The longest token, twice what a server takes in the head of a request.
_MAX_TOKEN_BYTES = 64 << 10


@dataclass(frozen=True)
class Tls:
    """Whom to believe, and who this client is; all PEM."""

    #: The certificates of those who sign the server's.
    authority: bytes
    #: The certificate by which the server knows this client, and those between it and its root.
    certificate: bytes | None = None
    #: Its key.
    key: bytes | None = field(default=None, repr=False)
    #: The name in the server's certificate, where it is not the host of the address.
    server_name: str | None = None

    @classmethod
    def read(
        cls, authority: str | Path, certificate: str | Path | None = None, key: str | Path | None = None
    ) -> Tls:
        """What is in these files."""
        if (certificate is None) != (key is None):
            raise OptionsError("a client's certificate and its key go together: give both")
        pair = (Path(certificate).read_bytes(), Path(key).read_bytes()) if certificate and key else (None, None)
        return cls(Path(authority).read_bytes(), *pair)


@dataclass(frozen=True)
class Retry:
    """How calls are tried again that were refused for now.

    Waits double, each cut short by a random part so that clients that were refused together do not come back together. What the
    server says of when to come back is heeded. All attempts share the deadline of the call.
    """

    #: The most attempts, the first one counted; 1 tries once.
    attempts: int = 6
    #: The wait after the first, at most.
    first_wait_s: float = 0.1
    #: The longest wait, but for what the server says.
    longest_wait_s: float = 10.0

    def wait_s(self, failed: int, told_s: float | None, part: float) -> float:
        """How long to wait after ``failed`` attempts; ``told_s`` is the least that the server said, ``part`` a random 0 to 1."""
        most = min(self.first_wait_s * (1 << min(failed - 1, 20)), self.longest_wait_s)
        # Whoever was told when to come back is spread over the time after that.
        return most * (0.5 + 0.5 * part) if told_s is None else told_s + most * 0.5 * part


@dataclass(frozen=True)
class Target:
    """Where to connect, and how."""

    place: str
    credentials: Any
    options: list[tuple[str, Any]]


def target(address: str, tls: Tls | None, token: TokenSource | None) -> Target:
    """Where ``address`` is; contradictions are refused."""
    whole = address if "://" in address else f"{'https' if tls else 'http'}://{address}"
    parts = urlsplit(whole)
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[^\s/@]+", parts.netloc) or not parts.hostname:
        raise OptionsError(f'"{address}" is no address of a server: write https://HOST:PORT, or http://HOST:PORT without TLS')
    if parts.scheme == "https" and tls is None:
        raise OptionsError(f"{whole} is encrypted: say who signs the server's certificate (tls=Tls.read(...))")
    if parts.scheme == "http" and tls is not None:
        raise OptionsError(f"{whole} is not encrypted, yet certificates are given: write https://")
    if parts.scheme == "http" and token is not None and not _is_this_machine(parts.hostname):
        raise OptionsError(f"a token is not sent to {whole} in the clear, where others can read it: use TLS")
    options: list[tuple[str, Any]] = [
        ("grpc.max_receive_message_length", _MAX_ANSWER_BYTES),
        ("grpc.max_send_message_length", -1),
        ("grpc.keepalive_time_ms", _PING_MS),
        ("grpc.keepalive_timeout_ms", _PING_ANSWER_MS),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.min_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 5_000),
        # Calls are tried again here, where it is known which may be.
        ("grpc.enable_retries", 0),
        # Samples do not go by a proxy because the environment happens to name one.
        ("grpc.enable_http_proxy", 0),
    ]
    if tls is None:
        return Target(parts.netloc, None, options)
    if tls.server_name is not None:
        options.append(("grpc.ssl_target_name_override", tls.server_name))
    credentials = grpc.ssl_channel_credentials(tls.authority, tls.key, tls.certificate)
    return Target(parts.netloc, credentials, options)


def authorization(token: TokenSource | None) -> list[tuple[str, str]]:
    """The header that says who asks."""
    if token is None:
        return []
    name = str(token) if isinstance(token, Path) else "the source of tokens"
    try:
        text = token if isinstance(token, str) else token.read_text() if isinstance(token, Path) else token()
    except (OSError, UnicodeDecodeError) as error:
        raise TokenError(f"the token cannot be had from {name}: {error}") from error
    text = text.strip()
    if not text or len(text) > _MAX_TOKEN_BYTES or not re.fullmatch(r"[\x21-\x7e]+", text):
        raise TokenError(f"what {name} gives is no token: it is empty, too long, or has letters that a header cannot have")
    return [("authorization", f"Bearer {text}")]


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
