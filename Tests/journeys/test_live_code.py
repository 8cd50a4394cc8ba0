"""The page of a code says what becomes of it without being loaded again; what is typed stays."""

import pytest

import harness
from test_pages import LOOKS, begin, enter_code, enter_password
from test_texts import code_of, delivery, new_user

BUSY = {"en": "The line was busy or the call was declined.", "zh-Hant": "線路繁忙，或來電被拒接。"}
RINGING = {"en": "Your phone is ringing", "zh-Hant": "您的電話正在響鈴"}


@pytest.fixture(scope="module")
def texting(_carrier):
    demo = harness.Demo(settings=delivery(_carrier))
    stack = harness.Stack(demo).start()
    yield stack
    stack.stop()
    demo.remove()


@pytest.fixture
def called(browser, texting, carrier):
    """At the page of a code while the telephone rings: the user, his number and the call."""
    def call(language="en", width=1280, dark=False):
        user, number = new_user(texting)
        browser.use(language, width, dark)
        begin(browser, texting)
        enter_password(browser, user)
        browser.click("section.resend input[value='voice'] ~ button")
        rings = carrier.wait_for_call(number, "ringing")
        browser.waits_for_text(RINGING[language], "[role='status'][data-delivery]")
        # A page that is loaded again forgets it.
        browser.driver.execute_script("window.isSame = true")
        return user, number, rings
    return call


def is_same(browser):
    return browser.driver.execute_script("return window.isSame === true")


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_a_declined_call_is_told_at_once(browser, texting, carrier, called, language, width, dark):
    user, number, call = called(language, width, dark)
    code, _ = code_of(carrier, number)
    browser.type("#code", code[:3])
    browser.look("live-ringing")
    carrier.api("POST", f"calls/{call['id']}/decline")
    browser.waits_for_text(BUSY[language], "[role='status'][data-delivery]")
    assert browser.text("[data-lead]").endswith("by a call." if language == "en" else "驗證碼相同。")
    browser.look("live-declined")
    field = browser.find("#code")
    assert is_same(browser) and field.get_attribute("value") == code[:3]
    assert browser.driver.switch_to.active_element == field
    field.send_keys(code[3:])
    browser.press("\ue007")
    browser.waits_for_text(user.display_name, "#welcome")


def test_a_call_is_followed_until_the_code_was_read(browser, texting, carrier, called):
    user, number, call = called()
    carrier.api("POST", f"calls/{call['id']}/answer")
    browser.waits_for_text("The call was answered. Press 1", "[data-delivery]")
    carrier.wait_for_call(number, "answered")
    carrier.api("POST", f"calls/{call['id']}/key", key="1")
    harness.wait_until(lambda: "The code was read to you." in browser.text("[data-delivery]"), "the end", 60)
    assert browser.text("[data-lead]").startswith("We called your number ending") and is_same(browser)
    code, _ = code_of(carrier, number)
    enter_code(browser, code)
    browser.waits_for_text(user.display_name, "#welcome")


@pytest.mark.parametrize("page", ["", "/help"])
def test_key_9_leads_to_the_page_that_says_so(browser, texting, carrier, called, page):
    _, number, call = called()
    if page:
        browser.click("section.resend p.quiet a")
        browser.waits_for_text("When no security code arrives", "h1")
    carrier.api("POST", f"calls/{call['id']}/answer")
    carrier.wait_for_call(number, "answered")
    carrier.api("POST", f"calls/{call['id']}/key", key="9")
    browser.waits_for_text("did not ask for it", "main")
    assert not browser.all("#code")


def test_key_9_is_heard_after_the_login_was_cancelled(browser, texting, carrier, called):
    user, number, call = called()
    alarms = texting.server.log.count("did not ask for the code")
    browser.click("form[action$='/cancel'] button")
    harness.wait_until(lambda: "/login/" not in browser.driver.current_url, "the end of the login")
    carrier.api("POST", f"calls/{call['id']}/answer")
    carrier.wait_for_call(number, "answered")
    carrier.api("POST", f"calls/{call['id']}/key", key="9")
    harness.wait_until(lambda: texting.server.log.count("did not ask for the code") > alarms, "the alarm", 30)


def test_a_server_that_is_away_is_asked_again(browser, texting, carrier, called):
    _, number, call = called()
    browser.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
        "offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    carrier.api("POST", f"calls/{call['id']}/decline")
    browser.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
        "offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    browser.waits_for_text(BUSY["en"], "[data-delivery]")
    assert is_same(browser)
