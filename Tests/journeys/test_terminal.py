"""The program `countersign` at a pseudo-terminal, which shows what its person would see."""

import base64
import concurrent.futures
import http.server
import json
import os
import re
import secrets
import signal
import sqlite3
import stat
import subprocess
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

import harness
from terminal import Person, Terminal

SUITE = "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"


@pytest.fixture
def person(stack, tmp_path):
    return lambda name: Person(stack.demo.user(name), stack.demo.issuer, tmp_path / name)


def test_the_first_administrator_begins_with_an_empty_store(tmp_path):
    port = harness.free_ports(1)[0]
    config, cards = tmp_path / "countersign.yaml", tmp_path / "cards.csv"
    config.write_text(
        f"issuer: http://localhost:{port}\nfirm: {{name: Firm}}\nlisten: {{port: {port}}}\n"
        f"store: {{sqlite: {{path: '{tmp_path / 'data' / 'countersign.sqlite'}'}}}}\n"
        f"secrets: {{master_key_file: '{tmp_path / 'master.key'}'}}\n")
    (tmp_path / "data").mkdir(mode=0o700)
    card = harness.Card({"serial": "CS-700001", "pin": "4821", "suite": SUITE, "key": secrets.token_hex(32)})
    cards.write_text(
        f"serial,suite,key\n{card.serial},{SUITE},{card.key.hex()}\nCS-700002,{SUITE},{secrets.token_hex(32)}\n")
    ada = Person(
        harness.User("ada", "Ada Wong", "a long kettle on a short shelf", [card]), f"http://localhost:{port}", tmp_path)

    def bootstrap():
        terminal = ada.terminal(
            "bootstrap", "--config", config, "--user", "ada", "--name", "Ada Wong", "--serial", card.serial,
            "--allow-plaintext", cards)
        terminal.answer_unseen("Password for ada: ", ada.user.password)
        terminal.answer_unseen("The same again: ", ada.user.password)
        terminal.answer_unseen("PIN that the card CS-700001 was given: ", card.pin)
        return terminal

    ended = harness.run(
        [harness.program("countersign"), "bootstrap", "--config", config, "--user", "ada", "--name", "Ada Wong",
         "--serial", card.serial, "--allow-plaintext", cards], input="", check=False)
    assert ended.returncode == 1 and "hint: nothing was changed" in ended.stderr
    first = bootstrap()
    first.wait_for("ada is the first administrator.")
    assert first.end() == 0
    assert ada.user.password not in first.shown and card.pin not in first.shown
    second = bootstrap()
    second.wait_for("there is an administrator already")
    assert second.end() != 0

    server = harness.Process([harness.program("countersign"), "serve", "--config", config])
    try:
        server.wait_for_line("countersign: ")
        ada.log_in()
        assert "ada" in ada.run("user", "find", "ada").stdout
        rest = ("card", "import", "--allow-plaintext", cards, "--reason", "first delivery")
        assert "line 2, card CS-700001: there is a card with this serial" in ada.run(*rest, check=False).stderr
        assert "there is no card CS-9" in ada.run(*rest, "--except", "CS-9", check=False).stderr
        assert ada.run(*rest, "--except", card.serial).stdout == "imported 1 cards\n"
    finally:
        server.end()


