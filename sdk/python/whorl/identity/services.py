"""The methods of the identity services, once for both clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, AsyncIterator, Callable, Coroutine, Generic, Iterator, TypeVar, overload

from .._methods import FREELY, WHEN_REFUSED, Method
from . import messages as m

if TYPE_CHECKING:
    from .. import aio, client

__all__ = ["AsyncServices", "Services"]

Request = TypeVar("Request")
Answer = TypeVar("Answer")


class _Named(Generic[Request, Answer]):
    """A method by its path, its messages, and what asking twice does."""

    def __init__(
        self, path: str, request: Callable[..., Request], answer: Callable[..., Answer], repeated: tuple[Any, ...] = FREELY
    ) -> None:
        self.request = request
        self.method = Method[Answer](f"/whorl.identity.v1.{path}", answer, _as_told, repeated)


class _Asked(_Named[Request, Answer]):
    """A method with one answer: of a client it is what takes a request and gives the answer, or what the answer is awaited by."""

    @overload
    def __get__(self, services: Services, owner: object = None) -> Callable[[Request], Answer]: ...

    @overload
    def __get__(self, services: AsyncServices, owner: object = None) -> Callable[[Request], Coroutine[Any, Any, Answer]]: ...

    def __get__(self, services: Any, owner: object = None) -> Any:
        return lambda request: services._client._call(self.method, request)


class _Followed(_Named[Request, Answer]):
    """A method with a stream of answers."""

    @overload
    def __get__(self, services: Services, owner: object = None) -> Callable[[Request], Iterator[Answer]]: ...

    @overload
    def __get__(self, services: AsyncServices, owner: object = None) -> Callable[[Request], AsyncIterator[Answer]]: ...

    def __get__(self, services: Any, owner: object = None) -> Any:
        return lambda request: services._client._open(self.method, request)


def _as_told(told: Answer) -> Answer:
    return told


class _Methods:
    """Every method of the identity services. Each takes the message of its name and ``Request``, and gives that of its name and
    ``Response``; a server without the identity layer says ``Reason.IDENTITY_OFF`` to all of them."""

    # What a station sends of a person, and what becomes of it.
    #: Takes a registration, which is durable then. One that comes again under the same name is answered again.
    register = _Asked("RegistrationService/Register", m.RegisterRequest, m.RegisterResponse)
    #: Says how far a registration is, and to who issues or is an officer the UIN that it ended with. That it was rejected is
    #: an answer.
    get_registration = _Asked("RegistrationService/GetRegistration", m.GetRegistrationRequest, m.GetRegistrationResponse)
    #: Lists what happened to registrations after a place, oldest first.
    list_events = _Asked("RegistrationService/ListEvents", m.ListEventsRequest, m.ListEventsResponse)
    #: Follows what happens to registrations after a place. The stream has no end; who drops it wants no more.
    watch_events = _Followed("RegistrationService/WatchEvents", m.WatchEventsRequest, m.WatchEventsResponse)

    # People decide whether two registrations are of one person.
    #: Lists the cases that are not settled, oldest first.
    list_cases = _Asked("AdjudicationService/ListCases", m.ListCasesRequest, m.ListCasesResponse)
    #: Looks at a case.
    get_case = _Asked("AdjudicationService/GetCase", m.GetCaseRequest, m.GetCaseResponse)
    #: Shows the records of both sides of a case to who may decide about it now, and which pictures and documents there are.
    get_evidence = _Asked("AdjudicationService/GetEvidence", m.GetEvidenceRequest, m.GetEvidenceResponse)
    #: Shows one of these pictures or documents.
    get_evidence_file = _Asked("AdjudicationService/GetEvidenceFile", m.GetEvidenceFileRequest, m.GetEvidenceFileResponse)
    #: Says who is to decide about a case.
    assign_case = _Asked("AdjudicationService/AssignCase", m.AssignCaseRequest, m.AssignCaseResponse)
    #: Decides about a case, once.
    decide_case = _Asked("AdjudicationService/DecideCase", m.DecideCaseRequest, m.DecideCaseResponse, WHEN_REFUSED)
    #: Settles a case about which others disagree.
    settle_case = _Asked("AdjudicationService/SettleCase", m.SettleCaseRequest, m.SettleCaseResponse, WHEN_REFUSED)

    # What becomes of an identity after it is issued.
    #: Looks at a record.
    get_identity = _Asked("IdentityService/GetIdentity", m.GetIdentityRequest, m.GetIdentityResponse)
    #: Suspends a UIN.
    block = _Asked("IdentityService/Block", m.BlockRequest, m.BlockResponse, WHEN_REFUSED)
    #: Ends a suspension.
    unblock = _Asked("IdentityService/Unblock", m.UnblockRequest, m.UnblockResponse, WHEN_REFUSED)
    #: Locks a kind of authentication for its holder's own sake.
    lock_authentication = _Asked(
        "IdentityService/LockAuthentication", m.LockAuthenticationRequest, m.LockAuthenticationResponse, WHEN_REFUSED
    )
    #: Unlocks a kind of authentication, for a while or for good.
    unlock_authentication = _Asked(
        "IdentityService/UnlockAuthentication", m.UnlockAuthenticationRequest, m.UnlockAuthenticationResponse, WHEN_REFUSED
    )
    #: Puts a UIN out of force whose holder turned out to be that of another.
    merge = _Asked("IdentityService/Merge", m.MergeRequest, m.MergeResponse, WHEN_REFUSED)
    #: Puts a UIN in force again that was merged by mistake.
    unmerge = _Asked("IdentityService/Unmerge", m.UnmergeRequest, m.UnmergeResponse, WHEN_REFUSED)
    #: Erases a person. It cannot be undone.
    erase = _Asked("IdentityService/Erase", m.EraseRequest, m.EraseResponse, WHEN_REFUSED)
    #: Sends everything that is kept of a person, for him: first the record, then each picture and document.
    export = _Followed("IdentityService/Export", m.ExportRequest, m.ExportResponse)
    #: Lists what was done to a record, oldest first.
    get_history = _Asked("IdentityService/GetHistory", m.GetHistoryRequest, m.GetHistoryResponse)
    #: Deletes what the deployment keeps no longer.
    run_retention = _Asked("IdentityService/RunRetention", m.RunRetentionRequest, m.RunRetentionResponse, WHEN_REFUSED)

    # What a person gets: numbers that stand for his UIN, and credentials.
    #: Makes a VID.
    create_vid = _Asked("IssuanceService/CreateVid", m.CreateVidRequest, m.CreateVidResponse, WHEN_REFUSED)
    #: Makes a VID in the place of another.
    regenerate_vid = _Asked("IssuanceService/RegenerateVid", m.RegenerateVidRequest, m.RegenerateVidResponse, WHEN_REFUSED)
    #: Ends a VID.
    end_vid = _Asked("IssuanceService/EndVid", m.EndVidRequest, m.EndVidResponse, WHEN_REFUSED)
    #: Lists the VIDs of a person that can be used now.
    list_vids = _Asked("IssuanceService/ListVids", m.ListVidsRequest, m.ListVidsResponse)
    #: Signs a credential of demographic fields.
    issue_credential = _Asked(
        "IssuanceService/IssueCredential", m.IssueCredentialRequest, m.IssueCredentialResponse, WHEN_REFUSED
    )
    #: Lists the credentials of a person that can be revoked and are not over.
    list_credentials = _Asked("IssuanceService/ListCredentials", m.ListCredentialsRequest, m.ListCredentialsResponse)
    #: Revokes a credential, for ever.
    revoke_credential = _Asked(
        "IssuanceService/RevokeCredential", m.RevokeCredentialRequest, m.RevokeCredentialResponse, WHEN_REFUSED
    )
    #: Gives the public keys by which credentials are checked; anybody may ask.
    get_issuer_keys = _Asked("IssuanceService/GetIssuerKeys", m.GetIssuerKeysRequest, m.GetIssuerKeysResponse)

    # Whether somebody is who he claims to be.
    #: Says whether somebody is who he claims to be: see ``Partner.authenticate``. A no is an answer, with the codes of why
    #: (``RefusalCode``). A transaction counts once, so that it is not asked again where the answer may be lost.
    authenticate = _Asked("AuthenticationService/Authenticate", m.AuthenticateRequest, m.AuthenticateResponse, WHEN_REFUSED)
    #: Sends a one-time password for the authentication that follows in the same transaction: see ``Partner.send_otp``. That
    #: none is sent is an answer.
    send_otp = _Asked("AuthenticationService/SendOtp", m.SendOtpRequest, m.SendOtpResponse, WHEN_REFUSED)
    #: Lists the authentications of a person, oldest first, for him.
    list_transactions = _Asked("AuthenticationService/ListTransactions", m.ListTransactionsRequest, m.ListTransactionsResponse)

    # Those who may ask whether somebody is who he claims to be.
    #: Enters a partner, and tells its API key this once.
    create_partner = _Asked("PartnerService/CreatePartner", m.CreatePartnerRequest, m.CreatePartnerResponse, WHEN_REFUSED)
    #: Changes what is said of a partner.
    update_partner = _Asked("PartnerService/UpdatePartner", m.UpdatePartnerRequest, m.UpdatePartnerResponse)
    #: Disables a partner, or lets it ask again.
    set_partner_status = _Asked("PartnerService/SetPartnerStatus", m.SetPartnerStatusRequest, m.SetPartnerStatusResponse)
    #: Gives a partner a new API key; the one that it had is worth nothing from then on.
    renew_api_key = _Asked("PartnerService/RenewApiKey", m.RenewApiKeyRequest, m.RenewApiKeyResponse, WHEN_REFUSED)
    #: Looks at a partner.
    get_partner = _Asked("PartnerService/GetPartner", m.GetPartnerRequest, m.GetPartnerResponse)
    #: Lists the partners by their ids.
    list_partners = _Asked("PartnerService/ListPartners", m.ListPartnersRequest, m.ListPartnersResponse)


class Services(_Methods):
    """The identity services of a server, for programs that wait for each answer."""

    def __init__(self, client: client.Client) -> None:
        self._client = client


class AsyncServices(_Methods):
    """The identity services of a server, for asyncio."""

    def __init__(self, client: aio.Client) -> None:
        self._client = client
