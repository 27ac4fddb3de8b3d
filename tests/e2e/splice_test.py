"""What is not governed is not decrypted: the client sees the server's own certificate."""

import unittest

from lab_case import LabCase
from lab.lab import LAPTOP_ADDRESS

SHOW = ("openssl s_client -connect {0}:443 -servername {0} -alpn h2,http/1.1 </dev/null 2>/dev/null"
        " | openssl x509 -noout -issuer -fingerprint -sha256")


class Splice(LabCase):
    prefix = "e2esplice"

    def certificate(self, host: str) -> str:
        return self.lab.person_runs(SHOW.format(host)).stdout

    def test_a_host_that_is_not_governed_shows_its_own_certificate(self):
        shown = self.certificate("www.example.org")
        own = self.lab.provider.folder / "tls" / "leaves" / "www.example.org.crt"
        fingerprint = self.lab.corp.run("openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", str(own)).strip()
        self.assertIn(fingerprint, shown)

    def test_a_governed_host_shows_a_certificate_that_the_laptop_trusts_and_the_internet_did_not_make(self):
        shown = self.certificate("api.openai.com")
        self.assertIn("issuer=", shown)
        self.assertNotIn("Lab Public Root", shown)

    def test_http_2_of_a_host_that_is_not_governed_passes_from_end_to_end(self):
        before = len(self.lab.provider.requests(inference_only=False))
        done = self.lab.person_runs("curl -sS --http2 -w '%{http_version}' https://docs.example.net/")
        self.assertIn("This is docs.example.net", done.stdout, done.stderr)
        self.assertTrue(done.stdout.endswith("2"), done.stdout)
        request = self.lab.provider.requests(inference_only=False)[before]
        self.assertEqual((request["sni"], request["peer"]), ("docs.example.net", LAPTOP_ADDRESS))

    def test_a_path_of_a_governed_host_that_is_no_inference_goes_to_its_origin_from_the_device(self):
        before = len(self.lab.provider.requests(inference_only=False))
        done = self.lab.person_runs("curl -sS -o /dev/null -w '%{http_code}' https://api.anthropic.com/api/hello")
        self.assertEqual(done.stdout, "404", done.stderr)
        request = self.lab.provider.requests(inference_only=False)[before]
        self.assertEqual((request["path"], request["peer"]), ("/api/hello", LAPTOP_ADDRESS))

    def test_a_connection_without_a_server_name_passes(self):
        done = self.lab.person_runs("openssl s_client -connect 198.18.7.7:443 -noservername </dev/null 2>&1")
        self.assertIn("Lab Public Root", done.stdout)

    def test_what_is_not_tls_passes(self):
        done = self.lab.person_runs(
            r"exec 3<>/dev/tcp/198.18.7.7/443; printf 'GET / HTTP/1.0\r\n\r\n' >&3; timeout 5 cat <&3 | head -c 200")
        self.assertNotIn("sluice", done.stdout.lower())


if __name__ == "__main__":
    unittest.main()
