"""The machines of the lab: a network namespace, mostly with a mount and a host name namespace of its own.

Needs root. Nothing outside the namespaces is changed: see machine.sh for what the machine sees. Machines are found
again by name, so that one that a killed run left behind is removed by the next run with the same prefix.
"""

import ctypes
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
SUPPORT = HERE.parent
CLONE_NEWNET = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


class LabError(Exception):
    """Something of the lab itself does not work; the message says what."""


def run(*command: str, **options) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise LabError(f"{shlex.join(command)}: exit {done.returncode}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def wait_until(what: str, seconds: float, condition, interval: float = 0.02):
    """The first true value of condition(), or LabError naming `what`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise LabError(f"after {seconds:g} s still waiting for {what}")
        time.sleep(interval)


def busy() -> float:
    """How many times slower other work makes this machine, 1 to 3. To be asked before a lab adds work of its own."""
    return min(3.0, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))


class Network:
    """A network namespace alone: for what needs no root of its own."""

    def __init__(self, name: str):
        self.name = name
        remove(name)
        run("ip", "netns", "add", name)
        run("ip", "-n", name, "link", "set", "lo", "up")

    def open_socket(self, family=socket.AF_INET, kind=socket.SOCK_STREAM) -> socket.socket:
        """A socket that belongs to this network, usable from this process."""
        made = []

        def make():
            with open(f"/run/netns/{self.name}", "rb") as namespace:
                if _libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            made.append(socket.socket(family, kind))

        # A thread's namespace is its own and ends with it.
        worker = threading.Thread(target=make)
        worker.start()
        worker.join()
        if not made:
            raise LabError(f"no socket in {self.name}")
        return made[0]

    def connect(self, port: int, address: str = "127.0.0.1", seconds: float = 10) -> socket.socket:
        made = self.open_socket()
        made.settimeout(seconds)
        try:
            made.connect((address, port))
        except OSError:
            made.close()
            raise
        return made

    def close(self):
        remove(self.name)


class Machine(Network):
    def __init__(self, name: str, host: str, folder: pathlib.Path, programs: pathlib.Path, web: pathlib.Path,
                 nameserver: str, public_ca: pathlib.Path | None):
        super().__init__(name)
        scratch = folder / f"root-{host}"
        scratch.mkdir()
        environment = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LAB_PROGRAMS": str(programs), "LAB_WEB": str(web), "LAB_PUBLIC_CA": str(public_ca or ""),
            "LAB_SCRIPTS": str(SUPPORT), "LAB_NODE_MODULES": str(SUPPORT / "clients" / "node_modules"),
        }
        self.holder = subprocess.Popen(
            ["ip", "netns", "exec", name, "unshare", "--mount", "--uts", "--propagation", "private",
             str(HERE / "machine.sh"), name, host, str(scratch), nameserver],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self.holder.stdout.readline().strip() != "ready":
            self.holder.kill()
            raise LabError(f"machine {name}: {self.holder.stderr.read().strip()}")
        self.enter = ["nsenter", f"--target={self.holder.pid}", "--mount", "--net", "--uts"]

    def path(self, inside: str) -> pathlib.Path:
        """A file of the machine as this process can open it."""
        return pathlib.Path(f"/proc/{self.holder.pid}/root{inside}")

    def command(self, *command: str) -> list[str]:
        """The machine's root runs it: an exec chain, so the process id is the program's own."""
        return [*self.enter, "--", "env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "LANG=C.UTF-8", *passed_on(), *command]

    def login(self, user: str, command: str) -> list[str]:
        """A person runs it in a login shell: only what is installed in the machine is in effect."""
        return [*self.enter, "--", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "su", "-", user, "-c", command]

    def run(self, *command: str, **options) -> str:
        return run(*self.command(*command), **options)

    def close(self):
        super().close()
        self.holder.wait()
        self.holder.stdout.close()
        self.holder.stderr.close()


def passed_on() -> list[str]:
    return [f"{name}={os.environ[name]}" for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "ASAN_SYMBOLIZER_PATH")
            if name in os.environ]


def remove(name: str):
    """Ends the processes of the machine with this name and removes its namespace."""
    if not os.path.exists(f"/run/netns/{name}"):
        return
    for _ in range(50):
        processes = run("ip", "netns", "pids", name).split()
        if not processes:
            break
        for process in processes:
            try:
                os.kill(int(process), signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.05)
    run("ip", "netns", "del", name)


def link(left: Network, left_address: str, right: Network, right_address: str, name: str):
    """A cable between two machines; addresses are of one /24. `name` is at most 11 characters."""
    ends = ((left, f"{name}-a", left_address), (right, f"{name}-b", right_address))
    run("ip", "-n", left.name, "link", "add", f"{name}-a", "type", "veth", "peer", "name", f"{name}-b",
        "netns", right.name)
    for machine, device, address in ends:
        run("ip", "-n", machine.name, "addr", "add", f"{address}/24", "dev", device)
        run("ip", "-n", machine.name, "link", "set", device, "up")
