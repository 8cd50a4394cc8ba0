"""The operator's side of codes on their way: what was sent, a test, a provider that is stopped; on pages and at a terminal."""

import json
import re
import socket

import pytest

import harness
from test_account import enter
from test_card_desk import Desk
from test_operation import make_certificate
from test_pages import LOOKS, begin, enter_code, enter_password
from test_texts import code_of, new_user, texting  # noqa: F401 (fixtures)

WORDS = {
    "en": {"heading": "Delivery of codes", "arrived": "Arrived", "stopped": "was stopped", "resumed": "was resumed"},
    "zh-Hant": {"heading": "驗證碼及通知", "arrived": "已送達", "stopped": "已停用", "resumed": "已恢復使用"},
}


# The last column of the first provider's line.
CARRIERS_COST = "section[aria-labelledby='by-provider'] tbody tr:first-child td:last-child"


def cost(text):
    """In hundredths: texts to Hong Kong cost 0.35 each by the one provider, and nobody says what by the other."""
    assert re.fullmatch(r"\d+\.\d\d", text), text
    return round(float(text) * 100)


def log_in_by_text(browser, stack, carrier):
    user, number = new_user(stack)
    begin(browser, stack)
    enter_password(browser, user)
    browser.find("#code")
    code, _ = code_of(carrier, number)
    enter_code(browser, code)
    browser.waits_for_text(user.display_name, "#welcome")
    return number


@pytest.fixture
def boss(texting):
    return texting.demo.user("anna")


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_the_operator_sees_sends_and_stops(browser, texting, carrier, boss, language, width, dark):
    words = WORDS[language]
    browser.use(language, width, dark)
    log_in_by_text(browser, texting, carrier)
    browser.reset()
    browser.use(language, width, dark)
    enter(browser, texting, boss)
    browser.click("nav.account a[href='/account/delivery']")
    browser.waits_for_text(words["heading"], "h1")
    assert "carrier" in browser.text("section[aria-labelledby='by-provider']")
    assert "+852512" in browser.text("section[aria-labelledby='by-prefix']")
    costs = [cost(each.text) for each in browser.all("dl.totals dd")[-1:] + browser.all(CARRIERS_COST)]
    assert len(costs) == 2 and all(each > 0 and each % 35 == 0 for each in costs), costs
    assert min(each.rect["width"] for each in browser.all("dl.totals dd")) > 100, "a figure has room"
    browser.look("delivery-1-status")

    number = f"+8525123{harness.secrets.randbelow(10 ** 4):04}"
    browser.click("a[href='/account/delivery/test']")
    browser.type("#to", "5123 4567")
    browser.type("#reason", "trial")
    browser.click("form button.primary")
    browser.find("#to-error")
    browser.look("delivery-2-test-refused")
    browser.type("#to", number)
    browser.click("form button.primary")
    browser.waits_for_text(words["arrived"], "#state")
    browser.look("delivery-3-arrived")
    assert carrier.messages(number) and number not in browser.text()

    change(browser, "carrier", words["stopped"])
    browser.look("delivery-4-stopped")
    browser.reset()
    number = log_in_by_text(browser, texting, carrier)
    assert [each["way"] for each in carrier.messages(number)] == ["http"], "the other provider has it"
    browser.reset()
    browser.use(language, width, dark)
    enter(browser, texting, boss)
    change(browser, "carrier", words["resumed"])


def change(browser, provider, said):
    browser.click("nav.account a[href='/account/delivery']")
    browser.click(f"a[href='/account/delivery/providers/{provider}']")
    browser.type("#reason", "trial")
    browser.look(f"delivery-5-{provider}")
    browser.click("form button.primary")
    browser.waits_for_text(said, "p.message")


def test_it_works_without_scripts(browser_without_scripts, texting, carrier, boss):
    browser = browser_without_scripts
    browser.use()
    enter(browser, texting, boss)
    browser.open(f"{texting.demo.issuer}/account/delivery/test")
    browser.type("#to", "+85251230001")
    browser.type("#reason", "trial")
    browser.click("form button.primary")
    browser.waits_for_text("Arrived", "#state")


def test_others_find_no_such_page(browser, texting):
    user = texting.demo.add_user()
    browser.use()
    enter(browser, texting, user)
    assert not browser.all("a[href='/account/delivery']")
    browser.open(f"{texting.demo.issuer}/account/delivery")
    delivery = browser.text("h1")
    browser.open(f"{texting.demo.issuer}/account/nothing")
    assert browser.text("h1") == delivery


@pytest.fixture
def desk(texting, tmp_path):
    return Desk(texting.demo, tmp_path)


