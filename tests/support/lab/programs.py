"""Sluice's programs as the lab runs them: configuration, start, health, kill, stop."""

import base64
import hashlib
import http.client
import json
import pathlib
import ssl
import subprocess

from .machine import LabError, Machine, wait_until

BIN = "/opt/sluice/bin"
START_SECONDS = 40
STOP_SECONDS = 15
ADMIN_EMAIL = "admin@corp.example"


class Program:
    """One long-running program on a machine. `log` collects what it prints, over restarts."""

    def __init__(self, machine: Machine, name: str, arguments: list[str], log: pathlib.Path):
        self.machine = machine
        self.name = name
        self.log = log
        self.process: subprocess.Popen | None = None
        self.wrap: list[str] = []  # put before the program, for example taskset
        self._arguments = arguments

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.machine.command(*self.wrap, f"{BIN}/{self.name}", *self._arguments),
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def is_ready(self) -> bool:
        raise NotImplementedError

    def wait_ready(self, seconds: float = START_SECONDS):
        def check():
            self.must_run()
            return self.is_ready()
        wait_until(f"{self.name} to be ready (see {self.log})", seconds, check)

    def must_run(self):
        if self.process.poll() is not None:
            raise LabError(f"{self.name} ended with {self.process.returncode}:\n{self.tail()}")

    def tail(self, size: int = 4000) -> str:
        return self.log.read_text(errors="replace")[-size:] if self.log.exists() else ""

    def kill(self):
        """As the kernel's out-of-memory killer does it."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Asks it to drain; the exit status."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode

    def sanitizer_reports(self) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        marks = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:")
        at = min((text.find(mark) for mark in marks if mark in text), default=-1)
        return "" if at < 0 else text[at:at + 6000]


def get(machine: Machine, port: int, path: str, tls: bool = False) -> int | None:
    """The status of a GET on the machine's own address, None when there is no answer."""
    try:
        sock = machine.connect(port, seconds=5)
        if tls:
            sock = unverified().wrap_socket(sock, server_hostname="localhost")
        with sock:
            sock.sendall(f"GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".encode())
            return int(sock.recv(64).split()[1])
    except (OSError, IndexError, ValueError):
        return None


def unverified() -> ssl.SSLContext:
    # The console's key is compared with its pin instead (ConsoleApi).
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Console(Program):
    WEB = 8443
    DEVICES = 8445

    def __init__(self, machine: Machine, folder: pathlib.Path, host: str, gateway_host: str):
        self.folder = folder
        self.host = host
        self.config = folder / "console.json"
        folder.mkdir(exist_ok=True)
        self.config.write_text(json.dumps({
            "listen": {"web": f"0.0.0.0:{self.WEB}", "devices": f"0.0.0.0:{self.DEVICES}"},
            "state_dir": str(folder / "state"),
            "server_names": [host, "localhost"],
            "public_url": f"https://{host}:{self.WEB}",
            "org": {"name": "Example Corp", "contact": "helpdesk@example.org"},
            "gateway_url": f"https://{gateway_host}:{Gateway.DEVICES}",
        }, indent=2))
        super().__init__(machine, "sluice-console", ["--config", str(self.config)], folder / "console.log")

    def initialise(self):
        """Keys, database, first administrator."""
        (self.folder / "state").mkdir(mode=0o700, exist_ok=True)
        password = self.folder / "admin-password"
        password.write_text("correct horse battery staple\n")
        password.chmod(0o600)
        passphrase = self.folder / "passphrase"
        passphrase.write_text("a lab's root is sealed under this\n")
        passphrase.chmod(0o600)
        self.tool("init", "--passphrase-file", str(passphrase), "--admin-email", ADMIN_EMAIL,
                  "--admin-password-file", str(password))
        self.sign_in = f"  {ADMIN_EMAIL}, password: {password.read_text().strip()}"

    def tool(self, verb: str, *arguments: str) -> str:
        return self.machine.run(f"{BIN}/sluice-console", verb, "--config", str(self.config), *arguments).strip()

    def pin(self) -> str:
        return last_word(self.tool("pin"))

    def enrolment_token(self, whom: str, uses: int = 1) -> str:
        return last_word(self.tool("token", "--for", whom, "--expires", "24h", "--uses", str(uses)))

    def api_token(self, name: str) -> str:
        return last_word(self.tool("api-token", "--name", name))

    def is_ready(self) -> bool:
        return get(self.machine, self.WEB, "/readyz", tls=True) == 200


def last_word(text: str) -> str:
    return text.split()[-1]


