"""What must hold when things break: processes killed, databases gone, files spoiled, clients hostile."""

import concurrent.futures
import os
import random
import re
import shutil
import signal
import socket
import stat
import threading
import time

import pytest
import requests

import harness
from visitor import Authorization, FactorChecks, Page, Visitor

KILLS = 10


def ready(demo):
    return requests.get(f"{demo.issuer}/health/ready", timeout=20)


class Load:
    """Users who log in all the time, each in a thread of his own. Keeps only what an answer said that was received."""

    def __init__(self, demo, checkers, visitors):
        self.demo = demo
        self.stopping = threading.Event()
        self.granted, self.sessions, self.redeemed, self.unknown, self.surprises = [], [], [], [], []
        work = [(self.check, user) for user in checkers] + [(self.visit, user) for user in visitors]
        self.threads = [threading.Thread(target=self._repeat, args=each, daemon=True) for each in work]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)

    def _repeat(self, step, user):
        while not self.stopping.is_set():
            try:
                step(user)
            except requests.RequestException:
                return  # the server was killed
            except Exception as error:
                if not self.stopping.is_set():
                    self.surprises.append(repr(error))
                return

    def check(self, user):
        checks = FactorChecks(self.demo)
        while not self.stopping.is_set():
            login = checks.start(user).json()
            response = user.card.response(login["challenge"])
            self.unknown.append((login, response))
            answer = checks.respond(login, response).json()
            assert answer["state"] == "granted", answer
            self.unknown.remove((login, response))
            self.granted.append((login, response))

    def visit(self, user):
        asked = Authorization(self.demo, "http://127.0.0.1:9/callback")
        visitor = Visitor(asked.issuer, asked.redirect)
        code = asked.code(visitor.log_in(asked.address, user))
        self.sessions.append((visitor, user))
        answer = asked.redeem(code)
        assert answer.status_code == 200, answer.text
        self.redeemed.append((asked, code))


def test_kill_9_loses_no_login_and_accepts_nothing_twice(server):
    demo = server.demo
    visitors = demo.add_users(3)
    done, sessions = 0, 0
    for _ in range(KILLS):
        checkers = demo.add_users(4)  # new ones: a card is challenged only so often an hour
        with Load(demo, checkers, visitors) as load:
            harness.wait_until(lambda: load.surprises or len(load.granted) >= 8, "logins under way")
            time.sleep(random.uniform(0, 0.5))  # no condition: the moment is meant to be any moment
            load.stopping.set()
            server.kill()
        assert not load.surprises, load.surprises
        server.start_server()
        check_after(demo, load)
        done, sessions = done + len(load.granted), sessions + len(load.sessions)
    assert done >= 8 * KILLS and sessions > 0


def check_after(demo, load):
    checks = FactorChecks(demo)
    for login, response in load.granted:
        assert checks.show(login).json()["state"] == "granted"
    for login, response in load.granted[-20:]:
        assert checks.respond(login, response).status_code == 409
    for login, response in load.unknown:  # the answer never came: accepted or not, but then at most once
        states = [checks.respond(login, response).status_code for _ in range(2)]
        assert states in ([200, 409], [409, 409]), states
        assert checks.show(login).json()["state"] == "granted"
    for visitor, user in load.sessions:
        assert user.display_name in visitor.open("/").text
    for asked, code in load.redeemed:
        answer = asked.redeem(code)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_one_response_sent_at_once_by_many_is_accepted_once(server):
    demo = server.demo
    user = demo.add_user()
    login = FactorChecks(demo).start(user).json()
    response = user.card.response(login["challenge"])
    together = threading.Barrier(20)

    def send(_):
        checks = FactorChecks(demo)
        together.wait()
        return checks.respond(login, response).status_code

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        assert sorted(pool.map(send, range(20))) == [200] + [409] * 19


