"""The client of an example. The environment may name files: CA of those who sign the server's certificate, CERTIFICATE and KEY of the
client, TOKEN_FILE of its token."""

import os
from pathlib import Path
from typing import Any

from whorl import Tls


def options() -> dict[str, Any]:
    authority, token = os.environ.get("CA"), os.environ.get("TOKEN_FILE")
    tls = Tls.read(authority, os.environ.get("CERTIFICATE"), os.environ.get("KEY")) if authority else None
    return {"tls": tls, "token": Path(token) if token else None}
