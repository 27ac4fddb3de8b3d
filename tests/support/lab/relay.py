"""A port of this machine, loopback only, relayed to a port of a lab machine."""

import socket
import threading

from .machine import Network

BUFFER = 65536


class Relay:
    def __init__(self, network: Network, to_port: int, port: int):
        self.network = network
        self.to_port = to_port
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket):
        with client:
            try:
                inside = self.network.connect(self.to_port)
            except OSError:
                return
            inside.settimeout(None)
            with inside:
                back = threading.Thread(target=pump, args=(inside, client), daemon=True)
                back.start()
                pump(client, inside)
                back.join()

    def close(self):
        self.listener.close()


def pump(source: socket.socket, sink: socket.socket):
    try:
        while data := source.recv(BUFFER):
            sink.sendall(data)
    except OSError:
        pass
    try:
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass
