"""The demo: what a new user, and a script, is given."""

import json
import re
import signal
import stat

import pytest
import requests

import harness
from visitor import Authorization, FactorChecks, Visitor


@pytest.fixture
def demo():
    demo = harness.Demo()
    yield demo
    demo.remove()


def test_the_demo_file_has_all_that_a_script_needs(demo):
    document = demo.document
    assert document["issuer"] == demo.issuer
    assert [user["username"] for user in document["users"]] == ["alice", "bob", "wei", "helen", "anna", "grace"]
    assert {user["username"]: user["roles"] for user in document["users"] if "roles" in user} == {
        "helen": ["help_desk"], "anna": ["administrator"]}
    assert all(user["password"] and user["name"] for user in document["users"])
    for card in document["cards"]:
        assert re.fullmatch(r"CS-\d{6}", card["serial"]) and re.fullmatch(r"\d{4}", card["pin"])
        assert re.fullmatch(r"[0-9a-f]{64}", card["key"])
        assert re.fullmatch(r"OCRA-1:HOTP-SHA256-8:QN0[68]-PSHA1", card["suite"])
    assert document["client"]["client_id"] and document["client"]["client_secret"]
    assert document["client"]["kind"] == "native"
    assert {"factor_check", "offline_access"} <= set(document["client"]["permissions"])


def test_every_user_of_the_demo_file_can_log_in(stack):
    for number, name in enumerate(["alice", "bob", "wei", "helen", "anna"]):
        asked = Authorization(stack.demo, f"http://127.0.0.1:{1000 + number}/callback")
        location = Visitor(asked.issuer, asked.redirect).log_in(asked.address, stack.demo.user(name))
        assert asked.redeem(asked.code(location)).status_code == 200


def test_a_second_demo_changes_nothing(demo):
    def contents():
        return {path: path.read_bytes() for path in demo.path.rglob("*") if path.is_file()}

    before = contents()
    assert "as before" in demo.make().stdout
    assert contents() == before


def test_a_lost_demo_file_is_not_made_up(demo):
    aside = demo.file.with_name("aside.json")
    demo.file.rename(aside)
    try:
        with pytest.raises(AssertionError, match="demo.json, with its passwords and cards, is gone") as failed:
            demo.make()
        assert f"remove the folder {demo.path}" in str(failed.value)
        assert not demo.file.exists() and not list(demo.path.rglob("*.new"))
    finally:
        aside.rename(demo.file)


def test_two_demos_share_no_secret(demo):
    other = harness.Demo()
    try:
        secrets_of = lambda each: {user["password"] for user in each["users"]} | {card["key"] for card in each["cards"]}
        assert secrets_of(demo.document).isdisjoint(secrets_of(other.document))
    finally:
        other.remove()


def test_secrets_are_for_their_owner_alone(demo):
    for path in (demo.file, demo.master_key, demo.sqlite):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert demo.master_key.parent != demo.sqlite.parent
    assert not list(demo.sqlite.parent.rglob("*.key"))
    key = demo.master_key.read_text().strip()
    assert re.fullmatch("[0-9a-f]{64}", key)
    assert all(key.encode() not in path.read_bytes() and bytes.fromhex(key) not in path.read_bytes()
               for path in demo.sqlite.parent.iterdir())


class Run:
    """`scripts/run`, with the programs that the tests were built with."""

    def __init__(self, folder, ports, *more):
        self.folder = folder
        self.port, self.portal, self.cards, self.carrier, smpp, sip, smtp = ports
        self.process = harness.Process([
            harness.ROOT / "scripts" / "run", "--debug-build", "--folder", folder, "--port", self.port,
            "--portal-port", self.portal, "--card-port", self.cards, "--carrier-port", self.carrier,
            "--smpp-port", smpp, "--sip-port", sip, "--smtp-port", smtp, *more], cwd="/")

    def wait(self):
        self.process.wait_for_line("Ctrl-C stops everything.", 240)
        return self.process.log

    def is_up(self):
        return all(self._answers(port) for port in self.pages)

    def is_down(self):
        return not any(self._answers(port) for port in self.pages)

    @property
    def pages(self):
        return self.port, self.portal, self.cards, self.carrier

    @staticmethod
    def _answers(port):
        try:
            return requests.get(f"http://127.0.0.1:{port}/", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False


@pytest.fixture
def place():
    folder = harness.Folder()
    yield folder.path / "the demo"
    folder.remove()


def processes_of(folder):
    """Every process that names the folder on its command line."""
    return [
        path.parent.name for path in harness.pathlib.Path("/proc").glob("[0-9]*/cmdline")
        if str(folder).encode() in read(path)]


def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_one_command_runs_everything_and_stops_everything(place):
    ports = harness.free_ports(7)
    first = Run(place, ports)
    try:
        log = first.wait()
        document = json.loads((place / "demo.json").read_text())
        assert all(f"http://127.0.0.1:{port}/" in log for port in ports[1:4])
        assert f"127.0.0.1:{ports[4]}" in log and f"127.0.0.1:{ports[5]}" in log
        assert str(place / "demo.json") in log
        for user in document["users"]:
            assert re.search(rf"{user['username']} +{user['password']} ", log), log
        for card in document["cards"]:
            assert f"{card['serial']} PIN {card['pin']}" in log
        assert first.is_up()

        taken = Run(place, ports)
        assert taken.process.popen.wait(120) != 0
        taken.process.end()
        assert f"Port {ports[0]} is taken by another program." in taken.process.log
        assert first.is_up()
    finally:
        assert first.process.end(signal.SIGINT) == 0
    assert first.is_down() and not processes_of(place)

    second = Run(place, ports)
    try:
        second.wait()
        assert json.loads((place / "demo.json").read_text()) == document
        assert second.is_up()
        victim = next(pid for pid in processes_of(place) if b"client-portal" in read_cmdline(pid))
        harness.os.kill(int(victim), signal.SIGKILL)
        assert second.process.popen.wait(60) == 1
    finally:
        second.process.end()
    assert "The portal ended by itself, so everything was stopped." in second.process.log
    assert second.is_down() and not processes_of(place)

    other = Run(place, harness.free_ports(7))
    assert other.process.popen.wait(120) == 1
    other.process.end()
    assert "was made for other ports" in other.process.log


def read_cmdline(pid):
    return read(harness.pathlib.Path(f"/proc/{pid}/cmdline"))


def test_the_demo_works_for_a_script_alone(stack):
    """Only what demo.json says, and nothing else."""
    document = json.loads(stack.demo.file.read_text())
    user = stack.demo.user(document["users"][0]["username"])
    checks = FactorChecks(stack.demo)
    login = checks.start(user).json()
    assert checks.respond(login, user.card.response(login["challenge"])).json()["state"] == "granted"