def test_a_login_with_mistakes_and_two_cards(person):
    bob = person("bob")
    terminal = bob.terminal("login", "--user", "bob")
    terminal.answer_unseen("Password: ", "not the password at all")
    terminal.wait_for("The user name or the password is wrong.")
    terminal.answer_unseen("Password: ", bob.user.password)
    listed = terminal.wait_for("Number: ")
    number = next(line.split()[0] for line in listed.splitlines() if line.endswith(bob.user.card.serial[-4:]))
    terminal.type("9")
    terminal.wait_for("That is not one of the numbers.")
    terminal.answer("Number: ", number)
    bob.respond(terminal, right=False)
    terminal.wait_for("That response is wrong. 4 attempts left.")
    bob.respond(terminal)
    terminal.wait_for("Welcome, Bob Lee. You are logged in.")
    assert terminal.end() == 0
    assert bob.user.password not in terminal.shown and "not the password at all" not in terminal.shown

    state = bob.state()
    assert stat.S_IMODE(state.stat().st_mode) == 0o600 and stat.S_IMODE(state.parent.stat().st_mode) == 0o700
    assert bob.user.password not in state.read_text()
    assert bob.run("whoami").stdout == "bob (Bob Lee)\n"
    again = bob.run("login", stdin=subprocess.DEVNULL)
    assert again.stdout == "You are logged in as bob (Bob Lee).\n"
    assert bob.run("logout").stdout == "You are logged out.\n"
    assert "refresh_token" not in json.loads(state.read_text())
    gone = bob.run("whoami", check=False)
    assert gone.returncode != 0 and "you are not logged in" in gone.stderr
    asks = bob.terminal("login", "--user", "bob")
    asks.wait_for("Password: ")
    asks.popen.kill()
    asks.end()


def test_in_traditional_chinese(person):
    """As the environment says, or the option; what staff and operators read is English all the same."""
    alice = person("alice")
    chinese = {**alice.environment, "LC_ALL": "zh_HK.UTF-8"}
    terminal = Terminal(alice.command("login", "--user", "alice"), chinese)
    terminal.answer_unseen("密碼：", "not the password at all")
    terminal.wait_for("使用者名稱或密碼不正確。")
    terminal.answer_unseen("密碼：", alice.user.password)
    challenge = terminal.wait_for("開啟安全卡").split("挑戰碼：")[1].split()[0]
    terminal.answer("取消）：", alice.user.card.wrong_response(challenge))
    terminal.wait_for("回應碼不正確。尚可嘗試 4 次。")
    challenge = terminal.wait_for("開啟安全卡").split("挑戰碼：")[1].split()[0]
    terminal.answer("取消）：", alice.user.card.response(challenge))
    terminal.wait_for("Alice Chan，歡迎。您已登入。")
    assert terminal.end() == 0
    assert alice.run("login", "--language", "zh-Hant").stdout == "您已登入為 alice（Alice Chan）。\n"
    assert alice.run("logout", "--language", "zh-Hant").stdout == "您已登出。\n"
    gone = alice.run("whoami", "--language", "zh-Hant", check=False)
    assert gone.returncode == 77 and gone.stderr.startswith("錯誤：您尚未登入") and not gone.stdout
    staff = harness.run(alice.command("user", "find"), chinese, check=False)
    assert staff.returncode == 77 and "you are not logged in" in staff.stderr


def test_with_the_card_in_another_terminal(stack, person):
    """As the README has it: `countersign login` in one terminal, the card in another."""
    alice = person("alice")
    login = alice.terminal("login", "--user", "alice")
    card = Terminal([harness.program("card-simulator"), "terminal", "--demo", stack.demo.file, "--serial",
                     alice.user.card.serial], alice.environment)
    login.answer_unseen("Password: ", alice.user.password)
    challenge = login.wait_for("Switch your card on").split("Challenge: ")[1].split()[0]
    card.wait_for("q quit")
    card.press("p")
    card.wait_for("PIN>")
    card.type(alice.user.card.pin)
    card.wait_for("CHALLNG>")
    card.type(challenge)
    spaced = re.compile(r"│ ((?:\d ){7}\d) ")
    harness.wait_until(lambda: card.look() and spaced.search(card.new), "a response")
    login.answer("to cancel): ", spaced.search(card.new)[1].replace(" ", ""))
    login.wait_for("Welcome, Alice Chan. You are logged in.")
    assert login.end() == 0
    card.press("q")
    assert card.end() == 0 and card.shown.endswith("\x1b[?25h\r\n")


def sessions(demo, user):
    """His sessions that are open, by what they say they are."""
    with sqlite3.connect(f"file:{demo.sqlite}?mode=ro", uri=True) as store:
        return [agent for (agent,) in store.execute(
            "SELECT user_agent FROM session WHERE ended_at IS NULL AND user_id ="
            " (SELECT id FROM app_user WHERE name = ?)", (user.name,))]


