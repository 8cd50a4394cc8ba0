"""Starts the programs that are tested, waits for them, and ends them. Knows nothing of pages or protocols."""

import hashlib
import hmac
import json
import os
import pathlib
import queue
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("COUNTERSIGN_BIN", ROOT / ".build" / "debug"))
# The server refuses variables of its prefix that are no settings, so the tests' own do not reach it.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERSIGN_")}


def program(name):
    return str(PROGRAMS / name)


def wait_until(condition, what, seconds=20.0, pause=0.02):
    """The first true value of the condition; a failure after the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain for: {what}")
        time.sleep(pause)


def free_ports(count):
    """Ports that nobody listens on, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def heed_interrupts():
    """Whoever started the tests in the background has made everything below him ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Process:
    """A program that was started, with everything that it prints."""

    def __init__(self, arguments, environment=None, cwd=None):
        self.arguments = [str(argument) for argument in arguments]
        self.lines = []
        self._new = queue.Queue()
        self.popen = subprocess.Popen(
            self.arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", env={**ENVIRONMENT, **(environment or {})}, cwd=cwd, bufsize=1,
            preexec_fn=heed_interrupts)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self):
        return self.popen.pid

    @property
    def log(self):
        return "\n".join(self.lines)

    def _read(self):
        for line in self.popen.stdout:
            self.lines.append(line.rstrip("\n"))
            self._new.put(line.rstrip("\n"))

    def wait_for_line(self, beginning, seconds=30.0):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                line = self._new.get(timeout=0.05)
            except queue.Empty:
                if self.popen.poll() is not None and self._new.empty():
                    self._reader.join(2)
                    if self._new.empty():
                        break
                continue
            if line.startswith(beginning):
                return line
        raise AssertionError(f"no line '{beginning}' from {' '.join(self.arguments)}; it printed:\n{self.log}")

    def tell(self, line):
        self.popen.stdin.write(line + "\n")
        self.popen.stdin.flush()

    def end(self, signal_number=signal.SIGTERM, seconds=20.0):
        """Sends the signal, waits, and answers the exit status."""
        if self.popen.poll() is None:
            self.popen.send_signal(signal_number)
        try:
            status = self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
            raise AssertionError(f"did not end within {seconds} s: {' '.join(self.arguments)}\n{self.log}") from None
        self._reader.join(5)
        self.popen.stdin.close()
        return status


def run(arguments, environment=None, seconds=60, check=True, **options):
    """Runs a program to its end."""
    done = subprocess.run(
        [str(argument) for argument in arguments], env={**ENVIRONMENT, **(environment or {})}, timeout=seconds,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


class Folder:
    """A temporary folder with a short path, as sockets need."""

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="cs-", dir="/tmp"))
        self.path.chmod(0o755)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


def unprivileged(command):
    """The command as a user without rights, when the tests run as root."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]


class Postgres:
    """A private PostgreSQL server, reachable over a socket in its folder alone."""

    def __init__(self):
        versions = [int(each.name) for each in pathlib.Path("/usr/lib/postgresql").iterdir() if each.name.isdigit()]
        self.programs = f"/usr/lib/postgresql/{max(versions)}/bin"
        self.folder = Folder()
        self.socket = str(self.folder.path)
        if os.geteuid() == 0:
            shutil.chown(self.socket, "nobody", "nogroup")
        run(self._command("initdb", "-D", f"{self.socket}/d", "-A", "trust", "-U", "cs", "--no-sync", "-E", "UTF8"))
        self.process = None
        self.start()

    def _command(self, name, *arguments):
        bare = ["env", "-i", f"HOME={self.socket}", "LC_ALL=C.UTF-8", f"{self.programs}/{name}", *arguments]
        return unprivileged(bare)

    def start(self):
        def is_up():
            if self.process.popen.poll() is not None:  # the one before has not let go of its files yet
                self._launch()
            return run(
                [f"{self.programs}/pg_isready", "-q", "-h", self.socket], check=False).returncode == 0

        self._launch()
        wait_until(is_up, "PostgreSQL")

    def _launch(self):
        self.process = Process(self._command(
            "postgres", "-D", f"{self.socket}/d", "-k", self.socket, "-h", "", "-c", "max_connections=100"))

    def stop(self):
        self.process.end(signal.SIGINT)

    def make_database(self):
        name = "j" + secrets.token_hex(6)
        self.sql(f"CREATE DATABASE {name}", "postgres")
        return f"host={self.socket} user=cs dbname={name}"

    def sql(self, statement, database):
        return run([
            f"{self.programs}/psql", "-X", "-qAt", "-h", self.socket, "-U", "cs", "-d", database, "-c", statement,
        ]).stdout

    def remove(self):
        if self.process.popen.poll() is None:
            self.stop()
        self.folder.remove()


