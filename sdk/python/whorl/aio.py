"""The same client for asyncio: ``whorl.client`` with ``await``."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any, AsyncIterable, AsyncIterator, BinaryIO, Callable, Iterable, Sequence, TypeVar, Union

import grpc
import grpc.aio

from . import _messages as m
from . import _methods as methods
from . import types as t
from ._methods import Method
from .errors import CallError
from .identity.services import AsyncServices
from .options import Retry, Tls, TokenSource, authorization, target
from .v1 import deduplication_pb2 as dedup
from .v1 import enrolment_pb2 as enrolment
from .v1 import extraction_pb2 as extraction
from .v1 import gallery_pb2 as gallery_messages

__all__ = ["Client", "Galleries", "Jobs"]

Answer = TypeVar("Answer")
Item = TypeVar("Item")

#: What a stream is made of: any iterable, or one that is asynchronous.
Many = Union[Iterable[Item], AsyncIterable[Item]]


class Client:
    """A server of Whorl, within one event loop; the connection is made when it is needed, and again when it breaks.

    ``deadline_s`` is how long a call may take, all its attempts together; streams have no end. ``token`` is a token, the path of a
    file that holds one and is read anew for every call, or a function that gives one.
    """

    def __init__(
        self,
        address: str,
        *,
        tls: Tls | None = None,
        token: TokenSource | None = None,
        deadline_s: float = 60.0,
        retry: Retry = Retry(),
    ) -> None:
        where = target(address, tls, token)
        if where.credentials is None:
            self._channel = grpc.aio.insecure_channel(where.place, where.options)
        else:
            self._channel = grpc.aio.secure_channel(where.place, where.credentials, where.options)
        self._token, self._deadline_s, self._retry = token, deadline_s, retry
        #: The galleries of the server.
        self.galleries = Galleries(self)
        #: The deduplications of the server.
        self.jobs = Jobs(self)
        #: The identity services of the server.
        self.identity = AsyncServices(self)

    async def close(self) -> None:
        """Ends the connection."""
        await self._channel.close()

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def enrol(self, enrolment: t.Enrolment) -> t.Enrolled:
        """Enrols a person, after a search for him unless the enrolment forgoes it. That he resembles somebody is an answer."""
        return await self._call(methods.ENROL, methods.enrol(enrolment))

    def enrol_many(self, enrolments: Many[t.Enrolment]) -> AsyncIterator[t.EnrolledOne]:
        """Enrols many: an answer for each, in their order.

        The next is asked for when the server has room. Nothing is tried again: where an error may pass, send what was not
        answered once more.
        """
        return self._stream(methods.ENROL_MANY, _each(methods.enrol_many, enrolments))

    async def replace(
        self, gallery: str, id: str, samples: Sequence[t.Sample], exceptions: Sequence[t.BiometricException] = ()
    ) -> t.Replaced:
        """Puts other samples in the place of somebody's, in one step."""
        return await self._call(methods.REPLACE, methods.replace_request(gallery, id, samples, exceptions))

    async def remove(self, gallery: str, id: str) -> int:
        """Takes somebody out, and says the number of the change."""
        return await self._call(methods.REMOVE, enrolment.RemoveRequest(gallery=gallery, id=id))

    async def fetch(self, gallery: str, id: str, with_templates: bool = False) -> list[t.EnrolledTemplate]:
        """Says what is enrolled of somebody."""
        request = enrolment.FetchRequest(gallery=gallery, id=id, with_templates=with_templates)
        return await self._call(methods.FETCH, request)

    async def identify(self, probe: t.Probe) -> t.Identified:
        """Looks for a person."""
        return await self._call(methods.IDENTIFY, m.probe(probe))

    def identify_many(self, probes: Many[t.Probe]) -> AsyncIterator[t.Identified]:
        """Looks for many: an answer for each, in their order. A probe that cannot be looked for ends the stream."""
        return self._stream(methods.IDENTIFY_MANY, _each(methods.identify_many, probes))

    def identify_stream(self, probe: t.Probe) -> AsyncIterator[t.Candidate | t.Identified]:
        """Looks for a person: candidate after candidate, then the answer without them. For answers of thousands."""
        return self._open(methods.IDENTIFY_STREAM, methods.identify_stream(probe))

    async def verify(
        self,
        gallery: str,
        id: str,
        samples: Sequence[t.Sample],
        target_fmr: float | None = None,
        mirrored: bool = False,
    ) -> t.Verified:
        """Compares samples with what is enrolled of somebody. ``target_fmr`` is how often a stranger may pass."""
        return await self._call(methods.VERIFY, methods.verify_request(gallery, id, samples, target_fmr, mirrored))

    async def compare(
        self,
        probe: Sequence[t.Sample],
        reference: Sequence[t.Sample],
        target_fmr: float | None = None,
        mirrored: bool = False,
    ) -> t.Compared:
        """Compares two sets of samples; no gallery is asked."""
        return await self._call(methods.COMPARE, methods.compare_request(probe, reference, target_fmr, mirrored))

    async def extract(self, samples: Sequence[t.Sample]) -> t.Extracted:
        """Makes templates, where the server's policy lets them out."""
        return await self._call(methods.EXTRACT, extraction.ExtractRequest(samples=m.samples(samples)))

    async def assess(self, samples: Sequence[t.Sample]) -> t.Assessed:
        """Says what samples are worth, for a station that may capture again."""
        return await self._call(methods.ASSESS, extraction.AssessRequest(samples=m.samples(samples)))

    async def audit(self, query: t.AuditQuery = t.AuditQuery(), after: str = "") -> t.AuditPage:
        """Reads a page of the record of who did what: the first, or the one that ``next`` of the page before names."""
        return await self._call(methods.AUDIT, methods.audit_request(query, after))

    async def _call(self, method: Method[Answer], request: Any) -> Answer:
        call = self._channel.unary_unary(method.path, type(request).SerializeToString, method.response.FromString)
        end, failed = time.monotonic() + self._deadline_s, 0
        while True:
            left = max(end - time.monotonic(), 0)
            try:
                return method.answer(await call(request, timeout=left, metadata=authorization(self._token)))
            except grpc.RpcError as error:
                refused = CallError.of(error).in_time(end - time.monotonic(), self._deadline_s)
            failed += 1
            wait = self._retry.wait_s(failed, refused.wait_s, random.random())
            is_over = failed >= self._retry.attempts or time.monotonic() + wait >= end
            if is_over or refused.code not in method.repeated:
                raise refused
            await asyncio.sleep(wait)

    def _open(self, method: Method[Answer], request: Any) -> AsyncIterator[Answer]:
        call = self._channel.unary_stream(method.path, type(request).SerializeToString, method.response.FromString)
        return self._answers(method, call(request, metadata=authorization(self._token)))

    async def _stream(self, method: Method[Answer], requests: AsyncIterator[Any]) -> AsyncIterator[Answer]:
        call = self._channel.stream_stream(
            method.path, lambda request: request.SerializeToString(), method.response.FromString
        )
        broken: list[BaseException] = []
        answers = call(_noted(requests, broken), metadata=authorization(self._token))
        try:
            async for answer in self._answers(method, answers):
                yield answer
        except (CallError, asyncio.CancelledError):
            # What the items raise ends the call as if it had been cancelled here.
            if broken:
                raise broken[0] from None
            raise

    async def _answers(self, method: Method[Answer], call: Any) -> AsyncIterator[Answer]:
        try:
            async for told in call:
                yield method.answer(told)
        except grpc.RpcError as error:
            raise CallError.of(error) from None
        finally:
            # Whoever does not read to the end wants no more.
            call.cancel()


