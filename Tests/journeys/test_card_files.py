"""Files of cards, written by python-pskc and read by `countersign card check-file`."""

import base64
import datetime
import re
import secrets

import pskc
import pytest

import harness

SUITE = "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"
OCRA = "urn:ietf:params:xml:ns:keyprov:pskc:ocra"
PIN = "urn:ietf:params:xml:ns:keyprov:pskc:pin"
CIPHERS = ["aes128-cbc", "aes192-cbc", "aes256-cbc", "kw-aes128", "kw-aes192", "kw-aes256"]
MACS = ["hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"]


class Cards:
    """A file of cards in a folder of the test's own."""

    def __init__(self, folder):
        self.folder = folder
        self.pskc = pskc.PSKC()
        self.keys = [secrets.token_bytes(32) for _ in range(3)]
        for number, key in enumerate(self.keys):
            self.pskc.add_key(
                id=f"K{number}", algorithm=OCRA, serial=f"CS-{1000 + number}", manufacturer="Maker", issuer="Firm",
                algorithm_suite=SUITE, challenge_encoding="DECIMAL", challenge_min_length=6, challenge_max_length=6,
                response_encoding="DECIMAL", response_length=8, secret=key)

    def write(self):
        path = self.folder / "cards.pskcxml"
        self.pskc.write(str(path))
        return path

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path


@pytest.fixture
def cards(tmp_path):
    return Cards(tmp_path)


def check(path, *options, good=True):
    done = harness.run([harness.program("countersign"), "card", "check-file", *options, path], check=good)
    assert good == (done.returncode == 0), done.stdout
    return done.stdout if good else done.stderr


def serials(printed):
    return [line.split("\t")[0] for line in printed.splitlines()[:-1]]


def assert_good(cards, printed):
    assert serials(printed) == ["CS-1000", "CS-1001", "CS-1002"]
    assert all(line.split("\t")[1] == SUITE for line in printed.splitlines()[:-1])
    for key in cards.keys:
        assert key.hex() not in printed.lower() and base64.b64encode(key).decode() not in printed


def test_a_plain_file_needs_permission(cards):
    path = cards.write()
    assert "--allow-plaintext" in check(path, good=False)
    assert_good(cards, check(path, "--allow-plaintext"))


@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize("mac", MACS)
def test_a_shared_key(cards, cipher, mac):
    key = secrets.token_bytes(int(re.search(r"aes(\d+)", cipher)[1]) // 8)
    if cipher.endswith("-cbc"):
        cards.pskc.mac.setup(algorithm=mac)
    cards.pskc.encryption.setup_preshared_key(key=key, algorithm=cipher, key_name="Letter 7", fields=["secret"])
    path = cards.write()
    assert_good(cards, check(path, "--key-file", cards.file("key", key.hex() + "\n")))
    assert "called \"Letter 7\"" in check(path, good=False)
    wrong = cards.file("wrong", secrets.token_bytes(len(key)).hex())
    assert "wrong, or the file was changed" in check(path, "--key-file", wrong, good=False)


@pytest.mark.parametrize("prf", [None, *MACS])
@pytest.mark.parametrize("cipher", ["aes128-cbc", "aes256-cbc", "kw-aes192"])
def test_a_password(cards, cipher, prf):
    cards.pskc.encryption.setup_pbkdf2(
        "correct 電池 staple", algorithm=cipher, iterations=12_000, prf=prf, key_name="Letter 8")
    path = cards.write()
    assert_good(cards, check(path, "--password-file", cards.file("password", "correct 電池 staple\n")))
    assert "wrong, or the file was changed" in check(path, "--password-file", cards.file("wrong", "correct"), good=False)


def test_policy_and_pin(cards):
    key = cards.pskc.keys[0]
    key.policy.start_date = datetime.datetime(2026, 1, 31, 9, 30, tzinfo=datetime.timezone.utc)
    key.policy.expiry_date = datetime.datetime(2031, 1, 31, 0, 0)
    key.policy.key_usage.append("CR")
    key.policy.pin_key_id, key.policy.pin_usage, key.policy.pin_encoding = "P0", "Algorithmic", "DECIMAL"
    key.policy.pin_min_length, key.policy.pin_max_length, key.policy.pin_max_failed_attempts = 4, 6, 5
    cards.pskc.add_key(id="P0", algorithm=PIN, serial="CS-1000", secret=b"975312")
    cards.pskc.encryption.setup_preshared_key(key=bytes(range(16)), key_name="Letter 9")
    printed = check(cards.write(), "--key-file", cards.file("key", bytes(range(16)).hex()))
    assert_good(cards, printed)
    assert printed.splitlines()[0].split("\t")[2:5] == [
        "2026-01-31T09:30:00.000Z", "2031-01-31T00:00:00.000Z", "4-6 (has one)"]
    assert "975312" not in printed


def test_other_fields_encrypted_too(cards):
    for key in cards.pskc.keys:
        key.counter, key.time_interval = 300, 70000
    cards.pskc.encryption.setup_preshared_key(
        key=bytes(range(32)), algorithm="aes256-cbc", fields=["secret", "counter", "time_interval"])
    assert_good(cards, check(cards.write(), "--key-file", cards.file("key", bytes(range(32)).hex())))


@pytest.mark.parametrize("algorithm", ["tripledes-cbc", "kw-tripledes", "camellia128-cbc"])
def test_ciphers_that_are_not_read(cards, algorithm):
    cards.pskc.encryption.setup_preshared_key(key=bytes(range(16)), algorithm=algorithm)
    printed = check(cards.write(), "--key-file", cards.file("key", bytes(range(16)).hex()), good=False)
    assert algorithm in printed and "is not read" in printed


def test_one_changed_byte_refuses_the_whole_file(cards):
    cards.pskc.encryption.setup_preshared_key(key=bytes(range(16)))
    path, key = cards.write(), cards.file("key", bytes(range(16)).hex())
    text = path.read_text()
    last = list(re.finditer(r"<xenc:CipherValue>(.)", text))[-1].start(1)
    path.write_text(text[:last] + ("B" if text[last] == "A" else "A") + text[last + 1:])
    printed = check(path, "--key-file", key, good=False)
    assert re.search(r"line \d+: the key or password is wrong, or the file was changed", printed)


def test_csv(cards):
    lines = [f"CS-{1000 + number},{SUITE},{key.hex()}" for number, key in enumerate(cards.keys)]
    path = cards.file("cards.csv", "\r\n".join(["serial,suite,key", *lines, ""]))
    assert "--allow-plaintext" in check(path, good=False)
    assert_good(cards, check(path, "--allow-plaintext"))
    path.write_text(path.read_text() + lines[0] + "\n")
    assert "line 5: the card CS-1000 is on line 2 already" in check(path, "--allow-plaintext", good=False)


@pytest.mark.parametrize("path", ["/nowhere/cards.csv", "/"])
def test_files_that_cannot_be_read(path):
    printed = check(path, good=False)
    assert path in printed and "cannot be read" in printed


def test_key_files_that_hold_no_key(cards):
    path = cards.write()
    assert "no key in hexadecimal" in check(path, "--key-file", cards.file("key", "x"), good=False)
    assert "empty" in check(path, "--password-file", cards.file("password", "\n"), good=False)
    assert "not both" in check(
        path, "--key-file", "a", "--password-file", "b", good=False)
