"""Who has codes: what a user is told who has nothing better, the words of each kind of application, programs that cannot
offer a call, and the number of an account that is being opened."""

import re
import secrets

import pytest
import requests

import harness
from test_pages import LOOKS, challenge, enter_code, enter_password
from test_texts import code_of, delivery, new_user, texting
from visitor import TIMEOUT, Authorization

REQUEST = {
    "web_portal": ("Didn’t receive a security code?", "沒有收到驗證碼？"),
    "web_trader": ("Request a new security code", "要求新的驗證碼"),
    "mobile": ("Request a new code", "要求新碼"),
    "desktop_trader": ("Request new security code", "要求新的驗證碼"),
}
THANKS = {"en": "We have noted that you know.", "zh-Hant": "我們已記錄您知悉此事。"}
STRONGER = {"en": "A code by text or call is not enough.", "zh-Hant": "短訊或語音來電驗證碼並不足夠"}


def enter_account(browser, texting, carrier, user, number, count=1):
    browser.open(f"{texting.demo.issuer}/account")
    enter_password(browser, user)
    browser.find("#code")
    code, _ = code_of(carrier, number, count)
    enter_code(browser, code)


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_whoever_has_a_number_alone_says_once_that_he_knows(browser, texting, carrier, language, width, dark):
    user, number = new_user(texting)
    browser.use(language, width, dark)
    enter_account(browser, texting, carrier, user, number)
    browser.find("section.restricted a.button[href='/account/cards/order']")
    browser.look("restricted-overview")
    browser.open(f"{texting.demo.issuer}/account/phone")
    browser.find("section.restricted form")
    browser.look("restricted-phone")
    browser.click("section.restricted form button")
    browser.waits_for_text(THANKS[language])
    assert browser.all("section.restricted") and not browser.all("section.restricted form")
    browser.look("restricted-acknowledged")
    browser.open(f"{texting.demo.issuer}/account")
    browser.find("#notices")
    assert not browser.all("section.restricted")


def test_the_overview_takes_it_too_and_whoever_has_a_card_is_not_asked(browser, texting, carrier):
    user, number = new_user(texting)
    browser.use("en")
    enter_account(browser, texting, carrier, user, number)
    browser.click("section.restricted form button")
    browser.waits_for_text(THANKS["en"])
    assert not browser.all("section.restricted")
    assert browser.driver.current_url.endswith("/account?done=acknowledged")
    browser.reset()
    other, _ = new_user(texting, cards=1)
    browser.open(f"{texting.demo.issuer}/account")
    enter_password(browser, other)
    browser.click("ul.choices li:first-child button")
    digits = browser.text("#challenge").replace("\n", "").replace(" ", "")
    enter_code(browser, other.card.response(digits))
    browser.find("#notices")
    assert not browser.all("section.restricted")


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_whoever_has_a_card_changes_nothing_by_a_text(browser, texting, carrier, language, width, dark):
    user, number = new_user(texting, cards=1)
    browser.use(language, width, dark)
    browser.open(f"{texting.demo.issuer}/account")
    enter_password(browser, user)
    browser.click("ul.choices li:last-child button")
    browser.find("#code")
    enter_code(browser, code_of(carrier, number)[0])
    browser.find("#notices")
    browser.open(f"{texting.demo.issuer}/account/password")
    browser.waits_for_text(STRONGER[language], "p.message")
    browser.look("stronger-factor")
    enter_password(browser, user)
    browser.find("#challenge")
    assert not browser.all("form[action$='/other']"), "no other way"
    browser.look("stronger-factor-card")
    enter_code(browser, user.card.response(challenge(browser)))
    browser.find("#old")


@pytest.fixture(scope="module")
def surfaces(texting):
    """An application of each kind."""
    redirect = "http://127.0.0.1:1/callback"
    clients = {
        surface: {"client_id": f"app-{surface}", "client_secret": secrets.token_urlsafe(32), "name": "Trading Desk",
                  "name_zh_hant": "交易台", "surface": surface, "redirect_uris": [redirect]}
        for surface in REQUEST}
    texting.demo.provision({"applications": list(clients.values())})
    return {surface: Authorization(texting.demo, redirect, client) for surface, client in clients.items()}


@pytest.mark.parametrize("language, width, dark", LOOKS)
@pytest.mark.parametrize("surface", list(REQUEST))
def test_each_kind_of_application_has_its_words(
        browser, texting, carrier, surfaces, surface, language, width, dark):
    user, _ = new_user(texting)
    browser.use(language, width, dark)
    browser.open(surfaces[surface].address)
    enter_password(browser, user)
    browser.find("#code")
    assert browser.text("#not-received") == REQUEST[surface][language == "zh-Hant"]
    browser.look(f"code-{surface}")
    browser.click("section.resend a")
    browser.find("ol.steps")
    browser.look(f"code-help-{surface}")
    said = browser.text("main")
    assert ("newest one" in said or "最新版本" in said) == (surface == "desktop_trader")


class Program:
    """One that draws its own login."""

    def __init__(self, demo, **more):
        self.base = f"{demo.issuer}/api/v1/logins"
        begun = requests.post(self.base, timeout=TIMEOUT, json={
            "client_id": "countersign-terminal", "code_challenge": "A" * 43, "code_challenge_method": "S256", **more})
        assert begun.status_code == 201, begun.text
        self.login = begun.json()

    def step(self, name, **body):
        return requests.post(f"{self.base}/{self.login['id']}/{name}", json=body, timeout=TIMEOUT, headers={
            "Countersign-Client-ID": "countersign-terminal", "Countersign-Login-Secret": self.login["secret"]})