async def _each(message: Callable[[Item], Any], items: Many[Item]) -> AsyncIterator[Any]:
    """The message of each item."""
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield message(item)
        return
    for item in items:
        yield message(item)


async def _noted(items: AsyncIterator[Any], broken: list[BaseException]) -> AsyncIterator[Any]:
    """The same items; what they raise is kept, for grpc tells only that something was."""
    try:
        async for item in items:
            yield item
    except Exception as error:
        broken.append(error)
        raise


class Galleries:
    """The galleries of a server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def create(self, name: str) -> t.Gallery:
        """Makes an empty gallery: 1 to 64 of a-z, 0-9 and hyphens."""
        return await self._client._call(methods.CREATE_GALLERY, gallery_messages.CreateGalleryRequest(name=name))

    async def list(self) -> Sequence[t.Gallery]:
        """Lists them by name."""
        return await self._client._call(methods.LIST_GALLERIES, gallery_messages.ListGalleriesRequest())

    async def get(self, name: str) -> t.Gallery:
        """Says what is in one."""
        return await self._client._call(methods.GET_GALLERY, gallery_messages.GetGalleryRequest(name=name))

    async def compact(self, name: str) -> t.Gallery:
        """Merges what was enrolled one by one, so that what was removed is gone from the files."""
        return await self._client._call(methods.COMPACT_GALLERY, gallery_messages.CompactGalleryRequest(name=name))

    async def scrub(self, name: str) -> Sequence[str]:
        """Has every byte read, and says what is wrong where; nothing where all is well."""
        return await self._client._call(methods.SCRUB_GALLERY, gallery_messages.ScrubGalleryRequest(name=name))

    async def back_up(self, name: str) -> t.BackedUp:
        """Copies one to the server's folder for backups; a second copy brings over what is new."""
        return await self._client._call(methods.BACK_UP_GALLERY, gallery_messages.BackUpGalleryRequest(name=name))

    async def reopen(self, name: str) -> t.Gallery:
        """Has one take changes again after the server's storage failed, once it is mended."""
        return await self._client._call(methods.REOPEN_GALLERY, gallery_messages.ReopenGalleryRequest(name=name))

    async def export(self, name: str, out: BinaryIO) -> int:
        """Writes one to ``out``, a tar archive in open formats, and says how many bytes it has."""
        count = 0
        async for piece in self._client._open(methods.EXPORT_GALLERY, gallery_messages.ExportGalleryRequest(name=name)):
            count += out.write(piece)
        return count


