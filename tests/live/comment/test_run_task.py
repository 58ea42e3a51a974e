"""The run task of HCP Terraform, against a server that speaks its side of the protocol."""

import hashlib
import hmac
import http.server
import json
import os
import queue
import subprocess
import threading
import urllib.error
import urllib.request

import pytest

from conftest import DRIFTLINE, ROOT

KEY = "a key of the run task"
TOKEN = "a-token-of-the-run"
SCENARIO = ROOT / "testdata/scenarios/plan"


class Hcp:
    """HCP's side: the plan, which a store of another port gives, and the results."""

    def __init__(self):
        self.results, self.tokens = queue.Queue(), {}
        hcp = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                hcp.tokens[self.path] = self.headers.get("Authorization")
                if self.path == "/plan":
                    self.send_response(307)
                    self.send_header("Location", hcp.url + "/store")
                    self.send_header("Content-Length", "0")
                    return self.end_headers()
                body = (SCENARIO / "plan.json").read_bytes()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_PATCH(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hcp.results.put((self.headers["Authorization"], self.headers["Content-Type"], body["data"]))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def hcp():
    hcp = Hcp()
    yield hcp
    hcp.server.shutdown()


@pytest.fixture
def task(hcp, tmp_path):
    process = subprocess.Popen(
        [ROOT / "scripts/hcp-run-task", "--port", "0", "--host", hcp.host, "--driftline", DRIFTLINE, "--", "--live",
         SCENARIO / "live.snapshot.json"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DRIFTLINE_RUN_TASK_KEY": KEY}, stdout=subprocess.PIPE,
        text=True)
    port = int(process.stdout.readline().rsplit(":", 1)[1])

    def send(payload, key=KEY):
        body = json.dumps(payload).encode()
        signed = hmac.new(key.encode(), body, hashlib.sha512).hexdigest()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/", data=body, headers={"X-TFC-Task-Signature": signed})
        try:
            return urllib.request.urlopen(request, timeout=30).status
        except urllib.error.HTTPError as error:
            return error.code
    yield send
    process.terminate()
    process.wait()


def payload(hcp, **more):
    return {"payload_version": 1, "stage": "post_plan", "access_token": TOKEN, "plan_json_api_url": hcp.url + "/plan",
            "task_result_callback_url": hcp.url + "/result", **more}


def test_what_is_found_comes_back_as_an_outcome(hcp, task):
    assert task(payload(hcp)) == 200
    authorization, kind, first = hcp.results.get(timeout=60)
    assert (authorization, kind) == (f"Bearer {TOKEN}", "application/vnd.api+json")
    assert first["attributes"]["status"] == "running"
    _, _, last = hcp.results.get(timeout=60)
    assert last["attributes"]["status"] == "failed"
    [outcome] = last["relationships"]["outcomes"]["data"]
    assert outcome["attributes"]["body"].startswith("## driftline\n")
    # The store that the plan's address leads on to does not see the token.
    assert hcp.tokens == {"/plan": f"Bearer {TOKEN}", "/store": None}


def test_what_is_not_signed_or_leads_elsewhere_is_refused(hcp, task):
    assert task(payload(hcp), key="another key") == 401
    assert task(payload(hcp, task_result_callback_url="https://elsewhere.example.org/")) == 422
    assert task(payload(hcp, plan_json_api_url="file:///etc/passwd")) == 422
    assert task(payload(hcp, payload_version=2)) == 422
    assert task(payload(hcp, stage="test")) == 200
    assert hcp.results.empty() and hcp.tokens == {}
