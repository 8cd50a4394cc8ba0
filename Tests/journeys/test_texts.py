"""A login by a code: it comes as a text or in a call, to the carrier simulator's telephones."""

import re

import pytest

import harness
from test_pages import LOOKS, begin, enter_code, enter_password, log_in

NUMBER = "+85251234567"


def delivery(carrier):
    host, port = carrier.smpp.split(":")
    return (
        "delivery:\n  providers:\n"
        f"    carrier:\n      kind: smpp\n      host: {host}\n      port: {port}\n      plain: yes\n"
        "      system_id: countersign\n      password: carrier\n      sender: Northwind\n"
        "      price: 0.01\n      prices: {HK: 0.35}\n"
        f"    gateway:\n      kind: http\n      shape: json\n      address: {carrier.page}/gateway/messages\n"
        "      account: countersign\n      secret: carrier\n      receipt_secret: carrier-simulator-receipts\n"
        "      sender: Northwind\n"
        f"    calls:\n      kind: sip\n      user: northwind\n      domain: {carrier.sip}\n"
        "      network_interface: 127.0.0.1\n")


@pytest.fixture(scope="module")
def texting(_carrier):
    """Everything that a user meets, with a carrier."""
    demo = harness.Demo(settings=delivery(_carrier))
    stack = harness.Stack(demo).start()
    yield stack
    stack.stop()
    demo.remove()


def new_user(stack, cards=0):
    """Somebody with a number of his own, so that no limit of one test is met in another."""
    user = stack.demo.add_user(cards)
    number = f"+8525123{harness.secrets.randbelow(10 ** 4):04}"
    stack.demo.provision({"phones": [{"username": user.name, "number": number}]})
    return user, number


def code_of(carrier, number, count=1):
    texts = harness.wait_until(
        lambda: (lambda all: all if len(all) >= count else None)(carrier.messages(number)), f"{count} texts")
    text = texts[0]["text"] if "\n" in texts[0]["text"] else texts[-1]["text"]
    return re.search(r"#(\d{6})$", text).group(1), text


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_a_code_by_text(browser, texting, carrier, language, width, dark):
    user, number = new_user(texting)
    browser.use(language, width, dark)
    begin(browser, texting)
    enter_password(browser, user)
    field = browser.find("#code")
    assert field.get_attribute("autocomplete") == "one-time-code" and field.get_attribute("inputmode") == "numeric"
    assert number[-2:] in browser.text("p.lead") and number[4:-2] not in browser.text()
    browser.look(f"code-{language}-{width}")
    code, text = code_of(carrier, number)
    assert "Northwind" in text or "北風證券" in text
    assert text.endswith(f"\n@localhost #{code}")
    enter_code(browser, f"{code[:3]} {code[3:]}")
    browser.waits_for_text(user.display_name, "#welcome")


HELP = {
    "en": {
        "arrived": "The carrier says that the message has arrived.",
        "steps": ["Use another authenticator", "Check your phone", "Have the code read to you, or sent again",
                  "Text messages in Hong Kong"],
        "words": ["I do not receive security codes by text from Northwind Securities. They come from Northwind.",
                  "Please check for a spam filter or a block of named senders"],
    },
    "zh-Hant": {
        "arrived": "電訊商表示短訊已送達。",
        "steps": ["使用其他認證裝置", "檢查您的電話", "以語音收聽驗證碼，或重新發送", "香港的短訊"],
        "words": ["我收不到 北風證券 發出的驗證碼短訊，發送人是 Northwind。", "請查看我的號碼有否啟用垃圾短訊過濾"],
    },
}


@pytest.mark.parametrize("language, width, dark", LOOKS[:2])
def test_the_help_page_knows_the_country(browser, texting, carrier, language, width, dark):
    user, number = new_user(texting)
    browser.use(language, width, dark)
    begin(browser, texting)
    enter_password(browser, user)
    browser.click("section.resend a")

    def knows_of_the_text():
        browser.open(browser.driver.current_url)
        return HELP[language]["arrived"] in browser.text("[data-delivery]")

    harness.wait_until(knows_of_the_text, "the last delivery's state")
    assert [each.text for each in browser.all("ol.steps > li > h2")] == HELP[language]["steps"]
    told = [each.text for each in browser.all("ol.steps ul.quote li")]
    assert all(any(each.startswith(words) for each in told) for words in HELP[language]["words"]), told
    browser.look(f"code-help-{language}-{width}")


