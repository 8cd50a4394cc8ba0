"""The staff's side of cards and codes, on the command line: the administrator logs in at a terminal, imports a file of cards,
orders one for a user, sends it, and helps."""

import json
import secrets

import pytest

import harness

SUITE = "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"


class Desk:
    """The first administrator, logged in at a terminal of his own."""

    def __init__(self, demo, folder):
        self.demo, self.folder = demo, folder
        self.me = demo.user("anna")
        self.card = self.me.card
        self.log_in()

    @property
    def environment(self):
        return {"XDG_STATE_HOME": str(self.folder)}

    def log_in(self):
        login = harness.Process(
            [harness.program("countersign"), "login", "--server", self.demo.issuer, "--user", "anna"], self.environment)
        login.tell(self.me.password)
        challenge = login.wait_for_line("Challenge: ").split(" ")[1]
        login.tell(self.card.response(challenge))
        # The question before it ends without a line break.
        harness.wait_until(lambda: "Welcome, Anna Lam." in login.log, "the welcome")
        assert login.popen.wait(20) == 0

    def file(self, name, cards, header="serial,suite,key"):
        path = self.folder / name
        path.write_text("\n".join([header, *(f"{serial},{SUITE},{key}" for serial, key in cards)]) + "\n")
        return path

    def run(self, *arguments, **options):
        return harness.run(
            [harness.program("countersign"), *arguments, "--server", self.demo.issuer], self.environment, **options)

    def json(self, *arguments, **options):
        return json.loads(self.run(*arguments, "--json", **options).stdout)


@pytest.fixture
def desk(server, tmp_path):
    return Desk(server.demo, tmp_path)


def cards(count, start=800_001):
    return [(f"CS-{start + number}", secrets.token_hex(32)) for number in range(count)]


def test_cards_are_imported_ordered_sent_and_ended(desk):
    good = desk.file("cards.csv", cards(3))
    because = ("--reason", "delivery of May")
    refused = desk.run("card", "import", good, *because, check=False)
    assert refused.returncode != 0 and "--allow-plaintext" in refused.stderr
    done = desk.run("card", "import", good, "--allow-plaintext", *because)
    assert done.stdout == "imported 3 cards\n" and "importing 3 cards" in done.stderr
    twice = desk.run("card", "import", good, "--allow-plaintext", *because, check=False)
    assert twice.returncode != 0 and "line 2, card CS-800001: there is a card with this serial already" in twice.stderr
    mixed = desk.file("mixed.csv", cards(1, 900_001) + [("CS 1", secrets.token_hex(32))])
    bad = desk.run("card", "import", mixed, "--allow-plaintext", *because, check=False)
    assert bad.returncode != 0 and "line 3" in bad.stderr and "nothing was imported" in bad.stderr
    damaged = desk.file("damaged.csv", cards(1, 900_001) + [("CS-900002", "not hexadecimal")])
    bad = desk.run("card", "import", damaged, "--allow-plaintext", *because, check=False)
    assert bad.returncode != 0 and "line 3" in bad.stderr and "not hexadecimal" not in bad.stderr
    assert desk.json("card", "waiting") == {"cards": [], "in_stock": 3}

    user = desk.demo.add_user(cards=0)
    address = ("--address", "Alice Chan", "--address", "1 Queen's Road")
    ordered = desk.json("card", "order", user.name, *address, "--draw", "--reason", "identified at the branch")
    assert ordered["state"] == "ordered" and len(ordered["pin"]) == 4
    waiting = desk.run("card", "waiting").stdout
    assert ordered["serial"] in waiting and "    1 Queen's Road\n" in waiting and "2 cards in stock" in waiting
    shipped = desk.run("card", "ship", ordered["serial"], "--reason", "registered mail").stdout
    assert "shipped" in shipped and "to be activated by" in shipped
    pin = desk.folder / "pin.txt"
    pin.write_text("4821\n")
    for answer in (["--pin-file", str(pin)], []):
        typed = desk.run(
            "card", "pin", ordered["serial"], "--reason", "misheard", *answer,
            input=None if answer else "4821\n4821\n")
        assert "PIN must be changed: yes" in typed.stdout and "4821" not in typed.stdout + typed.stderr
    differ = desk.run("card", "pin", ordered["serial"], "--reason", "x", input="4821\n4822\n", check=False)
    assert differ.returncode != 0 and "the two PINs differ" in differ.stderr
    assert desk.json("card", "extend", ordered["serial"], "--reason", "abroad")["state"] == "shipped"
    assert desk.json("card", "return", ordered["serial"], "--reason", "moved")["state"] == "returned"
    again = desk.run("card", "lost", ordered["serial"], "--reason", "x", check=False)
    assert again.returncode != 0 and "a card that is returned" in again.stderr

    held = desk.demo.add_user()
    for step, state in [("block", "blocked"), ("unblock", "active"), ("lost", "lost")]:
        assert desk.json("card", step, held.card.serial, "--reason", "as the user said")["state"] == state
    entries = desk.json("audit", "--actor", "anna", "--event", "card.lost")["entries"]
    assert entries[0]["user"] == held.name and entries[0]["explanation"] == "as the user said"


def test_codes_are_issued_and_a_recovery_is_cancelled(desk):
    name = "u" + secrets.token_hex(5)
    desk.run("user", "add", name, "--name", "New", "--reason", "hired")
    issued = desk.run("user", "activation-code", name, "--kind", "letter", "--reason", "hired").stdout
    assert issued.startswith(f"activation code for {name}: ") and "it works until" in issued
    bad = desk.run("user", "activation-code", name, "--kind", "fax", "--reason", "x", check=False)
    assert bad.returncode != 0 and "kind is not letter or spoken" in bad.stderr
    user = desk.demo.add_user()
    refused = desk.run("user", "activation-code", user.name, "--kind", "letter", "--reason", "x", check=False)
    assert refused.returncode != 0 and "start a recovery" in refused.stderr
    assert "it works from" in desk.run("user", "recover", user.name, "--reason", "identified").stdout
    assert "cancelled" in desk.run("user", "cancel-recovery", user.name, "--reason", "not him").stdout
    assert "no recovery under way" in desk.run("user", "cancel-recovery", user.name, "--reason", "again").stdout


def test_signing_keys_are_rotated_beside_a_running_server(sqlite_server):
    demo = sqlite_server.demo

    def key(*arguments):
        return harness.run([harness.program("countersign"), "key", *arguments, "--config", demo.config]).stdout

    before = json.loads(key("list", "--json"))["signing_keys"]
    assert {each["state"] for each in before} == {"current"}
    assert "published, to sign in ten minutes" in key("rotate-signing")
    states = [each["state"] for each in json.loads(key("list", "--json"))["signing_keys"]]
    assert states.count("next") == len(before) and states.count("current") == len(before)
    key("rotate-signing", "--at-once")
    after = json.loads(key("list", "--json"))["signing_keys"]
    assert not {each["id"] for each in after} & {each["id"] for each in before}
    assert "published, signs next" not in key("list")
