"""The identity services of a server: registration, adjudication, issuance, lifecycle, authentication and partners.

``client.identity`` has a method for each of them, of ``whorl.Client`` and, with ``await``, of ``whorl.aio.Client``. They take and give the
messages of ``whorl.identity.v1`` (``messages``); samples are those of ``whorl`` (``samples`` makes messages of them), and a record is
any dictionary of JSON. A partner's no is an answer and no error: its refusals have MOSIP's codes (``RefusalCode``). ::

    from whorl.identity import Partner, RefusalCode, Signer, claim, messages

    asked = claim(uin, "opening an account")
    asked.consent.is_given = True
    asked.demographics.add(attribute="birth_date", value="1990-12-10")
    bank = Partner("bank", api_key, Signer.from_pem(Path("bank.pem").read_text()))
    answer = client.identity.authenticate(bank.authenticate(asked))
    for refusal in answer.refusals:
        if refusal.code == RefusalCode.DEMOGRAPHIC:
            print(refusal.message, refusal.action)
"""

from .._messages import samples
from . import messages
from .refusals import RefusalCode
from .services import AsyncServices, Services
from .signing import Partner, Signer, SigningAlgorithm, claim

__all__ = [
    "AsyncServices",
    "Partner",
    "RefusalCode",
    "Services",
    "Signer",
    "SigningAlgorithm",
    "claim",
    "messages",
    "samples",
]
