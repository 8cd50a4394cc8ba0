"""`countersign card import` at the size of a firm, interrupted at both ends, and of files that python-pskc wrote."""

import datetime
import re
import secrets
import signal

import pskc
import pytest

import harness
from terminal import Terminal
from test_card_desk import SUITE, Desk, cards

MANY = 100_000
BECAUSE = ("--allow-plaintext", "--reason", "delivery of May")
OCRA = "urn:ietf:params:xml:ns:keyprov:pskc:ocra"


@pytest.fixture
def desk(server, tmp_path):
    return Desk(server.demo, tmp_path)


def begin(desk, path):
    """The import at a terminal, once the server is at work."""
    terminal = Terminal(
        [harness.program("countersign"), "card", "import", path, *BECAUSE, "--server", desk.demo.issuer],
        desk.environment)
    terminal.wait_for(f"importing {MANY} cards …", 120)
    return terminal


def wait_until_under_way(desk, request, before):
    """Cards are being written: to SQLite's log more than its cache holds, to PostgreSQL by the statement."""
    if desk.demo.database:
        postgres, database = request.getfixturevalue("postgres"), desk.demo.database.split("dbname=")[1]
        query = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'INSERT INTO card_stock%' AND xact_start IS NOT NULL"
        harness.wait_until(lambda: postgres.sql(query, database).strip() != "0", "a transaction", 60, pause=0.01)
    else:
        harness.wait_until(lambda: log_size(desk) > before + 1_000_000, "a long log", 60, pause=0.01)


def log_size(desk):
    log = desk.demo.sqlite.with_name(desk.demo.sqlite.name + "-wal")
    return log.stat().st_size if log.exists() else 0


def in_stock(desk):
    return desk.json("card", "waiting")["in_stock"]


def test_many_cards_with_a_progress_line(desk):
    terminal = begin(desk, desk.file("cards.csv", cards(MANY)))
    assert re.search(r"\d+ read, \d+ MiB", terminal.shown), "while the file is read"
    harness.wait_until(
        lambda: terminal.look() and re.search(rf"importing {MANY} cards … \d+ s", terminal.new), "seconds that go by", 60)
    terminal.wait_for(f"imported {MANY} cards", 300)
    assert terminal.end() == 0
    assert in_stock(desk) == MANY


def test_a_server_that_dies_in_the_middle_has_imported_nothing(desk, server, request):
    path, before = desk.file("cards.csv", cards(MANY)), log_size(desk)
    terminal = begin(desk, path)
    wait_until_under_way(desk, request, before)
    server.kill()
    terminal.wait_for("ask countersign card waiting.")
    assert terminal.end() == 69 and "imported 100000" not in terminal.shown
    server.start_server()
    assert in_stock(desk) == 0
    few = desk.file("few.csv", cards(2))
    assert desk.run("card", "import", few, *BECAUSE).stdout == "imported 2 cards\n", "none of them is there"


def test_the_server_goes_on_after_ctrl_c(desk, request):
    path, before = desk.file("cards.csv", cards(MANY)), log_size(desk)
    terminal = begin(desk, path)
    wait_until_under_way(desk, request, before)
    terminal.popen.send_signal(signal.SIGINT)
    terminal.wait_for("all of them or none: ask countersign card waiting.")
    assert terminal.end() == -signal.SIGINT
    harness.wait_until(lambda: in_stock(desk) == MANY, "all of them", 120, pause=0.5)


def test_a_file_of_python_pskc(desk):
    """Under a password, with a MAC, dates, and a PIN policy: the cards live by it afterwards."""
    start = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) - datetime.timedelta(days=1)
    end = start + datetime.timedelta(days=1000)
    file, keys = pskc.PSKC(), [secrets.token_bytes(32) for _ in range(2)]
    for number, secret in enumerate(keys):
        key = file.add_key(
            id=f"K{number}", algorithm=OCRA, serial=f"PK-{1000 + number}", manufacturer="Maker", issuer="Firm",
            algorithm_suite=SUITE, challenge_encoding="DECIMAL", challenge_min_length=6, challenge_max_length=6,
            response_encoding="DECIMAL", response_length=8, secret=secret)
        key.policy.start_date, key.policy.expiry_date = start, end
        key.policy.key_usage.append("CR")
        key.policy.pin_key_id, key.policy.pin_usage, key.policy.pin_encoding = f"P{number}", "Algorithmic", "DECIMAL"
        key.policy.pin_min_length, key.policy.pin_max_length, key.policy.pin_max_failed_attempts = 6, 6, 7
        file.add_key(
            id=f"P{number}", algorithm="urn:ietf:params:xml:ns:keyprov:pskc:pin", serial=f"PK-{1000 + number}",
            secret=b"975312")
    file.mac.setup(algorithm="hmac-sha256")
    file.encryption.setup_pbkdf2("correct 電池 staple", algorithm="aes256-cbc", iterations=12_000, prf="hmac-sha256")
    path, letter = desk.folder / "cards.pskcxml", desk.folder / "letter.txt"
    file.write(str(path))
    because = ("--reason", "delivery of May")
    letter.write_text("another one\n")
    refused = desk.run("card", "import", path, "--password-file", letter, *because, check=False)
    assert refused.returncode != 0 and "wrong, or the file was changed" in refused.stderr
    letter.write_text("correct 電池 staple\n")
    done = desk.run("card", "import", path, "--password-file", letter, *because)
    assert done.stdout == "imported 2 cards\n"
    assert desk.run("card", "show", "PK-1001").stdout.startswith("card PK-1001: stock")

    user = desk.demo.add_user(cards=0)
    order = ("card", "order", user.name, "--address", "1 Queen's Road", "--reason", "identified")
    pin = desk.folder / "pin.txt"
    pin.write_text("4821\n")
    short = desk.run(*order, "--pin-file", pin, check=False)
    assert short.returncode != 0, "the maker's policy asks for six digits"
    serial = desk.json(*order, "--makers-pin")["serial"]
    shown = desk.run("card", "show", serial).stdout
    assert f"usable from: {start:%Y-%m-%dT%H:%M:%S}" in shown and f"usable until: {end:%Y-%m-%dT%H:%M:%S}" in shown
    assert "ends after so many wrong PINs in a row, by its maker: 7" in shown
    for secret in (*(key.hex() for key in keys), "975312"):
        assert secret not in done.stdout + done.stderr + shown
