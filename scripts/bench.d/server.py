"""A server on the loopback interface that gives the answers of one account and counts what it was asked."""

import collections
import datetime
import socketserver
import threading


class Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        while line := self.rfile.readline():
            method, target, _ = line.decode("ascii").split(" ", 2)
            length = 0
            while (header := self.rfile.readline()) not in (b"\r\n", b"\n", b""):
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            self.answer(method, target, self.rfile.read(length).decode())

    def answer(self, method, target, body):
        found = self.server.answers.find(method, target, body)
        if found is None:
            self.server.refused.append(f"{method} {target} {body}".strip())
            status, content = "404 Not Found", b"<Error><Code>NotFound</Code><Message>not here</Message></Error>"
        else:
            operation, content = found
            if b"@NOW@" in content[-400:]:
                now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
                content = content.replace(b"@NOW@", now.encode())
            status = "200 OK"
            with self.server.lock:
                self.server.asked[operation] += 1
                self.server.sent += len(content)
                self.server.log.append(f"{method} {target} {body}".strip())
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/xml\r\nContent-Length: {len(content)}\r\n\r\n"
        self.wfile.write(head.encode() + content)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        self.lock = threading.Lock()
        self.forget()

    def forget(self):
        """Begins to count anew."""
        self.asked, self.sent, self.log, self.refused = collections.Counter(), 0, [], []

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    @property
    def place(self):
        return f"127.0.0.1:{self.server_address[1]}"