def test_at_a_terminal(desk, carrier):
    number = f"+8525123{harness.secrets.randbelow(10 ** 4):04}"
    because = ("--reason", "trial")
    sent = desk.run("delivery", "test", number, "--through", "carrier", *because)
    assert re.search(r"s  delivered \(.*\), carrier\n$|s  delivered, carrier\n$", sent.stdout), sent.stdout
    assert number not in sent.stdout + sent.stderr
    carrier.way("smpp", texts="undeliverable")
    failed = desk.run("delivery", "test", number, "--through", "carrier", *because, check=False)
    assert failed.returncode == 1 and "failed" in failed.stdout, failed.stdout + failed.stderr
    carrier.way("http", answers="fault")
    late = desk.run("delivery", "test", number, "--through", "gateway", "--wait", "5", *because, check=False)
    assert late.returncode == 75 and "provider_fault" in late.stdout, late.stdout + late.stderr
    assert re.search(r"^gateway +text +asked last", desk.run("delivery", "providers").stdout, re.M)
    carrier.way("http", answers="normal")
    refused = desk.run("delivery", "test", "51234567", *because, check=False)
    assert refused.returncode == 1 and "needs a plus sign" in refused.stderr
    wrong = desk.run("delivery", "test", number, "--wait", "0", *because, check=False)
    assert wrong.returncode == 64

    status = desk.run("delivery", "--by", "prefix").stdout
    assert "PREFIX" in status and re.search(r"HK \+852512 +text", status), status
    both = desk.run("delivery", "status", "--since", "2h").stdout
    assert re.search(r"^carrier +text ", both, re.M) and re.search(r"^HK +text ", both, re.M), both
    assert desk.json("delivery", "--since", "7d")["total"]["delivered"] >= 1
    assert cost(desk.json("delivery", "--since", "7d")["total"]["cost"]) >= 70, "two texts at least"
    assert re.search(r"cost \d+\.\d\d\n", both) and "cost 0.00" not in both, both
    assert re.search(r"^carrier +text +on +0\.01, HK 0\.35", desk.run("delivery", "providers").stdout, re.M)
    bad = desk.run("delivery", "--since", "yesterday", check=False)
    assert bad.returncode == 64 and "--since takes a time" in bad.stderr

    assert "gateway is stopped" in desk.run("delivery", "stop", "gateway", *because).stdout
    listed = desk.run("delivery", "providers").stdout
    assert re.search(r"^gateway +text +stopped", listed, re.M) and re.search(r"^calls +voice +on", listed, re.M)
    off = desk.run("delivery", "test", number, "--through", "gateway", *because, check=False)
    assert off.returncode == 1 and "resume it" in off.stderr
    assert "gateway is asked again" in desk.run("delivery", "resume", "gateway", *because).stdout
    nobody = desk.run("delivery", "stop", "nobody", *because, check=False)
    assert nobody.returncode == 1 and "no such provider" in nobody.stderr
    messages = desk.run("delivery", "messages", "--limit", "5").stdout
    assert "test" in messages and "HK +852512" in messages and number not in messages
    assert len(json.loads(desk.run("delivery", "messages", "--json").stdout)["messages"]) > 1


def test_the_doctor_finds_the_carrier(texting, carrier):
    report = harness.run(
        [harness.program("countersign"), "doctor", "--config", texting.demo.config, "--json"], check=False)
    findings = {each["subject"]: each for each in json.loads(report.stdout)}
    assert all(findings[f"provider {name}"]["level"] == "ok" for name in ("carrier", "gateway", "calls")), findings
    assert findings["calls"]["level"] == "ok" and findings["texts"]["level"] == "warning"


def test_the_doctor_looks_at_certificates(tmp_path):
    certificate, key = make_certificate(tmp_path / "tls", "localhost")
    (port,) = harness.free_ports(1)
    peer = harness.Process([
        "openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", certificate, "-key", key, "-quiet"])
    provider = (
        f"kind: smpp, host: localhost, port: {port}, system_id: countersign, password: carrier, sender: Northwind")
    demo = harness.Demo(settings=(
        "delivery:\n  countries: [HK]\n  providers:\n"
        f"    believed: {{{provider}, ca_file: '{certificate}'}}\n    stranger: {{{provider}}}\n"))
    harness.wait_until(lambda: is_open(port), "the peer")
    report = harness.run(
        [harness.program("countersign"), "doctor", "--config", demo.config, "--json"], check=False)
    findings = {each["subject"]: each for each in json.loads(report.stdout)}
    assert report.returncode == 1
    assert findings["provider believed"]["level"] == "ok", findings
    assert "no trusted TLS" in findings["provider stranger"]["message"], findings
    assert findings["delivery"] == {
        "level": "ok", "subject": "delivery", "message": "a provider of texts for each of HK"}
    peer.end()
    demo.remove()


def is_open(port):
    try:
        return socket.create_connection(("127.0.0.1", port), 1).close() is None
    except OSError:
        return False