def test_postgresql_stops_and_comes_back(own_postgres):
    demo = harness.Demo(own_postgres.make_database())
    stack = harness.Stack(demo)
    try:
        stack.start(server_only=True)
        user, checks = demo.add_user(), FactorChecks(demo)
        login = checks.start(user).json()
        own_postgres.stop()
        for request in (
                lambda: ready(demo), lambda: checks.start(user),
                lambda: checks.respond(login, user.card.response(login["challenge"])),
                lambda: requests.get(Authorization(demo, "http://127.0.0.1:9/callback").address, timeout=20)):
            started = time.monotonic()
            answer = request()
            assert answer.status_code == 503, answer.text
            assert int(answer.headers["Retry-After"]) >= 1
            assert time.monotonic() - started < 8
        assert requests.get(f"{demo.issuer}/health/live", timeout=5).status_code == 200

        own_postgres.start()
        harness.wait_until(lambda: ready(demo).status_code == 200, "the server has its database again")
        granted = checks.respond(login, user.card.response(login["challenge"])).json()
        assert granted["state"] == "granted"
        asked = Authorization(demo, "http://127.0.0.1:9/callback")
        location = Visitor(asked.issuer, asked.redirect).log_in(asked.address, user)
        assert asked.redeem(asked.code(location)).status_code == 200
        assert stack.server.end() == 0
    finally:
        if stack.server.popen.poll() is None:
            stack.server.end(signal.SIGKILL)
        demo.remove()


def start_fails(demo, sentence, command=None, environment=None):
    """The start ends by itself with one sentence and a hint, and shows no inner workings."""
    done = harness.run(
        command or [harness.program("countersign"), "serve", "--config", demo.config], environment, check=False,
        seconds=30)
    said = done.stdout + done.stderr
    assert done.returncode not in (0, None) and done.returncode > 0, said
    assert re.search(sentence, said), said
    assert "hint: " in said, said
    assert len(said.strip().splitlines()) <= 4 and "Fatal error" not in said and "SQLError" not in said, said
    return said


@pytest.fixture
def demo(store):
    demo = harness.Demo(store)
    yield demo
    demo.remove()


@pytest.fixture
def sqlite_demo():
    demo = harness.Demo()
    yield demo
    demo.remove()


def test_a_wrong_master_key(demo):
    demo.master_key.write_text("0" * 64 + "\n")
    start_fails(demo, "not the master key that the store was made with")


def test_a_missing_master_key(demo):
    key = demo.master_key.read_text()
    demo.master_key.unlink()
    start_fails(demo, "its master key is not at")
    assert not demo.master_key.exists()  # a new one would lock everybody out
    demo.master_key.write_text(key)
    demo.master_key.chmod(0o600)
    starts_again(demo)


def test_a_master_key_that_is_none(sqlite_demo):
    sqlite_demo.master_key.write_text("not a key\n")
    start_fails(sqlite_demo, "does not hold a master key")


def test_a_master_key_that_others_can_read(sqlite_demo):
    assert stat.S_IMODE(sqlite_demo.master_key.stat().st_mode) == 0o600
    sqlite_demo.master_key.chmod(0o644)
    start_fails(sqlite_demo, "can be read by others")


def test_a_master_key_in_the_data_folder(sqlite_demo):
    inside = sqlite_demo.sqlite.parent / "master.key"
    shutil.copy2(sqlite_demo.master_key, inside)
    start_fails(
        sqlite_demo, "lies in the data folder", environment={"COUNTERSIGN_SECRETS_MASTER_KEY_FILE": str(inside)})


def test_a_newer_schema(demo, request):
    statement = "INSERT INTO schema_version (version, applied_at) VALUES (999, 0)"
    if demo.database:
        request.getfixturevalue("postgres").sql(statement, demo.database.split("dbname=")[1])
    else:
        import sqlite3
        with sqlite3.connect(demo.sqlite) as connection:
            connection.execute(statement)
    start_fails(demo, "schema version 999")


def test_a_file_that_is_no_database(sqlite_demo):
    for each in sqlite_demo.sqlite.parent.iterdir():
        each.unlink()
    sqlite_demo.sqlite.write_bytes(b"this is a letter to my bank\n" * 1000)
    before = sqlite_demo.sqlite.read_bytes()
    start_fails(sqlite_demo, "not a usable database|not a database")
    assert sqlite_demo.sqlite.read_bytes() == before


def test_no_database_server(sqlite_demo):
    text = sqlite_demo.config.read_text()
    sqlite_demo.config.write_text(
        re.sub(r"  sqlite:\n    path: .*\n", "  postgresql:\n    url: host=/nowhere user=cs\n", text))
    start_fails(sqlite_demo, "the store cannot be opened")


