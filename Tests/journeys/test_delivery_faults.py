"""What goes wrong between the server and a telephone: the user is told what is true, and always has a way on."""

import json

import pytest
import requests

import harness
from test_pages import enter_code, enter_password
from test_texts import code_of, delivery, new_user

SENDING, TAKEN = "The message is being sent.", "The carrier has the message."
ARRIVED, FAILED = "The carrier says that the message has arrived.", "The message could not be delivered."


@pytest.fixture(scope="module")
def texting(_carrier):
    """On a clock that the tests move."""
    demo = harness.Demo(settings=delivery(_carrier))
    stack = harness.Stack(demo, moved_clock=True).start()
    yield stack
    stack.stop()
    demo.remove()


@pytest.fixture
def asked(browser, texting, carrier):
    """Asks for a code once the faults are set; gives the user and his number."""
    def ask(both=None, **faults):
        user, number = new_user(texting)
        for way, chosen in {**{way: both for way in ("smpp", "http") if both}, **faults}.items():
            chosen = {**chosen, "rejected": [number]} if chosen.get("rejected") else chosen
            carrier.way(way, **chosen)
        browser.use("en")
        # The server's own pages: the portal would refuse what a moved clock has signed.
        browser.open(f"{texting.demo.issuer}/account")
        enter_password(browser, user)
        browser.find("#code")
        return user, number
    return ask


def says(browser, sentence, seconds=30):
    def is_said():
        browser.open(browser.driver.current_url)
        return sentence in browser.text()

    harness.wait_until(is_said, sentence, seconds)


def log_in_by(browser, carrier, user, number):
    code, _ = code_of(carrier, number)
    enter_code(browser, code)
    browser.waits_for_text(user.display_name, "main.account")


def call_instead(browser, carrier, user, number):
    """The way on when no text comes."""
    browser.click("section.resend input[value='voice'] ~ button")
    call = carrier.wait_for_call(number, "ringing")
    carrier.api("POST", f"calls/{call['id']}/answer")
    carrier.wait_for_call(number, "answered")
    carrier.api("POST", f"calls/{call['id']}/key", key="1")
    says(browser, "The code was read to you.")


@pytest.mark.parametrize("answers", ["dead", "throttled", "fault", "account"])
def test_one_provider_fails_and_the_next_carries_it(browser, carrier, asked, answers):
    user, number = asked(smpp={"answers": answers})
    says(browser, ARRIVED)
    assert [text["way"] for text in carrier.messages(number)] == ["http"]
    log_in_by(browser, carrier, user, number)


@pytest.mark.parametrize("answers", ["unanswered", "nonsense"])
def test_perhaps_taken_it_goes_once_more_with_the_same_code(browser, carrier, asked, answers):
    user, number = asked(smpp={"answers": answers})
    says(browser, ARRIVED)
    texts = carrier.messages(number)
    assert 1 <= len(texts) <= 2 and len({text["text"] for text in texts}) == 1
    log_in_by(browser, carrier, user, number)


def test_every_gateway_is_down_and_comes_back(browser, texting, carrier, asked):
    user, number = asked(both={"answers": "dead"})
    says(browser, SENDING)
    assert not carrier.messages(number)
    assert browser.find("section.resend input[value='voice'] ~ button").is_enabled()
    for way in ("smpp", "http"):
        carrier.way(way, answers="normal")
    texting.advance(20)
    log_in_by(browser, carrier, user, number)


def test_every_gateway_is_down_and_a_call_takes_its_place(browser, carrier, asked):
    user, number = asked(both={"answers": "dead"})
    says(browser, SENDING)
    call_instead(browser, carrier, user, number)


def test_a_slow_gateway(browser, carrier, asked):
    user, number = asked(both={"answer_delay_ms": 1500})
    says(browser, SENDING)
    says(browser, ARRIVED)
    assert len(carrier.messages(number)) == 1
    log_in_by(browser, carrier, user, number)


def test_a_number_that_no_provider_takes(browser, carrier, asked):
    user, number = asked(both={"rejected": True})
    says(browser, FAILED)
    assert not carrier.messages(number)
    call_instead(browser, carrier, user, number)


def test_taken_and_lost_without_a_word(browser, texting, carrier, asked):
    user, number = asked(both={"texts": "lost", "receipts": "none"})
    says(browser, TAKEN)
    for way in ("smpp", "http"):
        carrier.way(way, texts="delivered", receipts="truthful")
    texting.advance(121)
    browser.open(browser.driver.current_url)
    browser.click("section.resend input[value='text'] ~ button")
    says(browser, ARRIVED)
    log_in_by(browser, carrier, user, number)


def test_the_carrier_says_that_it_cannot_be_delivered(browser, carrier, asked):
    user, number = asked(both={"texts": "undeliverable"})
    says(browser, FAILED)
    call_instead(browser, carrier, user, number)


def test_a_lying_receipt_is_told_as_what_the_carrier_says(browser, carrier, asked):
    user, number = asked(both={"texts": "lost", "receipts": "lying"})
    says(browser, ARRIVED)
    assert "Didn’t receive" in browser.text()
    call_instead(browser, carrier, user, number)


@pytest.mark.parametrize("receipts", ["late", "doubled", "stray"])
def test_receipts_that_are_late_doubled_or_for_nobody(browser, carrier, asked, receipts):
    user, number = asked(both={"receipts": receipts, "receipt_delay_ms": 3000})
    if receipts == "late":
        says(browser, TAKEN)
    says(browser, ARRIVED)
    log_in_by(browser, carrier, user, number)


def test_a_forged_receipt_changes_nothing(browser, texting, carrier, asked):
    user, number = asked(smpp={"answers": "dead"}, http={"texts": "lost", "receipts": "none"})
    says(browser, TAKEN)
    address = f"{texting.demo.issuer}/delivery/receipts/gateway"
    (text,) = carrier.messages(number)
    reference = text["id"]
    body = json.dumps({"id": reference, "to": number, "status": "delivered", "at": "2026-11-27T00:00:00Z"})
    for headers in ({}, {"X-Carrier-Signature": "sha256=" + "0" * 64}):
        answer = requests.post(
            address, data=body, headers={"Content-Type": "application/json", **headers}, timeout=10)
        assert answer.status_code == 403, answer.text
    browser.open(browser.driver.current_url)
    assert TAKEN in browser.text() and ARRIVED not in browser.text()
    call_instead(browser, carrier, user, number)


def test_killed_while_it_hands_over_it_goes_once_more_at_most(browser, carrier):
    demo = harness.Demo(settings=delivery(carrier))
    stack = harness.Stack(demo, moved_clock=True).start()
    try:
        carrier.way("smpp", answer_delay_ms=2000)
        user, number = new_user(stack)
        browser.use("en")
        browser.open(f"{demo.issuer}/account")
        enter_password(browser, user)
        browser.find("#code")
        # The carrier has it, and the server has not heard so.
        harness.wait_until(lambda: carrier.messages(number), "a text")
        stack.kill()
        carrier.way("smpp", answer_delay_ms=0)
        stack.start_server()
        stack.advance(31)
        harness.wait_until(lambda: len(carrier.messages(number)) == 2, "the second try")
        texts = carrier.messages(number)
        assert len({text["text"] for text in texts}) == 1
        log_in_by(browser, carrier, user, number)
        stack.advance(120)
        assert len(carrier.messages(number)) == 2
    finally:
        stack.stop()
        demo.remove()
