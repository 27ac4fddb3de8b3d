"""The whole lab: a laptop and a company network, each with the internet in between.

    laptop 192.0.2.2 ── 192.0.2.1 internet 198.51.100.1 ── 198.51.100.2 corp
                        every address of 198.18.0.0/15: the mock provider and web sites, port 443

The internet's name server gives every name an address of its own. The company runs console and gateway; the laptop
runs the agent and the person's programs. Its system store trusts the lab's "public" authority, as real machines trust
the web's; Sluice's root gets there only by the agent.
"""

import fcntl
import json
import os
import pathlib
import secrets
import shutil
import subprocess
import tempfile

from .machine import HERE, SUPPORT, LabError, Machine, Network, busy, link, run, wait_until
from .programs import Agent, Console, ConsoleApi, Gateway
from .provider import Provider

REPOSITORY = HERE.parents[2]
CONSOLE_HOST = "console.corp.example"
GATEWAY_HOST = "gateway.corp.example"
NAMESERVER = "198.18.0.53"
LAPTOP_ADDRESS = "192.0.2.2"
CORP_ADDRESS = "198.51.100.2"
PROVIDER_NETWORK = "198.18.0.0/15"
PERSON = "demo"


def build_folder() -> pathlib.Path:
    folder = pathlib.Path(os.environ.get("SLUICE_BUILD_DIR", REPOSITORY / "build" / "release")).resolve()
    if not (folder / "bin").is_dir():
        raise LabError(f"no programs in {folder / 'bin'}: build them first (./dev build) or set SLUICE_BUILD_DIR")
    return folder


