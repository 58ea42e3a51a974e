"""A state backend of Terraform's kind `http` on loopback, with locks, and a remote state that takes its time."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

EMPTY = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "slow", "outputs": {}, "resources": []}


class Backend:
    """`slow` is fetched by a data source and answered once `answer` is set, or after `patience` seconds."""

    patience = 20

    def __init__(self):
        self.lock = None
        self.locks = 0
        self.asked = threading.Event()
        self.answer = threading.Event()
        backend = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/slow":
                    backend.asked.set()
                    backend.answer.wait(backend.patience)
                    return self.reply(200, EMPTY)
                return self.reply(404, {})

            def do_LOCK(self):
                held = self.rfile.read(int(self.headers["Content-Length"]))
                if backend.lock is not None:
                    return self.reply(423, json.loads(backend.lock))
                backend.lock = held
                backend.locks += 1
                return self.reply(200, {})

            def do_UNLOCK(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                backend.lock = None
                return self.reply(200, {})

            def reply(self, status, body):
                text = json.dumps(body).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text)
                except BrokenPipeError:
                    pass

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.answer.set()
        self.server.shutdown()
        self.server.server_close()