class Gateway(Program):
    API = 8080
    DEVICES = 8444
    METRICS = 9464

    def __init__(self, machine: Machine, folder: pathlib.Path, host: str, console: Console, provider_ca: pathlib.Path | None,
                 provider_networks: list[str]):
        self.folder = folder
        self.host = host
        self.config = folder / "gateway.json"
        folder.mkdir(exist_ok=True)
        (folder / "state").mkdir(mode=0o700, exist_ok=True)
        token = folder / "enrolment-token"
        token.write_text(console.enrolment_token("gateway") + "\n")
        token.chmod(0o600)
        self.settings = {
            "listen": {"api": f"127.0.0.1:{self.API}", "devices": f"0.0.0.0:{self.DEVICES}",
                       "metrics": f"127.0.0.1:{self.METRICS}"},
            "state_dir": str(folder / "state"),
            "console_url": f"https://{console.host}:{Console.DEVICES}",
            "console_pin": console.pin(),
            "enrolment_token_file": str(token),
            "server_names": [host],
            "admin_relay": f"https://{console.host}:{Console.WEB}",
            "upstream": {"allowed_private_networks": provider_networks},
        }
        if provider_ca:
            self.settings["upstream"]["ca_file"] = str(provider_ca)
        self.write_config()
        super().__init__(machine, "sluice-gateway", ["--config", str(self.config)], folder / "gateway.log")

    def write_config(self):
        self.config.write_text(json.dumps(self.settings, indent=2))

    def is_ready(self) -> bool:
        return get(self.machine, self.METRICS, "/readyz") == 200


class Agent(Program):
    CONFIG = "/etc/sluice/agent.json"
    TOKEN = "/etc/sluice/enrolment-token"

    def __init__(self, machine: Machine, folder: pathlib.Path, console: Console):
        folder.mkdir(exist_ok=True)
        self.config = machine.path(self.CONFIG)
        token = machine.path(self.TOKEN)
        token.write_text(console.enrolment_token("device") + "\n")
        token.chmod(0o600)
        self.settings = {
            "console_url": f"https://{console.host}:{Console.DEVICES}",
            "console_pin": console.pin(),
            "enrolment_token_file": self.TOKEN,
            "run_as": "sluice",
            "capture": {"mode": "redirect"},
        }
        self.config.write_text(json.dumps(self.settings, indent=2))
        super().__init__(machine, "sluice-agent", ["--config", self.CONFIG], folder / "agent.log")

    def status(self) -> dict | None:
        done = subprocess.run(self.machine.command(f"{BIN}/sluice", "status", "--json"), capture_output=True,
                              text=True, timeout=20, check=False)
        try:
            return json.loads(done.stdout)
        except ValueError:
            return None

    def is_ready(self) -> bool:
        status = self.status()
        return bool(status) and capture_state(status) == "capturing"


def capture_state(status: dict) -> str | None:
    capture = status.get("capture")
    return capture.get("state") if isinstance(capture, dict) else capture


class ApiRefusal(Exception):
    def __init__(self, status: int, text: str):
        super().__init__(f"{status}: {text[:500]}")
        self.status = status
        self.text = text


class ConsoleApi:
    """The administration API over one keep-alive connection. Not for several threads at once."""

    def __init__(self, console: Console, token: str, pin: str):
        self.console = console
        self._token = token
        self._pin = pin
        self._connection: http.client.HTTPSConnection | None = None

    def _connect(self):
        sock = self.console.machine.connect(Console.WEB, seconds=30)
        secure = unverified().wrap_socket(sock, server_hostname=self.console.host)
        found = pin_of(secure.getpeercert(binary_form=True))
        if found != self._pin:
            raise LabError(f"the console shows another key: {found}")
        connection = http.client.HTTPSConnection(self.console.host, Console.WEB)
        connection.sock = secure
        return connection

    def call(self, method: str, path: str, body: dict | None = None):
        headers = {"authorization": f"Bearer {self._token}", "accept": "application/json"}
        if body is not None:
            headers["content-type"] = "application/json"
        for attempt in range(2):
            fresh = self._connection is None
            if fresh:
                self._connection = self._connect()
            try:
                self._connection.request(method, path, json.dumps(body) if body is not None else None, headers)
                answer = self._connection.getresponse()
                text = answer.read().decode()
            except (OSError, http.client.HTTPException):
                # A kept connection may have been closed by the other side meanwhile; a fresh one may not.
                self.close()
                if fresh or attempt or method not in ("GET", "PUT"):
                    raise
                continue
            if answer.will_close:
                self.close()
            if answer.status >= 300:
                raise ApiRefusal(answer.status, text)
            return json.loads(text) if text else None
        return None

    def decide(self, app: str, decision: str, note: str = "", **more) -> dict:
        return self.call("PUT", f"/api/catalog/apps/{app}/decision",
                         {"decision": decision, "note": note, "scope": "global", **more})

    def items(self, path: str, limit: int = 200) -> list[dict]:
        found, cursor = [], ""
        while True:
            more = f"&cursor={cursor}" if cursor else ""
            page = self.call("GET", f"{path}{'&' if '?' in path else '?'}limit={limit}{more}")
            found += page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return found

    def logs(self) -> list[dict]:
        return self.items("/api/logs")

    def close(self):
        if self._connection:
            self._connection.close()
            self._connection = None


def pin_of(certificate: bytes) -> str:
    public = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-pubkey"], input=certificate,
                            capture_output=True, check=True).stdout
    key = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public, capture_output=True,
                         check=True).stdout
    return "sha256//" + base64.b64encode(hashlib.sha256(key).digest()).decode()
