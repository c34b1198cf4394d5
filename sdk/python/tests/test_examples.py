"""The examples do what they say."""

import unittest

import place
from whorl import Client, Enrolment


class Examples(unittest.TestCase):
    def setUp(self):
        self.gallery = self.id().split(".")[-1].replace("_", "-")[:60]
        self.client = Client(place.ADDRESS, tls=place.tls("operator"))
        self.addCleanup(self.client.close)
        self.client.galleries.create(self.gallery)
        self.people = place.people()

    def run_example(self, name, *arguments, claims=None):
        files = {"CA": "ca.pem", "CERTIFICATE": "operator.pem", "KEY": "operator.key"}
        environment = {name: str(place.FOLDER / file) for name, file in files.items()}
        done = place.run(name, place.ADDRESS, self.gallery, *arguments, claims=claims, **environment)
        self.assertNotIn("Traceback", done.stderr)
        return done

    def picture(self, subject, encounter, position):
        row = next(row for row in place.rows(subject, encounter) if row["position"] == position)
        return place.MANIFEST.parent / row["path"]

    def test_enrolment_station(self):
        ada = self.people[0]
        said = []
        for id, encounter in (("first", "1"), ("second", "2")):
            finger = f"right-index={self.picture(ada, encounter, 'right-index')}"
            eye = f"right={self.picture(ada, encounter, 'right')}"
            said.append(self.run_example("enrolment_station.py", id, finger, eye).stdout)
        self.assertIn("UNIQUE: enrolled by change", said[0])
        self.assertIn("RIGHT_INDEX: quality", said[0])
        self.assertIn("DUPLICATE: not enrolled", said[1])
        self.assertIn("1 first: ", said[1])

    def test_verification_service(self):
        ada, bea = self.people[:2]
        self.client.enrol(Enrolment(self.gallery, "ada", place.samples(ada)))
        claims = "".join(
            f"{id} right {self.picture(who, '2', 'right')}\n" for id, who in (("ada", ada), ("ada", bea), ("nobody", ada))
        )
        answers = self.run_example("verification_service.py", claims=claims + "nonsense\n").stdout.splitlines()
        begins = ["ada: match, ", "ada: no match, ", "nobody: no match, nobody", "nonsense: no answer: "]
        self.assertEqual(len(answers), 4, answers)
        for answer, begin in zip(answers, begins):
            self.assertTrue(answer.startswith(begin), answers)

    def test_bulk_import(self):
        missing = place.FOLDER / "people" / "some.csv"
        text = place.MANIFEST.read_text()
        first = text.splitlines()[1].split(",")[0]
        missing.write_text(text.replace(first, "not-there.png"))
        done = self.run_example("bulk_import.py", missing)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{len(self.people) - 1} enrolled, 0 not", done.stdout)
        self.assertIn("failed: ", done.stdout)
        whole = self.run_example("bulk_import.py", place.MANIFEST)
        self.assertEqual(whole.returncode, 0, whole.stdout)
        self.assertIn(f"{len(self.people)} enrolled", whole.stdout)


if __name__ == "__main__":
    unittest.main()