class Jobs:
    """The deduplications of a server: all of a gallery against all."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def start(self, gallery: str, search: t.SearchOptions = t.SearchOptions()) -> t.Job:
        """Begins one; a gallery has one at a time."""
        return await self._client._call(methods.START_JOB, methods.start_job(gallery, search))

    async def get(self, id: str) -> t.Job:
        """Says where one is."""
        return await self._client._call(methods.GET_JOB, dedup.GetJobRequest(id=id))

    async def list(self, gallery: str = "") -> Sequence[t.Job]:
        """Lists those of a gallery, or all, newest first."""
        return await self._client._call(methods.LIST_JOBS, dedup.ListJobsRequest(gallery=gallery))

    def watch(self, id: str) -> AsyncIterator[t.Job]:
        """Follows one: its state now, whenever it changed, and at its end."""
        return self._client._open(methods.WATCH_JOB, dedup.WatchJobRequest(id=id))

    async def cancel(self, id: str) -> t.Job:
        """Stops one at its next step; it can be resumed."""
        return await self._client._call(methods.CANCEL_JOB, dedup.CancelJobRequest(id=id))

    async def resume(self, id: str) -> t.Job:
        """Goes on with one that was cancelled or failed."""
        return await self._client._call(methods.RESUME_JOB, dedup.ResumeJobRequest(id=id))

    def pairs(self, id: str) -> AsyncIterator[t.FoundPair]:
        """The pairs that were found so far, in the order in which they were."""
        return self._client._open(methods.LIST_PAIRS, dedup.ListPairsRequest(id=id))