def test_a_new_login_ends_the_one_before_it(stack, tmp_path):
    one, other = stack.demo.add_users(2)
    person = Person(one, stack.demo.issuer, tmp_path)
    person.log_in()
    assert sessions(stack.demo, one) == ["countersign-terminal/1 (Linux)"]
    person.log_in("--again")
    assert len(sessions(stack.demo, one)) == 1
    Person(other, stack.demo.issuer, tmp_path).log_in()
    assert (len(sessions(stack.demo, one)), len(sessions(stack.demo, other))) == (0, 1)
    assert person.run("logout").stdout == "You are logged out.\n"
    assert not sessions(stack.demo, other)


def test_a_logout_that_the_server_did_not_take(tmp_path):
    """The session lives on: it is said, and kept, so that it can be ended later."""
    class Server(http.server.BaseHTTPRequestHandler):
        status, ended = 503, 0

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            is_end = self.path == "/api/v1/session/end"
            Server.ended += is_end and self.status == 200
            body = json.dumps({"access_token": "a", "refresh_token": "new"}).encode()
            self.send_response(self.status if is_end else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        person = Person(None, f"http://127.0.0.1:{server.server_port}", tmp_path)
        person.run("whoami", check=False)
        person.state().write_text('{"refresh_token": "old"}')
        for status, code, words in ((503, 75, "too busy"), (500, 1, "fault of its own")):
            Server.status = status
            answer = person.run("logout", check=False)
            assert (answer.returncode, answer.stdout) == (code, ""), answer
            assert "did not say that your session has ended" in answer.stderr and words in answer.stderr
            assert json.loads(person.state().read_text())["refresh_token"] == "new"
        chinese = person.run("logout", "--language", "zh-Hant", check=False)
        assert "本機仍然保持登入" in chinese.stderr and not chinese.stdout
        Server.status = 200
        assert person.run("logout").stdout == "You are logged out.\n" and Server.ended == 1
        assert "refresh_token" not in json.loads(person.state().read_text())
        server.shutdown()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_hidden_question_that_is_ended_leaves_a_terminal_that_shows(person, number):
    terminal = person("alice").terminal("login", "--user", "alice")
    assert terminal.shows_what_is_typed()
    terminal.wait_for("Password: ")
    terminal.wait_until_hidden()
    terminal.popen.send_signal(number)
    assert terminal.popen.wait(20) == -number
    assert terminal.shows_what_is_typed()
    os.close(terminal.side)


def test_a_hidden_question_that_is_stopped_and_goes_on(person):
    alice = person("alice")
    terminal = alice.terminal("login", "--user", "alice", job_control=True)
    terminal.wait_for("Password: ")
    for _ in range(2):
        terminal.wait_until_hidden()
        terminal.popen.send_signal(signal.SIGTSTP)
        assert os.WIFSTOPPED(os.waitpid(terminal.popen.pid, os.WUNTRACED)[1])
        assert terminal.shows_what_is_typed(), "the shell's"
        terminal.popen.send_signal(signal.SIGCONT)
    terminal.wait_until_hidden()
    terminal.type(alice.user.password)
    alice.respond(terminal)
    terminal.wait_for("Welcome, Alice Chan.")
    assert terminal.end() == 0 and alice.user.password not in terminal.shown


COMMANDS = [
    ["whoami"], ["user", "find", "a"], ["user", "show", "a"], ["user", "lift-lock", "a", "--reason", "r"],
    ["user", "change", "a", "--language", "en", "--reason", "r"],
    ["user", "recover", "a", "--reason", "r"], ["card", "show", "C"], ["card", "block", "C", "--reason", "r"],
    ["card", "waiting"], ["audit"], ["application", "list"], ["application", "show", "a"],
    ["application", "add", "a", "--name", "A", "--reason", "r"],
    ["application", "change", "a", "--name", "A", "--reason", "r"],
    ["application", "rotate-secret", "a", "--reason", "r"], ["application", "remove", "a", "--reason", "r"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: "-".join(each[:2]))
def test_a_command_that_cannot_go_on_says_why(command, tmp_path):
    """Nobody logged in; logged in, and nobody listens; something else listens; a state file that is damaged."""
    port = harness.free_ports(1)[0]
    person = Person(None, f"http://localhost:{port}", tmp_path)

    def refused(status, *words):
        answer = person.run(*command, check=False, stdin=subprocess.DEVNULL)
        assert answer.returncode == status and not answer.stdout, answer.stderr
        assert all(word in answer.stderr for word in words), answer.stderr
        assert answer.stderr.startswith("Error: ") and len(answer.stderr.splitlines()) <= 2

    refused(77, "you are not logged in", "hint: countersign login")
    state = person.state()
    state.write_text('{"refresh_token": "x"}')
    refused(69, "cannot be reached (nobody listens there)", "hint: start it with countersign serve")
    state.write_text("{")
    refused(1, "is damaged; remove it and log in again")


def test_a_command_before_another_server(tmp_path):
    """A web server that knows nothing of this, and one that is too busy."""
    class Other(http.server.BaseHTTPRequestHandler):
        status = 404

        def do_POST(self):
            self.send_response(self.status)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<h1>no</h1>")

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Other) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        person = Person(None, f"http://127.0.0.1:{other.server_port}", tmp_path)
        folder = tmp_path / "countersign"
        folder.mkdir(parents=True)
        (folder / f"http___127.0.0.1_{other.server_port}.json").write_text('{"refresh_token": "x"}')
        for status, code, words in ((404, 1, "the server refused (404)"), (302, 1, "the server refused (302)"),
                                    (503, 75, "too busy"), (500, 1, "fault of its own")):
            Other.status = status
            answer = person.run("user", "find", check=False)
            assert (answer.returncode, answer.stdout) == (code, "") and words in answer.stderr, answer.stderr
        other.shutdown()


def test_three_wrong_passwords_end_it(person):
    alice = person("alice")
    terminal = alice.terminal("login", "--user", "alice")
    for _ in range(3):
        terminal.answer_unseen("Password: ", "not the password at all")
    terminal.wait_for("the login is over: three wrong passwords")
    assert terminal.end() != 0 and "not the password at all" not in terminal.shown


def test_the_session_outlives_the_access_token_and_ends(moved_stack, tmp_path):
    user = moved_stack.demo.add_user()
    person = Person(user, moved_stack.demo.issuer, tmp_path)
    person.log_in()
    moved_stack.advance(6 * 60)
    assert person.run("whoami").stdout.startswith(user.name)
    moved_stack.advance(25 * 60 * 60)
    gone = person.run("whoami", check=False)
    assert gone.returncode != 0 and "hint: countersign login" in gone.stderr
    person.log_in()
    assert person.run("whoami").stdout.startswith(user.name)


def test_what_each_role_may_do(stack, person, tmp_path):
    helen, anna, alice = person("helen"), person("anna"), person("alice")
    for each in (helen, anna, alice):
        each.log_in()
    user = stack.demo.add_user()
    assert user.name in helen.run("user", "find", user.name[:6]).stdout
    assert "Nothing keeps the user from logging in." in helen.run("user", "show", user.name).stdout
    changed = helen.run(
        "user", "change", user.name, "--email", "new@example.org", "--language", "zh-Hant", "--reason", "asked for it")
    assert "e-mail: new@example.org   language: zh-Hant" in changed.stdout
    assert "language: zh-Hant" in helen.run("user", "show", user.name).stdout
    nothing = helen.run("user", "change", user.name, "--reason", "asked for it", check=False)
    assert nothing.returncode != 0 and "--email or --language" in nothing.stderr
    lifted = helen.run("user", "lift-lock", user.name, "--reason", "called from the number on file")
    assert lifted.stdout == f"lifted: {user.name} can try again\n"
    for refused in (["audit"], ["application", "add", "x", "--name", "X", "--reason", "r"],
                    ["user", "lift-lock", "anna", "--reason", "a colleague"]):
        answer = helen.run(*refused, check=False)
        assert answer.returncode != 0 and not answer.stdout and "role" in answer.stderr, answer.stderr
    assert alice.run("user", "find", "a", check=False).returncode != 0

    name = "app" + secrets.token_hex(4)
    added = anna.run(
        "application", "add", name, "--name", "New", "--redirect", "https://new.example/cb", "--reason", "go-live")
    assert "client secret (shown once): " in added.stdout
    assert name in anna.run("application", "list").stdout
    change_application(anna, name, tmp_path)
    entries = json.loads(anna.run("audit", "--user", user.name, "--event", "lock.lifted", "--json").stdout)["entries"]
    assert [(each["actor"], each["explanation"]) for each in entries] == [("helen", "called from the number on file")]
    unknown = helen.run("user", "show", "nobody-of-that-name", check=False)
    assert unknown.returncode != 0 and "there is no such user" in unknown.stderr


def change_application(anna, name, folder):
    """Keys for a secret, and back; what else can be changed; and its end."""
    def application(*arguments, **options):
        return anna.run("application", *arguments, "--reason", "as agreed", **options)

    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    public = {"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "1", **{
        part: base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
        for part, number in (("x", numbers.x), ("y", numbers.y))}}
    private = folder / "private.json"
    private.write_text(json.dumps({"keys": [{**public, "d": "AQAB"}]}))
    refused = application("change", name, "--jwks", private, check=False)
    assert refused.returncode == 1 and "holds a private key" in refused.stderr
    jwks = folder / "keys.json"
    jwks.write_text(json.dumps({"keys": [public]}))
    changed = application(
        "change", name, "--jwks", jwks, "--id-token-alg", "RS256", "--backchannel-logout", "https://new.example/out",
        "--post-logout-redirect", "https://new.example/", "--name-zh-hant", "新應用程式").stdout
    for words in ("proves itself by: private_key_jwt", "signed with: RS256", "hears of logouts at: https://new.example/out",
                  "after logout: https://new.example/", "新應用程式", "key: ES256, kid 1", "https://new.example/cb"):
        assert words in changed, changed
    assert anna.run("application", "show", name).stdout == changed
    none = application("rotate-secret", name, check=False)
    assert none.returncode == 1 and "has no secret" in none.stderr
    back = application("change", name, "--auth", "client_secret_post", "--clear", "name-zh-hant").stdout
    assert "client secret (shown once): " in back and "新應用程式" not in back and "key:" not in back
    assert "client secret" not in anna.run("application", "show", name).stdout
    secret = back.split("(shown once): ")[1].split()[0]
    rotated = application("rotate-secret", name).stdout
    assert rotated.startswith("client secret (shown once): ") and secret not in rotated
    both = application("change", name, "--redirect", "https://a.example/", "--clear", "redirect", check=False)
    assert both.returncode == 1 and not both.stdout
    assert anna.run("application", "change", name, check=False).returncode == 64, "no reason"
    own = application("remove", "countersign-terminal", check=False)
    assert own.returncode == 1 and "shut you out" in own.stderr
    assert application("remove", name).stdout == f"removed {name}\n"
    gone = anna.run("application", "show", name, check=False)
    assert gone.returncode == 1 and "there is no such application" in gone.stderr


def test_commands_at_once_share_one_login(stack, tmp_path):
    user = stack.demo.add_user()
    person = Person(user, stack.demo.issuer, tmp_path)
    person.log_in()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: person.run("whoami", check=False), range(8)))
    assert {(each.returncode, each.stdout) for each in answers} == {(0, f"{user.name} ({user.display_name})\n")}
    assert person.run("whoami").returncode == 0


def test_a_server_that_is_not_there(tmp_path):
    port = harness.free_ports(1)[0]
    person = Person(None, f"http://localhost:{port}", tmp_path)
    for command in (["login", "--user", "alice"], ["user", "find"]):
        answer = person.run(*command, check=False, stdin=subprocess.DEVNULL)
        if command[0] == "login":
            assert f"the server at http://localhost:{port} cannot be reached (nobody listens there)" in answer.stderr
            assert answer.returncode == 69
        else:
            assert "you are not logged in" in answer.stderr and answer.returncode == 77
        assert not answer.stdout
    plain = Person(None, "http://login.example.com", tmp_path).run("whoami", check=False)
    assert plain.returncode == 1 and "is not the address of a server" in plain.stderr