def test_a_read_only_file(sqlite_demo):
    """As a user without rights: nothing is read-only for root."""
    program = shutil.copy2(harness.program("countersign"), sqlite_demo.folder.path / "countersign")
    for path in [sqlite_demo.path, *sqlite_demo.path.rglob("*")]:
        if os.geteuid() == 0:
            shutil.chown(path, "nobody", "nogroup")
    for path in [*sqlite_demo.sqlite.parent.iterdir(), sqlite_demo.sqlite.parent]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    start_fails(
        sqlite_demo, "cannot be written to",
        harness.unprivileged([str(program), "serve", "--config", str(sqlite_demo.config)]))
    sqlite_demo.sqlite.parent.chmod(0o700)


def small_disk(demo, kilobytes, command):
    """The command with the data folder on a disk of its own, that nobody else sees."""
    data = demo.sqlite.parent
    script = (
        'kept=$(mktemp -d) && cp -a "$1/." "$kept" && mount -t tmpfs -o "size=$2k,mode=700" tmpfs "$1" && '
        'cp -a "$kept/." "$1" && rm -r "$kept" && shift 2 && exec "$@"')
    rights = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *rights, "--mount", "sh", "-c", script, "sh", str(data), str(kilobytes), *command]


def can_mount():
    return harness.run(
        ["unshare", *([] if os.geteuid() == 0 else ["--map-root-user"]), "--mount", "sh", "-c",
         "mount -t tmpfs tmpfs /mnt"], check=False).returncode == 0


needs_mounts = pytest.mark.skipif(not can_mount(), reason="this system lets nobody mount in a name space of his own")


@needs_mounts
def test_a_disk_that_is_full_at_the_start(sqlite_demo):
    fill = 'cat /dev/zero >"$1/filler" 2>/dev/null; shift; exec "$@"'
    command = ["sh", "-c", fill, "sh", str(sqlite_demo.sqlite.parent),
               harness.program("countersign"), "serve", "--config", str(sqlite_demo.config)]
    start_fails(sqlite_demo, "no room left", small_disk(sqlite_demo, 2048, command))


@needs_mounts
def test_a_disk_that_fills_up_and_is_cleared(sqlite_demo):
    demo, user = sqlite_demo, sqlite_demo.add_user()
    process = harness.Process(small_disk(
        demo, 4096, [harness.program("countersign"), "serve", "--config", str(demo.config)]))
    try:
        process.wait_for_line("countersign: ")
        checks = FactorChecks(demo)
        login = checks.start(user).json()
        filler = f"/proc/{process.pid}/root{demo.sqlite.parent}/filler"
        with open(filler, "wb", buffering=0) as file:
            with pytest.raises(OSError):
                while True:
                    file.write(bytes(4096))
        answer = harness.wait_until(lambda: refused(checks, user), "the disk is full")[0]
        assert answer.status_code == 503 and int(answer.headers["Retry-After"]) >= 1, answer.text
        os.unlink(filler)
        harness.wait_until(lambda: checks.start(user).status_code == 201, "the disk has room again")
        assert checks.respond(login, user.card.response(login["challenge"])).json()["state"] == "granted"
        assert process.end() == 0
    finally:
        if process.popen.poll() is None:
            process.end(signal.SIGKILL)


def refused(checks, user):
    """The answers that are no success; an answer itself counts as false when it is an error."""
    return [answer for answer in [checks.start(user)] if answer.status_code != 201]


def starts_again(demo):
    process = harness.Process([harness.program("countersign"), "serve", "--config", demo.config])
    process.wait_for_line("countersign: ")
    assert process.end() == 0


def test_a_wrong_configuration_says_everything_at_once(sqlite_demo):
    sqlite_demo.config.write_text(sqlite_demo.config.read_text().replace("firm:", "frim:") + "lgo:\n  level: loud\n")
    done = harness.run(
        [harness.program("countersign"), "serve", "--config", sqlite_demo.config], check=False)
    assert done.returncode > 0
    assert "firm.name" in done.stderr and "frim.name" in done.stderr and "lgo.level" in done.stderr


def test_a_taken_port(sqlite_server):
    demo = sqlite_server.demo
    done = harness.run([harness.program("countersign"), "serve", "--config", demo.config], check=False, seconds=30)
    assert done.returncode > 0
    assert str(demo.port) in done.stderr and re.search("(?i)in use|taken", done.stderr), done.stderr
    assert ready(demo).status_code == 200