class Lab:
    """Use it as a context manager: leaving it ends every process and removes every namespace it made."""

    def __init__(self, prefix: str = "sluice", say=lambda text: None):
        if os.geteuid() != 0:
            raise LabError("network namespaces need root")
        if len(prefix) > 9:
            raise LabError("the prefix is part of device names: at most 9 characters")
        if not (SUPPORT / "clients" / "node_modules").is_dir():
            raise LabError("the clients are not installed: npm ci --prefix tests/support/clients")
        self.lock = only_one(prefix)
        self.busy = busy()  # limits of time are for a machine that does nothing else
        self.prefix = prefix
        self.say = say
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{prefix}-lab-", dir="/var/tmp"))
        self.networks: list[Network] = []
        self.programs = []
        self.clients: list[subprocess.Popen] = []
        self.provider = self.console = self.gateway = self.agent = self.api = None

    def __enter__(self):
        try:
            self._build_networks()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def _build_networks(self):
        self.say("building the networks: laptop, corp, internet")
        programs, web = build_folder() / "bin", REPOSITORY / "console_backend" / "web" / "dist"
        self.internet = self._add(Network(f"{self.prefix}-internet"))
        self._internet("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
        # "AnyIP": the internet answers for every address of the range.
        run("ip", "-n", self.internet.name, "route", "add", "local", PROVIDER_NETWORK, "dev", "lo")
        self.provider = Provider(self.folder / "provider", ["ip", "netns", "exec", self.internet.name], [
            "--listen", "0.0.0.0:443", "--names", NAMESERVER,
            "--name", f"{CONSOLE_HOST}={CORP_ADDRESS}", "--name", f"{GATEWAY_HOST}={CORP_ADDRESS}"])
        self.provider.start()
        self.laptop = self._machine("laptop", programs, web)
        self.corp = self._machine("corp", programs, web)
        link(self.laptop, LAPTOP_ADDRESS, self.internet, "192.0.2.1", f"{self.prefix}-l")
        link(self.corp, CORP_ADDRESS, self.internet, "198.51.100.1", f"{self.prefix}-c")
        run("ip", "-n", self.laptop.name, "route", "add", "default", "via", "192.0.2.1")
        run("ip", "-n", self.corp.name, "route", "add", "default", "via", "198.51.100.1")

    def _add(self, network):
        self.networks.append(network)
        return network

    def _machine(self, host: str, programs: pathlib.Path, web: pathlib.Path) -> Machine:
        return self._add(Machine(f"{self.prefix}-{host}", host, self.folder, programs, web, NAMESERVER,
                                 self.provider.public_ca))

    def _internet(self, *command: str):
        run("ip", "netns", "exec", self.internet.name, *command)

    def start_sluice(self):
        """Console, gateway and agent, each ready before the next one starts."""
        self.start_company()
        self.say("starting the agent on the laptop; it enrols, installs trust and captures")
        self.agent = Agent(self.laptop, self.folder / "agent", self.console)
        self.programs.append(self.agent)
        self.agent.start()
        self.agent.wait_ready()

    def start_company(self):
        self.say("starting the console: keys, database, first administrator")
        self.console = Console(self.corp, self.folder / "console", CONSOLE_HOST, GATEWAY_HOST)
        self.programs.append(self.console)
        self.console.initialise()
        self.console.start()
        self.console.wait_ready()
        self.api = ConsoleApi(self.console, self.console.api_token("lab"), self.console.pin())
        self.say("starting the gateway; it enrols at the console")
        self.gateway = Gateway(self.corp, self.folder / "gateway", GATEWAY_HOST, self.console,
                               self.provider.public_ca, [PROVIDER_NETWORK])
        self.programs.append(self.gateway)
        self.gateway.start()
        self.gateway.wait_ready()

    def person_runs(self, command: str, seconds: float = 60, **options) -> subprocess.CompletedProcess:
        """On the laptop, in a login shell."""
        return subprocess.run(self.laptop.login(PERSON, command), stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=seconds, check=False, **options)

    def person_starts(self, command: str, **options) -> subprocess.Popen:
        process = subprocess.Popen(self.laptop.login(PERSON, command), text=True, **options)
        self.clients.append(process)
        return process

    def person_asks(self, question: str, streamed: bool = False) -> tuple[str, bytes]:
        """What curl shows, a streamed answer's text put together, and the body that the provider got."""
        body = json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": question}], **(
            {"stream": True, "stream_options": {"include_usage": True}} if streamed else {})})
        file = self.give_person("question.json", body.encode())
        request_id = unique_id()
        done = self.person_runs(
            f"curl -sS -H 'x-request-id: {request_id}' -H 'content-type: application/json' -H 'authorization: Bearer "
            f"sk-lab-dummy' --data-binary @{file} https://api.openai.com/v1/chat/completions")
        shown = done.stdout + done.stderr
        if streamed:
            events = [json.loads(line[6:]) for line in shown.splitlines() if line.startswith("data: {")]
            shown = "".join(choice["delta"].get("content") or "" for event in events
                            for choice in event.get("choices", []))
        arrived = [request for request in self.provider.requests() if request["x_request_id"] == request_id]
        return shown, self.provider.body(arrived[0]) if arrived else b""

    def give_person(self, name: str, data: bytes) -> str:
        """A file in the person's home; its path there."""
        file = self.laptop.path(f"/home/{PERSON}/{name}")
        file.write_bytes(data)
        os.chown(file, 4200, 4200)
        return f"/home/{PERSON}/{name}"

    def settled_rows(self, expected, seconds: float = 20) -> list[dict]:
        """The audit rows, once expected(rows) is true: events travel in batches."""
        def look():
            rows = self.api.logs()
            return rows if expected(rows) else None
        try:
            return wait_until("the audit rows to arrive at the console", seconds, look, interval=0.2)
        except LabError:
            return self.api.logs()

    def close(self):
        for client in self.clients:
            if client.poll() is None:
                client.kill()
            client.wait()
        if self.api:
            self.api.close()
        for program in reversed(self.programs):
            program.stop()
        if self.provider:
            self.provider.stop()
        for network in reversed(self.networks):
            network.close()
        if os.environ.get("SLUICE_KEEP_LAB"):
            self.say(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.lock.close()


def only_one(prefix: str):
    """Holds the prefix for as long as the file that is returned is open: a lab removes what it finds under its names."""
    lock = open(f"/run/sluice-lab-{prefix}.lock", "a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        pid = lock.read().strip()
        lock.close()
        raise LabError(f"a lab with the names {prefix}-… is running already, pid {pid}: end it with Ctrl-C in its terminal, "
                       f"or kill {pid}") from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def unique_id() -> str:
    return f"lab-{secrets.token_hex(12)}"
