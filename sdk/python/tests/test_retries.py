"""What is tried again, against a server of this process that refuses as often as a test wants."""

import asyncio
import time
import unittest
from concurrent import futures

import grpc
from whorl import CallError, Client, Enrolment, Retry, aio
from whorl.v1 import enrolment_pb2

UNAVAILABLE, EXHAUSTED = grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED


class Refusing(grpc.GenericRpcHandler):
    """Answers after it has refused with each of ``codes``, and keeps what it was asked."""

    def __init__(self):
        self.codes, self.asked = [], []

    def service(self, details):
        message = {"Enrol": enrolment_pb2.EnrolRequest, "Remove": enrolment_pb2.RemoveRequest}
        method = details.method.rsplit("/", 1)[-1]
        answer = enrolment_pb2.EnrolResponse(outcome=1, verdict=1) if method == "Enrol" else enrolment_pb2.RemoveResponse()

        def handle(request, context):
            self.asked.append(request)
            if self.codes:
                context.abort(self.codes.pop(0), "not now")
            return answer

        return grpc.unary_unary_rpc_method_handler(
            handle, message[method].FromString, lambda told: told.SerializeToString()
        )


class Retries(unittest.TestCase):
    retry = Retry(attempts=4, first_wait_s=0.02)

    def setUp(self):
        self.refusing = Refusing()
        server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[self.refusing])
        self.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        self.addCleanup(server.stop, None)
        self.client = Client(self.address, retry=self.retry)
        self.addCleanup(self.client.close)

    def test_an_enrolment_is_asked_again_with_its_key(self):
        self.refusing.codes = [UNAVAILABLE, EXHAUSTED]
        self.assertTrue(self.client.enrol(Enrolment("nation", "ada", [])).is_enrolled)
        keys = {request.idempotency_key for request in self.refusing.asked}
        self.assertEqual((len(self.refusing.asked), len(keys)), (3, 1))
        self.assertEqual(len(keys.pop()), 32)
        self.client.enrol(Enrolment("nation", "ada", []))
        self.assertEqual(len({request.idempotency_key for request in self.refusing.asked}), 2)

    def test_a_removal_is_asked_again_only_where_it_was_not_begun(self):
        self.refusing.codes = [EXHAUSTED, UNAVAILABLE]
        with self.assertRaises(CallError) as caught:
            self.client.remove("nation", "ada")
        self.assertEqual((caught.exception.code, caught.exception.may_pass), (UNAVAILABLE, True))
        self.assertEqual(len(self.refusing.asked), 2)

    def test_attempts_and_the_deadline_are_bounds(self):
        self.refusing.codes = [UNAVAILABLE] * 9
        with self.assertRaises(CallError):
            self.client.enrol(Enrolment("nation", "ada", []))
        self.assertEqual(len(self.refusing.asked), 4)
        self.refusing.codes = [UNAVAILABLE] * 9
        began = time.monotonic()
        with Client(self.address, deadline_s=0.3, retry=Retry(attempts=99)) as hasty, self.assertRaises(CallError):
            hasty.enrol(Enrolment("nation", "ada", []))
        self.assertLess(time.monotonic() - began, 1.0)

    def test_the_same_with_await(self):
        async def enrol():
            async with aio.Client(self.address, retry=self.retry) as client:
                return await client.enrol(Enrolment("nation", "ada", []))

        self.refusing.codes = [UNAVAILABLE, UNAVAILABLE]
        self.assertTrue(asyncio.run(enrol()).is_enrolled)
        self.assertEqual(len({request.idempotency_key for request in self.refusing.asked}), 1)


if __name__ == "__main__":
    unittest.main()
