"""Calls to the carrier simulator from a SIP program that knows nothing of it, and messages over its own sockets."""

import hashlib
import hmac
import http.server
import json
import threading

import pytest
import requests

import carrier as carriers
import harness

NUMBER = "+85291234567"


@pytest.fixture(scope="module")
def tune():
    folder = harness.Folder()
    path = folder.path / "tune.wav"
    yield path, carriers.tune(path, 3)
    folder.remove()


@pytest.fixture
def caller(tune):
    caller = carriers.Caller(tune[0])
    yield caller
    caller.close()


def act(carrier, call, action, **body):
    return carrier.api("POST", f"calls/{call['id']}/{action}", **body)


def test_what_the_caller_says_is_what_is_heard(carrier, caller, tune):
    caller.dial(carrier, NUMBER)
    call = carrier.wait_for_call(NUMBER, "ringing")
    assert call["from"] == "Northwind"
    caller.wait_for("CALL_RINGING")
    act(carrier, call, "answer")
    caller.wait_for("CALL_ESTABLISHED")
    act(carrier, call, "key", key="1")
    assert caller.wait_for("CALL_DTMF_START")["param"] == "1"
    caller.wait_for("CALL_CLOSED")  # the end of the sound
    call = carrier.wait_for_call(NUMBER, "over")
    assert call["ending"] == "caller_hung_up" and call["keys"] == "1"
    heard = carriers.samples_of(requests.get(carrier.page + call["audio"], timeout=10).content)
    assert len(heard) > 2.5 * 8000
    assert carriers.likeness(tune[1], heard) > 0.98
    assert carriers.likeness(tune[1][::-1], heard) < 0.5


@pytest.mark.parametrize("mode, reason", [("busy", "486"), ("off", "480")])
def test_what_a_caller_is_told(carrier, caller, mode, reason):
    carrier.mode(NUMBER, mode)
    caller.dial(carrier, NUMBER)
    assert reason in caller.wait_for("CALL_CLOSED")["param"]
    assert carrier.calls(NUMBER)[0]["ending"] == mode


def test_declined(carrier, caller):
    caller.dial(carrier, NUMBER)
    act(carrier, carrier.wait_for_call(NUMBER, "ringing"), "decline")
    assert "603" in caller.wait_for("CALL_CLOSED")["param"]


def test_nobody_comes_and_the_caller_gives_up(carrier, caller):
    carrier.mode(NUMBER, "no_answer")
    caller.dial(carrier, NUMBER)
    caller.wait_for("CALL_RINGING")
    caller.tell("hangup")
    assert carrier.wait_for_call(NUMBER, "over")["ending"] == "missed"


def test_a_mailbox_answers_and_presses_nothing(carrier, caller):
    carrier.mode(NUMBER, "mailbox")
    caller.dial(carrier, NUMBER)
    caller.wait_for("CALL_ESTABLISHED")
    caller.wait_for("CALL_CLOSED")
    call = carrier.wait_for_call(NUMBER, "over")
    assert call["keys"] == "" and call["heard_ms"] > 2000


def test_hung_up_here(carrier, caller):
    caller.dial(carrier, NUMBER)
    call = carrier.wait_for_call(NUMBER, "ringing")
    act(carrier, call, "answer")
    caller.wait_for("CALL_ESTABLISHED")
    act(carrier, call, "hangup")
    caller.wait_for("CALL_CLOSED")
    assert carrier.wait_for_call(NUMBER, "over")["ending"] == "hung_up"


class Receipts:
    """A callback that keeps what it is sent."""

    def __init__(self):
        kept = self.kept = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kept.append((self.headers["X-Carrier-Signature"], body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/receipts"

    def statuses(self):
        return [json.loads(body)["status"] for _, body in self.kept]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receipts():
    receipts = Receipts()
    yield receipts
    receipts.close()


def test_receipts_are_signed_and_true(carrier, receipts):
    carrier.mode(NUMBER, "off")
    sent = carrier.post(NUMBER, "1234", callback=receipts.address).json()
    harness.wait_until(lambda: receipts.statuses() == ["buffered"], "the first receipt")
    carrier.mode(NUMBER, "on")
    harness.wait_until(lambda: receipts.statuses() == ["buffered", "delivered"], "the second receipt")
    for signature, body in receipts.kept:
        expected = hmac.new(carrier.RECEIPT_KEY.encode(), body, hashlib.sha256).hexdigest()
        assert signature == f"sha256={expected}"
        assert json.loads(body)["id"] == sent["id"]


def test_lying_and_doubled(carrier, receipts):
    carrier.way("http", texts="lost", receipts="lying")
    carrier.post(NUMBER, "1234", callback=receipts.address)
    harness.wait_until(lambda: receipts.statuses() == ["delivered"], "the lie")
    assert carrier.messages(NUMBER)[0]["state"] == "lost"
    carrier.way("http", texts="undeliverable", receipts="doubled")
    carrier.post(NUMBER, "1234", callback=receipts.address)
    harness.wait_until(lambda: receipts.statuses() == ["delivered"] + ["undeliverable"] * 2, "both")


@pytest.mark.parametrize("fault, taken", [("dead", 0), ("unanswered", 1)])
def test_connections_that_close(carrier, fault, taken):
    carrier.way("http", answers=fault)
    with pytest.raises(requests.ConnectionError):
        carrier.post(NUMBER, "1234")
    assert len(carrier.messages(NUMBER)) == taken


def test_a_taken_port_is_said(carrier):
    port = carrier.page.rsplit(":", 1)[1]
    done = harness.run([harness.program("carrier-simulator"), "--port", port, "--no-smpp", "--no-sip", "--no-smtp"], check=False)
    assert done.returncode != 0 and f"port {port}" in done.stderr and "--port" in done.stderr
