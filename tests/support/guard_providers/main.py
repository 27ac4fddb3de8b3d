"""Plays the external guardrail providers on a loopback port, by their public schemas (see README.md).

    main.py [--certificate FILE --key FILE]

Prints its port, then reads behaviours from standard input, one a line: "NAME BEHAVIOUR"; answers "ok". Requests of
provider NAME come below the path /@NAME. Ends with its input. Standard library only.
"""
import argparse
import http.server
import json
import socket
import socketserver
import ssl
import sys
import threading

import google
import vendors

behaviours = {}
counts = {}
lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        name, _, rest = self.path.lstrip("/").partition("/")
        if not name.startswith("@"):
            name, rest = "", self.path.lstrip("/")
        with lock:
            behaviour = behaviours.get(name[1:], "ok")
            counts[name[1:]] = counts.get(name[1:], 0) + 1
        status, answer = vendors.answer("/" + rest, self.path, self.headers, body)
        getattr(self, "act_" + behaviour.partition("=")[0])(status, answer, behaviour.partition("=")[2])

    def send(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def act_ok(self, status, answer, _):
        self.send(status, json.dumps(answer, ensure_ascii=False).encode())

    def act_hang(self, *_):
        self.rfile.read(1)  # until the client gives up
        self.close_connection = True

    def act_slow(self, status, answer, _):
        # A byte at a time, for longer than anybody waits: a time-out between bytes would never strike.
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) + 100000))
        self.end_headers()
        gone = threading.Event()
        try:
            while not gone.wait(0.01):
                self.wfile.write(b" ")
        except OSError:
            self.close_connection = True

    def act_half(self, status, answer, _):
        # Finds what it finds, and fails where it finds nothing.
        if answer.get("findings"):
            self.act_ok(status, answer, "")
        else:
            self.act_status(0, None, "500")

    def act_status(self, _status, _answer, argument):
        self.send(int(argument), b'{"message":"no"}')

    def act_html(self, *_):
        self.send(200, b"<html><body>Sign in to the hotel's network</body></html>", "text/html")

    def act_lie(self, status, answer, _):
        self.send(status, json.dumps(vendors.lie(answer)).encode())

    def act_flood(self, *_):
        # Blanks without end: JSON so far.
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        except OSError:
            self.close_connection = True

    def act_cut(self, status, answer, _):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def act_close(self, *_):
        self.close_connection = True

    def act_stale(self, status, answer, _):
        # Keeps the connection alive by its words and closes it all the same.
        self.act_ok(status, answer, "")
        self.close_connection = True

    def act_redirect(self, *_):
        self.send_response(307)
        self.send_header("Location", self.path.partition("/@")[0] + "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def act_gzip(self, status, answer, _):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128
    address_family = socket.AF_INET

    def handle_error(self, *_):
        pass  # clients give up; that is what they are tested for


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--certificate")
    options.add_argument("--key")
    given = options.parse_args()
    server = Server(("127.0.0.1", 0), Handler)
    if given.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(given.certificate, given.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    for line in sys.stdin:
        name, _, behaviour = line.strip().partition(" ")
        with lock:
            if name == "google-modulus":
                google.MODULUS = int(behaviour, 16)
                behaviour = "ok"
            if behaviour == "?":
                print(counts.get(name, 0), flush=True)
                continue
            behaviours[name] = behaviour
        print("ok", flush=True)


if __name__ == "__main__":
    main()