def test_an_old_program_is_offered_no_call(texting, carrier):
    user, number = new_user(texting)
    old = Program(texting.demo)
    asked = old.step("password", username=user.name, password=user.password).json()
    assert "text_from" in asked["code"] and "voice_from" not in asked["code"]
    refused = old.step("code", by="voice")
    assert refused.status_code == 422 and refused.json()["code"] == "code_not_sent"
    assert "capabilities" in refused.json()["detail"]
    new = Program(texting.demo, capabilities=["voice"])
    assert "voice_from" in new.step("password", username=user.name, password=user.password).json()["code"]
    assert new.step("code", by="voice").status_code == 200
    call = carrier.wait_for_call(number, "ringing")
    carrier.api("POST", f"calls/{call['id']}/decline")


def only_code(carrier, number):
    """Of the only text that went there; it is typed into no page of ours, so it has no last line for one."""
    (text,) = harness.wait_until(lambda: carrier.messages(number), "a text")
    assert "@localhost" not in text["text"]
    return re.search(r"\d{6}", text["text"]).group(0), text["text"]


@pytest.fixture(scope="module")
def opening(_carrier):
    """A firm whose clock is moved."""
    demo = harness.Demo(settings=delivery(_carrier))
    stack = harness.Stack(demo, moved_clock=True).start()
    yield stack
    stack.stop()
    demo.remove()


@pytest.mark.parametrize("language, width, dark", LOOKS[:2])
def test_a_number_is_verified_while_the_account_is_opened(
        browser, opening, carrier, language, width, dark):
    demo = opening.demo
    user = demo.add_user(cards=0)
    national = f"5123{secrets.randbelow(10 ** 4):04}"

    def call(path="", **body):
        return requests.post(
            f"{demo.issuer}/api/v1/users/{user.name}/number-checks{path}", json=body, timeout=TIMEOUT,
            auth=(demo.client["client_id"], demo.client["client_secret"]))

    assert call(number="12", country="HK").json()["code"] == "number_refused"
    begun = call(number=national, country="HK", language=language)
    assert begun.status_code == 201 and begun.json()["number"] == f"+852 {national[:4]} {national[4:]}"
    check = begun.json()["id"]
    code, text = only_code(carrier, f"+852{national}")
    assert ("北風證券" if language == "zh-Hant" else "Northwind Securities") in text
    assert call(f"/{check}/code", by="text").status_code == 429
    assert call(f"/{check}/confirm", code=f"{(int(code) + 1) % 10 ** 6:06}").json()["wrong_answer"] == {
        "attempts_left": 4}
    assert call(f"/{check}/confirm", code=code).json()["state"] == "confirmed"
    assert call(number=national, country="HK").json()["code"] == "has_authenticator"

    opening.advance(120)  # a number has its own interval, whoever asks
    browser.use(language, width, dark)
    enter_account(browser, opening, carrier, user, f"+852{national}", 2)
    browser.find("section.restricted form")
    browser.open(f"{demo.issuer}/account/phone")
    browser.find("ul.records")
    browser.look("opened-phone")


def test_a_factor_check_by_text(texting, carrier):
    user, number = new_user(texting)
    base = f"{texting.demo.issuer}/api/v1/factor-checks"
    application = (texting.demo.client["client_id"], texting.demo.client["client_secret"])
    check = requests.post(base, json={"username": user.name}, auth=application, timeout=TIMEOUT).json()
    assert check["code"]["sent_by"] == ["text"] and "challenge" not in check
    code, _ = only_code(carrier, number)
    granted = requests.post(
        f"{base}/{check['id']}/response", json={"response": code}, auth=application, timeout=TIMEOUT,
        headers={"Countersign-Login-Secret": check["secret"]}).json()
    assert granted["state"] == "granted" and granted["statement"]


@pytest.fixture(scope="module")
def ending(_carrier):
    """A firm whose codes end with a security card."""
    demo = harness.Demo(settings=delivery(_carrier) + "  texts:\n    end_with: [security_card]\n")
    stack = harness.Stack(demo).start()
    yield stack
    stack.stop()
    demo.remove()


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_codes_end_with_the_card_that_is_activated_meanwhile(browser, ending, carrier, language, width, dark):
    user, number = new_user(ending)
    browser.use(language, width, dark)
    browser.open(f"{ending.demo.issuer}/account")
    enter_password(browser, user)
    browser.find("#code")
    code, _ = code_of(carrier, number)
    card = harness.Card({
        "serial": f"CS-{200_000_000 + secrets.randbelow(800_000_000)}", "pin": "4321", "key": secrets.token_hex(32),
        "suite": "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"})
    ending.demo.provision({"cards": [{
        "serial": card.serial, "username": user.name, "pin": card.pin, "key": card.key.hex(), "suite": card.suite}]})
    enter_code(browser, code)
    browser.find("ul.choices")
    assert len(browser.all("ul.choices button")) == 1
    assert ("codes by text message or call have ended" if language == "en" else "不再以短訊或語音來電發送驗證碼"
            ) in browser.text("p.message")
    browser.look("codes-ended")
    browser.click("ul.choices button")
    enter_code(browser, card.response(browser.text("#challenge").replace("\n", "").replace(" ", "")))
    browser.find("#notices")
    assert not browser.all("section.restricted")
    browser.open(f"{ending.demo.issuer}/account/phone")
    browser.find("ul.records")
    assert number[-2:] in browser.text("ul.records")
    browser.look("codes-ended-phone")
