"""The carrier simulator as a running program, and a telephone that calls it. Knows nothing of pages."""

import json
import math
import pathlib
import socket
import struct
import time
import wave

import requests

import harness


class Carrier:
    """`carrier-simulator` on free ports."""

    USER, PASSWORD, RECEIPT_KEY = "countersign", "carrier", "carrier-simulator-receipts"

    def __init__(self, *more):
        self.process = harness.Process([
            harness.program("carrier-simulator"), "--port", 0, "--smpp-port", 0, "--sip-port", 0,
            "--smtp-port", 0, *more])
        self.page = self.process.wait_for_line("carrier-simulator: ").split(" ")[1].rstrip("/")
        ways = dict(line.split(": ", 1) for line in self.process.lines if ": " in line)
        self.smpp, self.sip, self.smtp = ways.get("SMPP"), ways.get("SIP"), ways.get("SMTP")

    def post(self, to, text, sender="Northwind", **more):
        """A message by the HTTP gateway."""
        return requests.post(
            f"{self.page}/gateway/messages", auth=(self.USER, self.PASSWORD), timeout=10,
            json={"to": to, "from": sender, "text": text, **more})

    def api(self, method, path, **body):
        answer = requests.request(method, f"{self.page}/api/{path}", timeout=10, json=body or None)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def messages(self, number):
        return self.api("GET", f"messages?number={number.replace('+', '%2B')}")["messages"]

    def calls(self, number):
        return self.api("GET", f"calls?number={number.replace('+', '%2B')}")["calls"]

    def mails(self, address):
        return self.api("GET", f"mails?to={address}")["mails"]

    def way(self, name, **faults):
        return self.api("POST", "faults", ways={name: faults})

    def mode(self, number, mode):
        return self.api("POST", "faults", phones={number: {"mode": mode}})

    def wait_for_call(self, number, state):
        return harness.wait_until(
            lambda: next((call for call in self.calls(number) if call["state"] == state), None), f"a call {state}")

    def forget(self):
        self.api("DELETE", "messages")
        self.api("DELETE", "faults")

    def stop(self):
        return self.process.end()


class Caller:
    """A baresip that calls, says what is in a file, and hears keys."""

    def __init__(self, sound):
        self.folder = harness.Folder()
        (self.control,) = harness.free_ports(1)
        lines = [
            "module_path /usr/lib/baresip/modules", "module g711.so", "module aufile.so", "module_app account.so",
            "module_app menu.so", "module_app ctrl_tcp.so", f"ctrl_tcp_listen 127.0.0.1:{self.control}",
            "net_interface 127.0.0.1", f"audio_source aufile,{sound}", "statmode_default off", "ringback_disabled yes"]
        (self.folder.path / "config").write_text("\n".join(lines) + "\n")
        (self.folder.path / "accounts").write_text("# none\n")
        self.process = harness.Process(["/usr/bin/baresip", "-f", self.folder.path])
        self.socket = harness.wait_until(self._connect, "baresip")
        self.events, self.buffer = [], b""
        self.tell("uanew", '"Northwind" <sip:+85230000000@127.0.0.1>;regint=0;audio_codecs=pcmu')

    def _connect(self):
        try:
            return socket.create_connection(("127.0.0.1", self.control), 1)
        except OSError:
            return None

    def tell(self, command, parameters=""):
        text = json.dumps({"command": command, "params": parameters, "token": command})
        self.socket.sendall(f"{len(text)}:{text},".encode())

    def dial(self, carrier, number):
        self.tell("dial", f"sip:{number}@{carrier.sip};user=phone")

    def wait_for(self, kind, seconds=20):
        """The first event of this kind from now on."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for place, event in enumerate(self.events):
                if event.get("type") == kind:
                    del self.events[:place + 1]
                    return event
            self._read()
        raise AssertionError(f"no {kind}; there was {self.events}\n{self.process.log}")

    def _read(self):
        self.socket.settimeout(0.5)
        try:
            self.buffer += self.socket.recv(65536)
        except TimeoutError:
            return
        while b":" in self.buffer:
            length, rest = self.buffer.split(b":", 1)
            if len(rest) <= int(length):
                return
            message = json.loads(rest[:int(length)])
            self.buffer = rest[int(length) + 1:]
            if message.get("event"):
                self.events.append(message)

    def close(self):
        self.socket.close()
        self.process.end()
        self.folder.remove()


def tune(path, seconds):
    """A sound that is like no other part of itself: tones that change every tenth of a second."""
    samples, phase = [], 0.0
    for index in range(int(8000 * seconds)):
        phase += 2 * math.pi * (300 + 37 * ((index // 800) * 7 % 41)) / 8000
        samples.append(int(9000 * math.sin(phase)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return samples


def likeness(meant, heard):
    """How much of the same both are, wherever the one begins in the other: 1 for the same, about 0 for something else."""
    size = min(len(meant), len(heard)) - 4000
    part = meant[4000:4800]
    shift = max(range(-4000, 4001), key=lambda shift: _product(part, heard[4000 + shift:4800 + shift]))
    there, wanted = heard[4000 + shift:size + shift], meant[4000:size]
    return _product(there, wanted) / math.sqrt(_product(there, there) * _product(wanted, wanted))


def _product(left, right):
    return sum(a * b for a, b in zip(left, right))


def samples_of(content):
    """Of a WAV file's bytes."""
    folder = harness.Folder()
    path = pathlib.Path(folder.path) / "sound.wav"
    path.write_bytes(content)
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        frames = file.readframes(file.getnframes())
    folder.remove()
    return list(struct.unpack(f"<{len(frames) // 2}h", frames))
