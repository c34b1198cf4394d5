"""The messages of ``whorl.identity.v1`` and the samples in them, generated; ``api/proto`` explains their fields.

They are of persons, so that each prints its size only; ``google.protobuf.text_format`` and ``json_format`` show what is in them.
"""

from google.protobuf.message import Message as _Message

from whorl.v1.sample_pb2 import *

from .v1.adjudication_pb2 import *
from .v1.authentication_pb2 import *
from .v1.identity_pb2 import *
from .v1.issuance_pb2 import *
from .v1.partner_pb2 import *
from .v1.registration_pb2 import *


def _printed(message: _Message) -> str:
    return f"{type(message).__name__}({message.ByteSize()} bytes)"


for _found in list(vars().values()):
    if isinstance(_found, type) and issubclass(_found, _Message) and _found is not _Message:
        setattr(_found, "__repr__", _printed)
        setattr(_found, "__str__", _printed)