def test_a_graceful_stop_finishes_what_is_under_way(server):
    demo = server.demo
    users = demo.add_users(6)
    visitors = []
    for user in users:
        asked = Authorization(demo, "http://127.0.0.1:9/callback")
        visitor = Visitor(asked.issuer, asked.redirect)
        visitors.append((visitor, visitor.open(asked.address), user))
    together = threading.Barrier(len(visitors) + 1)

    def submit(each):
        visitor, page, user = each
        form = page.form("/password")
        together.wait()
        return visitor.http.post(
            demo.issuer + form["action"], allow_redirects=False, timeout=20,
            data={**form["fields"], "username": user.name, "password": user.password})

    with concurrent.futures.ThreadPoolExecutor(len(visitors)) as pool:
        answers = [pool.submit(submit, each) for each in visitors]
        together.wait()
        time.sleep(0.06)  # no condition: while the passwords are being hashed
        assert server.server.end() == 0
        statuses = [each.exception() or each.result().status_code for each in answers]
    assert statuses == [303] * len(visitors)
    with pytest.raises(requests.ConnectionError):
        requests.get(demo.issuer, timeout=5)
    server.start_server()
    for visitor, page, user in visitors:
        assert isinstance(visitor.open(page.url), Page) and visitor.open(page.url).challenge


HOSTILE = {
    "half a request": b"GET /health/live HTTP/1.1\r\nHost: local",
    "half a body": b"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
                   b"Content-Type: application/x-www-form-urlencoded\r\n\r\ngrant_type",
    "a huge header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 2_000_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Many: 1\r\n" * 50_000 + b"\r\n",
    "a huge target": b"GET /" + b"a" * 2_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "no protocol": bytes(range(256)) * 100,
    "a TLS greeting": bytes.fromhex("16030100c8010000c40303") + bytes(200),
    "two lengths": b"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
    "a length and chunks": b"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
                           b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
    "an endless chunk": b"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                        b"ffffffffffffffff\r\n" + b"a" * 100_000,
    "a negative length": b"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "an upgrade": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a null in the path": b"GET /login/\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


def test_hostile_bytes_do_not_bring_it_down(sqlite_server):
    demo, process = sqlite_server.demo, sqlite_server.server
    kept = []
    for name, sent in HOSTILE.items():
        client = socket.create_connection(("127.0.0.1", demo.port), timeout=10)
        kept.append(client)  # stays open, as an attacker would
        try:
            client.sendall(sent)
            client.settimeout(1)
            status = client.recv(4096).split(b"\r\n")[0]
            assert b" 5" not in status[8:10], f"{name}: {status}"
        except OSError:
            pass  # closed in the middle, or no answer to half a request
        assert requests.get(f"{demo.issuer}/health/live", timeout=5).status_code == 200, name
    idle = [socket.create_connection(("127.0.0.1", demo.port), timeout=10) for _ in range(300)]
    assert requests.get(f"{demo.issuer}/health/live", timeout=5).status_code == 200
    user, checks = demo.add_user(), FactorChecks(demo)
    login = checks.start(user).json()
    assert checks.respond(login, user.card.response(login["challenge"])).json()["state"] == "granted"
    for client in kept + idle:
        client.close()
    memory = int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{process.pid}/status").read()).group(1))
    assert memory < 300_000, f"{memory} kB"
    assert process.popen.poll() is None


@pytest.mark.parametrize("body, status", [
    (b'{"username":', 400), (b'{"username": 7}', 400), (b'{"username":"a","username":"b"}', 400),
    (b'{"username":"alice","extra":1}', 400), (b'["username"]', 400), (b'{"username":"\\ud800"}', 400),
    (b'{"username":"' + b"a" * 300 + b'"}', 400), (b'{"username":"' + b"a" * 100_000 + b'"}', 413),
    (b'{"username":"\xff"}', 400), (b'{"username":"nobody"}', 404), (b'{"username":"a\\u0000b"}', 400),
    (b"[" * 20_000, 400)])
def test_bad_json_is_a_clear_problem(stack, body, status):
    checks = FactorChecks(stack.demo)
    answer = checks.http.post(
        checks.base, data=body, headers={"Content-Type": "application/json"}, timeout=20)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] and answer.json()["request_id"]
    assert "(" not in answer.json().get("detail", "")  # words, not the names of our types