def test_a_wrong_code_and_an_early_resend_are_told_where_they_are(browser, texting, carrier):
    user, number = new_user(texting)
    browser.use("en")
    begin(browser, texting)
    enter_password(browser, user)
    code, _ = code_of(carrier, number)
    enter_code(browser, f"{(int(code) + 1) % 10 ** 6:06}")
    browser.waits_for_text("The security code is wrong", "#code-error")
    assert "4 attempts left" in browser.text("#code-attempts")
    assert not browser.find("section.resend input[value='text'] ~ button").is_enabled()
    assert re.search(r"can be sent in [12]:", browser.text("section.resend"))
    enter_code(browser, code)
    browser.waits_for_text(user.display_name, "#welcome")


def test_a_dead_provider_is_passed_over(browser, texting, carrier):
    carrier.way("smpp", answers="dead")
    user, number = new_user(texting)
    browser.use("en")
    begin(browser, texting)
    enter_password(browser, user)
    code, _ = code_of(carrier, number)
    enter_code(browser, code)
    browser.waits_for_text(user.display_name, "#welcome")


def ask_for_a_call(browser, texting, user):
    browser.use("en")
    begin(browser, texting)
    enter_password(browser, user)
    browser.click("section.resend input[value='voice'] ~ button")
    browser.waits_for_text("by a call", "p.lead")


def test_a_call_reads_the_same_code(browser, texting, carrier):
    user, number = new_user(texting)
    ask_for_a_call(browser, texting, user)
    call = carrier.wait_for_call(number, "ringing")
    carrier.api("POST", f"calls/{call['id']}/answer")
    carrier.wait_for_call(number, "answered")
    carrier.api("POST", f"calls/{call['id']}/key", key="1")

    def is_read():
        browser.open(browser.driver.current_url)
        return "The code was read to you." in browser.text()

    harness.wait_until(is_read, "the code to be read", 60)
    code, _ = code_of(carrier, number)
    enter_code(browser, code)
    browser.waits_for_text(user.display_name, "#welcome")


def test_key_9_ends_the_login(browser, texting, carrier):
    user, number = new_user(texting)
    ask_for_a_call(browser, texting, user)
    call = carrier.wait_for_call(number, "ringing")
    carrier.api("POST", f"calls/{call['id']}/answer")
    carrier.wait_for_call(number, "answered")
    carrier.api("POST", f"calls/{call['id']}/key", key="9")

    def is_stopped():
        browser.open(browser.driver.current_url)
        return "did not ask for it" in browser.text()

    harness.wait_until(is_stopped, "the login to end", 30)
    browser.look("code-disowned")
    harness.wait_until(lambda: "did not ask for the code" in texting.server.log, "the alarm")


@pytest.mark.parametrize("language, width, dark", LOOKS[:2])
def test_a_number_is_added_in_self_service(browser, texting, carrier, language, width, dark):
    user = texting.demo.add_user()
    national = f"5123{harness.secrets.randbelow(10 ** 4):04}"
    browser.use(language, width, dark)
    log_in(browser, texting, user)
    browser.open(f"{texting.demo.issuer}/account/phone")
    browser.find("#number")
    browser.look(f"phone-{language}-{width}")
    browser.click("#country option[value='HK']")
    browser.type("#number", "12")
    browser.click("form[action='/account/phone'] button.primary")
    browser.find("#number-error")
    browser.click("#country option[value='HK']")
    browser.find("#number").clear()
    browser.type("#number", f"{national[:4]} {national[4:]}")
    browser.click("form[action='/account/phone'] button.primary")
    browser.find("#code")
    assert f"+852 {national[:4]} {national[4:]}" in browser.text("p.number")
    browser.look(f"phone-code-{language}-{width}")
    code, _ = code_of(carrier, f"+852{national}")
    browser.type("#code", code)
    browser.click("button.primary")
    browser.find("ul.records")
    assert national[-2:] in browser.text("ul.records") and national not in browser.text().replace(" ", "")
    browser.look(f"phone-added-{language}-{width}")
