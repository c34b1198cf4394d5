"""Makes a throwaway authority, an issuer of tokens, and the configuration of a server that believes both, in a folder."""

import base64
import datetime
import ipaddress
import json
import sys
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CONFIG = """
[server]
listen = "127.0.0.1:0"
operations_listen = "127.0.0.1:0"
drain_s = 2
[data]
min_free_mib = 16
[security]
authentication = "required"
clients = [
    { certificate = "CN=operator", roles = ["admin", "enrol", "search", "verify", "audit"] },
    { certificate = "CN=gate", roles = ["verify"] },
]
[security.tls]
certificate = "server.pem"
key = "server.key"
client_ca = "ca.pem"
[security.tokens]
issuer = "https://login.example"
audience = "whorl"
jwks_file = "keys.json"
"""


def write(path: Path, data: bytes) -> None:
    # The server refuses keys that others can read.
    path.touch(mode=0o600)
    path.write_bytes(data)


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(subject: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name("ca")).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
    return builder.not_valid_after(now + datetime.timedelta(days=1))


def authority(folder: Path) -> None:
    ca = ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(True, False, False, False, False, True, False, False, False)
    signed = certificate("ca", ca).add_extension(x509.BasicConstraints(True, None), True).add_extension(usage, True)
    write(folder / "ca.pem", signed.sign(ca, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    for who in ("server", "operator", "gate"):
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        signed = certificate(who, key).add_extension(x509.SubjectAlternativeName(names), False)
        signed = signed.add_extension(x509.ExtendedKeyUsage(purposes), False)
        write(folder / f"{who}.pem", signed.sign(ca, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        write(folder / f"{who}.key", pem(key))


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(key: ec.EllipticCurvePrivateKey, roles: list, lasts_s: int) -> str:
    claims = {
        "iss": "https://login.example",
        "aud": "whorl",
        "sub": "station-7",
        "exp": int(time.time()) + lasts_s,
        "roles": roles,
    }
    parts = [{"alg": "ES256", "typ": "JWT", "kid": "k1"}, claims]
    signed = ".".join(text(json.dumps(part).encode()) for part in parts)
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def issuer(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    x, y = (text(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    jwk = {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "k1", "x": x, "y": y}
    write(folder / "keys.json", json.dumps({"keys": [jwk]}).encode())
    write(folder / "enrol.token", token(key, ["enrol"], 3600).encode())
    write(folder / "expired.token", token(key, ["enrol"], -3600).encode())


if __name__ == "__main__":
    place = Path(sys.argv[1])
    authority(place)
    issuer(place)
    write(place / "whorl.toml", CONFIG.encode())
