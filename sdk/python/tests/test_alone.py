"""What needs no server."""

import tempfile
import unittest
from pathlib import Path

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from whorl import AnswerError, CallError, OptionsError, Position, Reason, Retry, Sample, Tls, TokenError
from whorl import _messages as messages
from whorl import types
from whorl.options import authorization, target
from whorl.v1 import evidence_pb2, sample_pb2


class Options(unittest.TestCase):
    def test_an_address_says_whether_it_is_encrypted_and_contradictions_are_refused(self):
        self.assertEqual(target("127.0.0.1:7443", None, None).place, "127.0.0.1:7443")
        refused = [
            ("https://abis:7443", None, None),
            ("http://abis:7443", Tls(b"not read yet"), None),
            ("http://10.0.0.1:7443", None, "token"),
            ("ftp://abis", None, None),
            ("", None, None),
            ("http://user@abis:1", None, None),
        ]
        for options in refused:
            with self.assertRaises(OptionsError, msg=options):
                target(*options)
        target("http://[::1]:7443", None, "token")

    def test_a_token_is_read_anew_and_never_shown(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "token"
            for token in ("first", "second"):
                file.write_text(f"{token}\n")
                self.assertEqual(authorization(file), [("authorization", f"Bearer {token}")])
            file.unlink()
            with self.assertRaises(TokenError):
                authorization(file)
        with self.assertRaises(TokenError) as caught:
            authorization(lambda: "SECRET\nline")
        self.assertNotIn("SECRET", str(caught.exception))
        self.assertEqual(authorization(None), [])

    def test_samples_and_keys_are_not_printed(self):
        self.assertNotIn("SECRET", repr(Sample(b"SECRET")) + repr(Tls(b"ca", b"certificate", b"SECRET")))


class Retries(unittest.TestCase):
    def test_waits_double_up_to_the_longest_and_the_server_is_heeded(self):
        retry = Retry()
        self.assertEqual([retry.wait_s(failed, None, 1.0) for failed in (1, 2, 3, 99)], [0.1, 0.2, 0.4, 10.0])
        self.assertEqual(retry.wait_s(1, None, 0.0), 0.05)
        self.assertEqual(retry.wait_s(1, 30.0, 0.0), 30.0)


class Failed:
    """What grpc raises."""

    def code(self):
        return grpc.StatusCode.RESOURCE_EXHAUSTED

    def details(self):
        return "too often"

    def trailing_metadata(self):
        status = status_pb2.Status()
        for detail in (error_details_pb2.ErrorInfo(reason="RATE_LIMITED", domain="whorl"), self.retry()):
            packed = any_pb2.Any()
            packed.Pack(detail)
            status.details.append(packed)
        return (("grpc-status-details-bin", status.SerializeToString()),)

    def retry(self):
        info = error_details_pb2.RetryInfo()
        info.retry_delay.FromMilliseconds(2500)
        return info


class Errors(unittest.TestCase):
    def test_a_failure_says_why_and_when_to_come_back(self):
        error = CallError.of(Failed())
        self.assertEqual((error.reason, error.wait_s, error.may_pass), (Reason.RATE_LIMITED, 2.5, True))
        self.assertEqual(str(error), "too often (RATE_LIMITED)")
        cancelled = CallError.numbered(1, "", "Timeout expired")
        self.assertEqual(cancelled.in_time(0.001, 5.0).code, grpc.StatusCode.DEADLINE_EXCEEDED)
        self.assertEqual(cancelled.in_time(1.0, 5.0).code, grpc.StatusCode.CANCELLED)
        self.assertFalse(CallError.numbered(5, "NOT_ENROLLED", "nobody").may_pass)


class Messages(unittest.TestCase):
    def test_words_are_those_of_the_wire(self):
        self.assertEqual(len(Position), len(sample_pb2.Position.items()))
        for word, number in sample_pb2.Position.items():
            ours = "UNKNOWN" if number == 0 else word.removeprefix("POSITION_")
            self.assertEqual(Position(number).name, ours)
        self.assertEqual(Position.named("left"), Position.LEFT_EYE)
        self.assertEqual(Position.named("right-index"), Position.RIGHT_INDEX)
        self.assertIsNone(messages.search(types.SearchOptions()))

    def test_an_answer_that_is_not_understood_is_said_to_be(self):
        with self.assertRaises(AnswerError):
            messages.candidate_list(evidence_pb2.CandidateList(verdict=9))


if __name__ == "__main__":
    unittest.main()
