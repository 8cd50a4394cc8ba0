"""The carrier simulator's pages, as a developer sees them while texts and calls come in."""

import email.message
import smtplib

import pytest
import requests

import carrier as carriers
import harness
from test_pages import LOOKS

NUMBER, OTHER = "+85291234567", "+447700900123"
CODE = "Northwind: 123456 is your code to log in.\nNever tell it to anybody.\n\n@localhost #123456"
LONG = "北風證券：您的驗證碼是 654321，五分鐘內有效。請勿告訴任何人，我們的職員亦不會向您索取。" * 2

WORDS = {
    "en": {"none": "No phone has rung yet.", "answer": "Answer", "over": "Call, ended here", "missed": "Missed call",
           "pressed": "Keys pressed: 1#", "invalid": "a delay is 0 to 3600 seconds", "copied": "Copied"},
    "zh-Hant": {"none": "暫時未有電話收到任何東西。", "answer": "接聽", "over": "來電，由這裏掛線", "missed": "未接來電",
                "pressed": "已按：1#", "invalid": "延遲時間須為 0 至 3600 秒", "copied": "已複製"},
}


@pytest.fixture
def caller():
    folder = harness.Folder()
    carriers.tune(folder.path / "tune.wav", 60)
    caller = carriers.Caller(folder.path / "tune.wav")
    yield caller
    caller.close()
    folder.remove()


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_texts_and_a_call_come_in_by_themselves(browser, carrier, caller, language, width, dark):
    browser.use(language, width, dark)
    words = WORDS[language]
    browser.open(carrier.page)
    browser.waits_for_text(words["none"])
    browser.look("carrier-1-empty")

    assert carrier.post(NUMBER, CODE).status_code == 202
    assert carrier.post(OTHER, LONG, sender="+85230000000").status_code == 202
    browser.waits_for_text("654321", "#phone-447700900123")
    browser.waits_for_text("123456", "#phone-85291234567")
    browser.look("carrier-2-texts")

    caller.dial(carrier, NUMBER)
    browser.waits_for_text(words["answer"], "#phone-85291234567 .call")
    browser.look("carrier-3-ringing")
    browser.click("#phone-85291234567 .answer")
    browser.find("#phone-85291234567 .keypad")
    caller.wait_for("CALL_ESTABLISHED")
    for key in "1#":
        browser.click(f"#phone-85291234567 .key[value='{key}']")
    browser.waits_for_text(words["pressed"], "#phone-85291234567")
    assert caller.wait_for("CALL_DTMF_START")["param"] == "1"
    assert caller.wait_for("CALL_DTMF_START")["param"] == "#"
    assert_sound_plays(browser, ".call audio")
    browser.look("carrier-4-answered")
    browser.click("#phone-85291234567 .call > form:last-child button")
    caller.wait_for("CALL_CLOSED")
    browser.waits_for_text(words["over"], "#phone-85291234567")

    browser.click("#title-85291234567 a")
    browser.waits_for_text(words["over"], ".phone-large")
    browser.look("carrier-5-phone")


def assert_sound_plays(browser, selector):
    """A browser has taken it, and its time goes on."""
    sound = browser.find(selector)
    browser.driver.execute_script("arguments[0].play()", sound)
    harness.wait_until(
        lambda: browser.driver.execute_script("return arguments[0].currentTime", sound) > 0.5, "the sound to play")


@pytest.mark.parametrize("language, width, dark", LOOKS[1:3])
def test_faults_are_set_on_the_page(browser, carrier, language, width, dark):
    browser.use(language, width, dark)
    browser.open(carrier.page)
    browser.driver.execute_script("document.querySelector('#answers-http').value = 'throttled'")
    browser.type("#rejected-http", NUMBER)
    browser.click("#faults-http fieldset > button")
    assert harness.wait_until(
        lambda: carrier.api("GET", "faults")["ways"]["http"]["answers"] == "throttled", "the fault")
    assert carrier.post(NUMBER, CODE).status_code == 429
    browser.find("#rejected-http")
    browser.driver.execute_script("document.querySelector('#faults-http').noValidate = true")
    browser.type("#answer-delay-http", "4000")
    browser.click("#faults-http fieldset > button")
    browser.waits_for_text(WORDS[language]["invalid"], ".problem")
    browser.look("carrier-6-refused")
    assert carrier.api("GET", "faults")["ways"]["http"]["answer_delay_ms"] == 0
    browser.click("form[action='/faults/reset'] button")
    harness.wait_until(lambda: carrier.api("GET", "faults")["ways"]["http"]["answers"] == "normal", "all well")