class Demo:
    """A demo firm in a folder of its own, on free ports."""

    def __init__(self, database=None, settings=""):
        self.folder = Folder()
        self.path = self.folder.path / "demo"
        self.port, self.portal_port, self.cards_port = free_ports(3)
        self.issuer = f"http://localhost:{self.port}"
        self.portal = f"http://127.0.0.1:{self.portal_port}"
        self.cards = f"http://127.0.0.1:{self.cards_port}"
        self.config = self.path / "countersign.yaml"
        self.path.mkdir()
        self.database = database
        store = f"postgresql:\n    url: '{database}'" if database else f"sqlite:\n    path: '{self.sqlite}'"
        self.config.write_text(
            f"issuer: {self.issuer}\nfirm:\n  name: Northwind Securities\n  name_zh_hant: 北風證券\n"
            f"listen:\n  port: {self.port}\nstore:\n  {store}\n"
            f"secrets:\n  master_key_file: '{self.master_key}'\n"
            # Soon enough for tests; one step still hides what a hash took.
            f"password:\n  answer_milliseconds: 100\n"
            # Under load one card answers more often than a person's.
            f"limits:\n  challenges_an_hour: 1000\n{settings}")
        self.make()
        self.document = json.loads((self.path / "demo.json").read_text())

    @property
    def sqlite(self):
        return self.path / "data" / "countersign.sqlite"

    @property
    def master_key(self):
        return self.path / "master.key"

    @property
    def file(self):
        return self.path / "demo.json"

    def make(self):
        return run([
            program("countersign"), "demo", "--folder", self.path, "--port", self.port,
            "--portal-port", self.portal_port])

    def user(self, name):
        found = next(each for each in self.document["users"] if each["username"] == name)
        cards = [Card(each) for each in self.document["cards"] if each["username"] == name]
        return User(found["username"], found["name"], found["password"], cards)

    @property
    def client(self):
        return self.document["client"]

    def add_users(self, count, cards=1):
        """New users, so that no test depends on what another did to one."""
        users, all_cards = [], []
        for _ in range(count):
            name = "u" + secrets.token_hex(5)
            users.append({
                "username": name, "name": f"Test User {name}", "password": secrets.token_urlsafe(15),
                "email": f"{name}@example.com"})
            for _ in range(cards):
                all_cards.append({
                    "serial": f"CS-{200_000_000 + secrets.randbelow(800_000_000)}", "username": name,
                    "pin": str(1000 + secrets.randbelow(9000)), "key": secrets.token_hex(32),
                    "suite": "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"})
        self.provision({"users": users, "cards": all_cards})
        return [
            User(each["username"], each["name"], each["password"],
                 [Card(card) for card in all_cards if card["username"] == each["username"]])
            for each in users]

    def add_user(self, cards=1):
        return self.add_users(1, cards)[0]

    def provision(self, document):
        run([program("test-server"), "provision", "--config", self.config, "-"], input=json.dumps(document))

    def remove(self):
        self.folder.remove()


class User:
    def __init__(self, name, display_name, password, cards):
        self.name, self.display_name, self.password, self.cards = name, display_name, password, cards

    @property
    def card(self):
        return self.cards[0]

    def card_of(self, label):
        """The card whose serial ends in what a page or an answer shows."""
        return next(card for card in self.cards if card.serial.endswith(label))


class Card:
    """A security card. Its arithmetic is written here a second time, from RFC 6287 alone."""

    def __init__(self, entry):
        self.serial, self.pin, self.suite = entry["serial"], entry["pin"], entry["suite"]
        self.key = bytes.fromhex(entry["key"])

    def response(self, challenge, pin=None):
        question = f"{int(challenge):x}".ljust(256, "0")
        message = (self.suite.encode() + b"\0" + bytes.fromhex(question)
                   + hashlib.sha1((pin or self.pin).encode()).digest())
        digest = hmac.new(self.key, message, hashlib.sha256).digest()
        offset = digest[-1] & 15
        number = int.from_bytes(digest[offset:offset + 4], "big") & 0x7FFF_FFFF
        return str(number % 10 ** 8).zfill(8)

    def wrong_response(self, challenge):
        return str((int(self.response(challenge)) + 1) % 10 ** 8).zfill(8)


class Stack:
    """The programs of one demo: the server, and where a test wants them the portal and the card page."""

    def __init__(self, demo, moved_clock=False):
        self.demo, self.moved_clock = demo, moved_clock
        self.server = self.portal = self.cards = None

    def start(self, server_only=False):
        self.start_server()
        if not server_only:
            self.portal = Process([
                program("client-portal"), "--demo", self.demo.file, "--port", self.demo.portal_port])
            self.cards = Process([
                program("card-simulator"), "serve", "--demo", self.demo.file, "--port", self.demo.cards_port])
            self.portal.wait_for_line("Client Portal: ")
            self.cards.wait_for_line("card-simulator: ")
        return self

    def start_server(self):
        command = [program("test-server")] if self.moved_clock else [program("countersign"), "serve"]
        self.server = Process([*command, "--config", self.demo.config])
        self.server.wait_for_line("countersign: ")

    def end_and_start(self):
        self.server.end()
        self.start_server()

    def advance(self, seconds):
        self.server.tell(f"advance {seconds}")
        self.server.wait_for_line(f"advanced {seconds}")

    def code(self, name):
        """A code to set a password, as staff would give it out."""
        self.server.tell(f"code {name}")
        return self.server.wait_for_line("code ").split(" ")[1]

    def desk(self, *request):
        """What the staff does about cards: `stock SERIAL KEY`, `order USER PIN`, `ship SERIAL`; answers the serial."""
        self.server.tell(" ".join(request))
        return self.server.wait_for_line("desk ").split(" ")[1]

    def kill(self):
        self.server.end(signal.SIGKILL)

    def processes(self):
        return {name: each for name, each in
                (("server", self.server), ("portal", self.portal), ("cards", self.cards)) if each}

    def stop(self):
        for each in self.processes().values():
            each.end()
