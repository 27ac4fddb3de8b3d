"""Bad input from outside gets a clear answer, is never forwarded, and leaves the programs running."""

import json
import pathlib
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from lab_case import LabCase
from lab.lab import GATEWAY_HOST, unique_id
from lab.machine import wait_until
from lab.programs import BIN, Gateway, unverified

CHAT = "/v1/chat/completions"
QUESTION = json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]}).encode()


def head(*fields: str, path: str = CHAT) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "host: localhost", "content-type: application/json", *fields,
                        "", ""]).encode()


class BadInput(LabCase):
    prefix = "e2ebad"

    @classmethod
    def start(cls):
        super().start()
        cls.key = cls.lab.api.call("PUT", "/api/governance/virtual-keys/bad-input", {
            "provider_configs": [{"provider": "openai", "allowed_models": ["*"]}]})["key"]
        cls.authorization = f"authorization: Bearer {cls.key}"
        wait_until("the gateway to know the key", 5, cls.key_is_known)

    @classmethod
    def key_is_known(cls) -> bool:
        with cls.lab.corp.connect(Gateway.API) as sock:
            return exchange(sock, head(cls.authorization, "content-length: 1") + b"{")[0] == 400

    def setUp(self):
        self.before = len(self.lab.provider.requests())

    def tearDown(self):
        for program in self.lab.programs:
            program.must_run()

    def assert_nothing_forwarded(self):
        self.assertEqual(len(self.lab.provider.requests()), self.before, "a bad request was forwarded")

    def send(self, data: bytes, seconds: float = 10) -> tuple[int | None, bytes]:
        """To the API listener; the status (None when it just closed) and all that came."""
        with self.lab.corp.connect(Gateway.API, seconds=seconds) as sock:
            return exchange(sock, data)

    def from_laptop(self, data: bytes) -> str:
        """Over TLS from the laptop, through the agent."""
        path = self.lab.give_person(f"raw-{time.monotonic_ns()}", data)
        return self.lab.person_runs(
            f"(cat {path}; sleep 2) | timeout 10 openssl s_client -quiet -connect api.openai.com:443 "
            "-servername api.openai.com 2>/dev/null").stdout

    # ------------------------------------------------------------------------------------ HTTP

    def test_both_content_length_and_transfer_encoding_are_refused(self):
        status, answer = self.send(head(self.authorization, "content-length: 5", "transfer-encoding: chunked")
                                   + b"0\r\n\r\n" + head(self.authorization, "content-length: 0"))
        self.assertEqual(status, 400, answer)
        self.assertEqual(answer.count(b"HTTP/1.1 "), 1, "what follows is not taken for a request")
        self.assert_nothing_forwarded()

    def test_both_lengths_are_refused_by_the_agent_too(self):
        answer = self.from_laptop(head("content-length: 5", "transfer-encoding: chunked") + b"0\r\n\r\n"
                                  + head("content-length: 0"))
        self.assertTrue(answer.startswith("HTTP/1.1 400"), answer)
        self.assertEqual(answer.count("HTTP/1.1 "), 1)
        self.assert_nothing_forwarded()

    def test_an_oversized_head_is_refused(self):
        status, answer = self.send(head(self.authorization, "x-padding: " + "a" * 200_000, "content-length: 0"))
        self.assertIn(status, (400, 413, 431, None), answer[:300])
        self.assert_nothing_forwarded()

    def test_an_oversized_body_is_refused_with_413(self):
        status, answer = self.send(head(self.authorization, f"content-length: {64 << 20}") + b"{")
        self.assertEqual(status, 413, answer)
        self.assert_nothing_forwarded()

    def test_garbage_is_refused_or_closed(self):
        for garbage in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500, b"GET\r\n\r\n",
                        b"\x00" * 1000, b"POST / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nhost : x\r\n\r\n"):
            with self.subTest(garbage[:12]):
                status, answer = self.send(garbage)
                self.assertIn(status, (400, 404, 505, None), answer[:300])
        self.assert_nothing_forwarded()

    def test_conflicting_lengths_are_refused(self):
        status, answer = self.send(head(self.authorization, "content-length: 5", "content-length: 6") + b"{}   ")
        self.assertEqual(status, 400, answer)
        self.assert_nothing_forwarded()

    # ------------------------------------------------------------------------------------ JSON, keys

    def test_malformed_json_gets_the_dialect_s_error(self):
        for body in (b"{", b"[]", b'{"model":3}', b'{"model":"gpt-5","model":"o3"}', b"\xff\xfe", b""):
            with self.subTest(body):
                status, answer = self.send(head(self.authorization, f"content-length: {len(body)}") + body)
                self.assertEqual(status, 400, answer)
                error = json_of(answer)["error"]
                self.assertTrue(error["message"])
                self.assertIn("type", error)
        self.assert_nothing_forwarded()

    def test_no_key_and_an_unknown_key_get_401(self):
        for fields in ((), ("authorization: Bearer sk-slc-unknown",), ("authorization: Basic eDp5",)):
            with self.subTest(fields):
                status, answer = self.send(head(*fields, f"content-length: {len(QUESTION)}") + QUESTION)
                self.assertEqual(status, 401, answer)
        self.assert_nothing_forwarded()

    def test_fields_of_ours_from_an_api_client_are_not_believed(self):
        self.lab.api.call("PUT", "/api/providers/openai", {"base_url": "https://api.openai.com", "dialect": "openai",
                                                           "api_key": "sk-upstream"})
        request_id = unique_id()
        status, answer = self.send(head(self.authorization, "sluice-app: claude-code", "sluice-user: root",
                                        f"x-request-id: {request_id}", f"content-length: {len(QUESTION)}") + QUESTION)
        rows = self.lab.settled_rows(lambda found: any(row["client_request_id"] == request_id for row in found))
        mine = [row for row in rows if row["client_request_id"] == request_id]
        self.assertEqual(len(mine), 0 if status == 400 else 1, answer)
        for row in mine:
            self.assertNotEqual(row["app"], "claude-code")
            self.assertNotEqual(row["user"], "root")

    # ------------------------------------------------------------------------------------ device listener

    def device_listener(self, context: ssl.SSLContext) -> bytes:
        with self.lab.corp.connect(Gateway.DEVICES) as sock, \
                context.wrap_socket(sock, server_hostname=GATEWAY_HOST) as secure:
            secure.sendall(head(f"content-length: {len(QUESTION)}").replace(b"localhost", b"api.openai.com") + QUESTION)
            return secure.recv(4096)

    def assert_not_served(self, context: ssl.SSLContext):
        try:
            answer = self.device_listener(context)
        except (ssl.SSLError, ConnectionError):
            answer = b""
        self.assertFalse(answer.startswith(b"HTTP/1.1 200"), answer)
        self.assert_nothing_forwarded()

    def test_a_device_without_a_certificate_is_not_served(self):
        self.assert_not_served(unverified())

    def test_a_device_with_a_certificate_of_its_own_making_is_not_served(self):
        with tempfile.TemporaryDirectory() as folder:
            key, certificate = pathlib.Path(folder, "key"), pathlib.Path(folder, "certificate")
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                            "-noenc", "-keyout", key, "-out", certificate, "-days", "7", "-subj",
                            "/O=Example Corp/OU=device/CN=dev_0000000000"], check=True, capture_output=True)
            context = unverified()
            context.load_cert_chain(certificate, key)
            self.assert_not_served(context)

    def test_plain_http_on_the_device_listener_is_not_served(self):
        with self.lab.corp.connect(Gateway.DEVICES) as sock:
            status, answer = exchange(sock, head(f"content-length: {len(QUESTION)}") + QUESTION)
        self.assertNotEqual(status, 200, answer)
        self.assert_nothing_forwarded()

    # ------------------------------------------------------------------------------------ configuration

    def test_unknown_and_wrong_configuration_is_refused_with_the_field_s_path(self):
        files = {"sluice-console": self.lab.console.config, "sluice-gateway": self.lab.gateway.config,
                 "sluice-agent": self.lab.agent.config}
        for program, file in files.items():
            good = json.loads(file.read_text())
            for path, bad in (("log.colour", {**good, "log": {"colour": "blue"}}),
                              ("unheard_of", {**good, "unheard_of": 1})):
                with self.subTest(f"{program} {path}"):
                    changed = self.lab.folder / f"bad-{program}.json"
                    changed.write_text(json.dumps(bad))
                    done = subprocess.run(self.lab.corp.command(f"{BIN}/{program}", "--config", str(changed),
                                                                "--check-config"), capture_output=True, text=True)
                    self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
                    self.assertIn(path, done.stdout + done.stderr)

    # ------------------------------------------------------------------------------------ revocation, last: it is final

    def test_z_a_revoked_device_is_refused(self):
        ask = ("curl -sS -m 10 -o /dev/null -w '%{http_code}' -H 'content-type: application/json' "
               f"-d '{QUESTION.decode()}' https://api.openai.com{CHAT}")
        self.assertEqual(self.lab.person_runs(ask).stdout, "200")
        device = self.lab.api.items("/api/devices")[0]["id"]
        self.lab.api.call("POST", f"/api/devices/{device}/revoke", {"note": "stolen"})
        wait_until("the revoked device to be refused", 15,
                   lambda: self.lab.person_runs(ask).stdout != "200", interval=0.2)
        received = len(self.lab.provider.requests())
        self.assertNotEqual(self.lab.person_runs(ask).stdout, "200")
        self.assertEqual(len(self.lab.provider.requests()), received)


def json_of(answer: bytes) -> dict:
    """The JSON object of a response, chunked or not."""
    body = answer.split(b"\r\n\r\n", 1)[1]
    return json.loads(body[body.index(b"{"):body.rindex(b"}") + 1])


def exchange(sock: socket.socket, data: bytes) -> tuple[int | None, bytes]:
    """Sends, then reads until the other side closes or says nothing for a moment."""
    try:
        sock.sendall(data)
    except ConnectionError:
        pass
    answer = b""
    sock.settimeout(10)
    try:
        while piece := sock.recv(65536):
            answer += piece
            sock.settimeout(1)
    except (TimeoutError, ConnectionError):
        pass
    return (int(answer.split()[1]) if answer.startswith(b"HTTP/") else None), answer


if __name__ == "__main__":
    unittest.main()