def test_a_code_is_copied_and_what_is_looked_at_stays(browser, carrier):
    browser.use()
    carrier.post(NUMBER, CODE)
    browser.open(carrier.page)
    browser.driver.execute_script("window.here = document.querySelector('#phone-85291234567')")
    browser.driver.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
    browser.click("button.copy")
    browser.waits_for_text("Copied", "button.copy")
    copied = browser.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0], arguments[0])")
    assert copied == "123456"
    carrier.post(NUMBER, "Second: 7777")
    browser.waits_for_text("7777")
    assert browser.driver.execute_script(
        "return window.here === document.querySelector('#phone-85291234567') && window.here.isConnected")
    assert not browser.driver.execute_script("return document.querySelector('button.copy').hidden")


def test_switched_off_and_on_again(browser, carrier):
    browser.use()
    browser.open(carrier.page)
    browser.type("#number", "+852 9123 4567")
    browser.click(".panel form[action='/phones'] button")
    browser.find("#mode-85291234567 option[value='off']").click()
    harness.wait_until(
        lambda: carrier.api("GET", "faults")["phones"].get(NUMBER) == {"mode": "off"}, "the phone to be off")
    carrier.post(NUMBER, CODE)
    assert carrier.messages(NUMBER)[0]["state"] == "buffered"
    browser.find("#mode-85291234567 option[value='on']").click()
    browser.waits_for_text("123456", "#phone-85291234567")
    assert carrier.messages(NUMBER)[0]["state"] == "delivered"


def test_no_script_is_needed(browser_without_scripts, carrier, caller):
    plain = browser_without_scripts
    carrier.post(NUMBER, "Plain <i>text</i> 4711")
    caller.dial(carrier, NUMBER)
    carrier.wait_for_call(NUMBER, "ringing")
    plain.open(carrier.page)
    assert "Plain <i>text</i> 4711" in plain.text("#phone-85291234567 .bubble")
    plain.click("#phone-85291234567 .answer")
    plain.click("#phone-85291234567 .key[value='9']")
    plain.waits_for_text("Keys pressed: 9")
    plain.click("#phone-85291234567 .call > form:last-child button")
    plain.waits_for_text("Call, ended here")
    caller.wait_for("CALL_CLOSED")
    assert carrier.calls(NUMBER)[0]["keys"] == "9"


def test_the_keyboard_is_enough(browser, carrier, caller):
    browser.use()
    browser.open(carrier.page)
    caller.dial(carrier, NUMBER)
    browser.tab_to("#phone-85291234567 .answer")
    browser.press("\ue007")
    browser.tab_to("#phone-85291234567 .key[value='1']")
    browser.press("\ue007")
    browser.waits_for_text("Keys pressed: 1")


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.example.com", "localhost.example.com:80", "10.0.0.1"])
def test_another_host_is_refused(carrier, host):
    for path in ("/", "/api/messages"):
        assert requests.get(f"{carrier.page}{path}", headers={"Host": host}, timeout=10).status_code == 421


def test_other_sites_can_order_nothing(browser, carrier):
    """A real page of another origin posts a form and JSON."""
    browser.use()
    carrier.post(NUMBER, CODE)
    browser.open("data:text/html,<form method=post action='%s/clear'><button>go</button></form>" % carrier.page)
    browser.click("button")
    browser.waits_for_text("From another site.")
    assert len(carrier.messages(NUMBER)) == 1


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_mails_come_in(browser, carrier, language, width, dark):
    """By Python's own client."""
    browser.use(language, width, dark)
    mail = email.message.EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Northwind: 通知", "no-reply@northwind.example", "alice@example.com"
    mail.set_content("您的密碼已更改。\n.\nYour password was changed.\n", cte="base64")
    host, port = carrier.smtp.split(":")
    with smtplib.SMTP(host, int(port), timeout=10) as client:
        client.send_message(mail)
    (found,) = carrier.mails("alice@example.com")
    assert found["subject"] == "Northwind: 通知" and found["text"] == "您的密碼已更改。\n.\nYour password was changed.\n"
    browser.open(carrier.page)
    browser.click("a[href='/mails']")
    browser.waits_for_text("Northwind: 通知", "h2")
    browser.look("carrier-mails")
