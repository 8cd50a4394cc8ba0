"""A person with a browser: the portal, the login pages and the card page, as users meet them."""

import http.server
import threading

import pytest
from selenium.webdriver.common.keys import Keys

import harness
from visitor import Authorization

LOOKS = [
    pytest.param("en", 1280, False, id="english-desktop"),
    pytest.param("zh-Hant", 390, False, id="chinese-phone"),
    pytest.param("zh-Hant", 1280, True, id="chinese-desktop-dark"),
    pytest.param("en", 390, True, id="english-phone-dark"),
]

WORDS = {
    "en": {"again": "Log in again", "out": "You have logged out.", "card": "security card", "wrong": "User name or"},
    "zh-Hant": {"again": "重新登入", "out": "您已登出。", "card": "安全卡", "wrong": "使用者名稱或密碼不正確。"},
}


def begin(browser, stack):
    browser.open(stack.demo.portal)
    browser.click("#login")
    browser.find("#password")


def enter_password(browser, user, password=None):
    browser.type("#username", user.name)
    browser.type("#password", password or user.password)
    browser.click("form[action$='/password'] button.primary")


def challenge(browser):
    return browser.text("#challenge").replace("\n", "").replace(" ", "")


def enter_code(browser, code):
    browser.type("#code", code)
    browser.click("form[action$='/response'] button.primary")


def shown_card(browser, user):
    """The card that the page asks for, by the end of its serial."""
    def shown():
        lead = browser.text("p.lead")
        return next((card for card in user.cards if card.serial[-4:] in lead), None)

    return harness.wait_until(shown, "a page that names a card")


def log_in(browser, stack, user):
    begin(browser, stack)
    enter_password(browser, user)
    enter_code(browser, user.card.response(challenge(browser)))
    browser.waits_for_text(user.display_name, "#welcome")


def response_of_card_page(browser, stack, card, digits, look=None):
    """Uses the card as a person does: power, PIN, OK, challenge, OK, and reads the display."""
    login = browser.in_new_tab()
    browser.open(stack.demo.cards)
    if look:
        browser.look(f"{look}-cards")
    browser.open(f"{stack.demo.cards}/cards/{card.serial}")

    def press(keys):
        for key in keys:
            browser.click(f"button[value='{key}']")

    press(["power"])
    browser.waits_for_text("PIN>", ".glass")
    press([*card.pin, "OK"])
    browser.waits_for_text("CHALLNG>", ".glass")
    press(digits)
    if look:
        browser.look(f"{look}-card")
    press(["OK"])
    response = card.response(digits)
    browser.waits_for_text(" ".join(response), ".glass")
    browser.driver.close()
    browser.switch(login)
    return response


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_alice_logs_in_with_her_card(browser, stack, language, width, dark):
    browser.use(language, width, dark)
    alice, words = stack.demo.user("alice"), WORDS[language]

    browser.open(stack.demo.portal)
    browser.look("alice-1-portal")
    browser.click("#login")
    browser.find("#password")
    browser.look("alice-2-password")
    enter_password(browser, alice)
    browser.find("#code")
    browser.look("alice-3-challenge")
    enter_code(browser, response_of_card_page(browser, stack, alice.card, challenge(browser), "alice-4"))

    browser.waits_for_text(alice.display_name, "#welcome")
    assert words["card"] in browser.text("#auth-methods")
    browser.look("alice-5-welcome")
    browser.click("#details")
    assert "mfa" in browser.text("#claim-amr")
    browser.look("alice-6-details")

    browser.open(f"{stack.demo.issuer}/")
    browser.waits_for_text(alice.display_name)
    browser.look("alice-7-server-home")
    browser.open(f"{stack.demo.issuer}/logout")
    browser.look("alice-8-server-logout")

    browser.open(stack.demo.portal)
    browser.click("#logout")
    browser.waits_for_text(words["out"])
    browser.look("alice-9-logged-out")
    begin(browser, stack)  # the server's session has ended too


@pytest.mark.parametrize("language, width, dark", LOOKS[:2])
def test_bob_chooses_a_device_and_then_another(browser, stack, language, width, dark):
    browser.use(language, width, dark)
    bob = stack.demo.user("bob")
    begin(browser, stack)
    enter_password(browser, bob)
    heading = {"en": "Select second factor device", "zh-Hant": "選擇第二重認證裝置"}[language]
    browser.waits_for_text(heading, "h1")
    browser.look("bob-1-chooser")
    assert len(browser.all("button[name=authenticator]")) == 2
    browser.click("button[name=authenticator]")
    first = shown_card(browser, bob)
    browser.look("bob-2-first")
    browser.click("form[action$='/other'] button")
    browser.waits_for_text(heading, "h1")
    browser.look("bob-3-chooser-again")
    browser.all("button[name=authenticator]")[1].click()
    browser.find("#code")
    second = shown_card(browser, bob)
    assert first is not second
    enter_code(browser, second.response(challenge(browser)))
    browser.waits_for_text(bob.display_name, "#welcome")


@pytest.mark.parametrize("language, width, dark", LOOKS[:2])
def test_what_is_wrong_is_said_where_it_is_wrong(browser, stack, language, width, dark):
    browser.use(language, width, dark)
    user = stack.demo.add_user()
    begin(browser, stack)
    browser.click("form[action$='/password'] button.primary")
    browser.find("#username-error, #error")
    browser.look("wrong-1-nothing-typed")
    enter_password(browser, user, "not the password")
    browser.waits_for_text(WORDS[language]["wrong"], "#error")
    assert browser.find("#username").get_attribute("value") == user.name
    assert browser.find("#password").get_attribute("value") == ""
    browser.look("wrong-2-password")
    enter_password(browser, user)
    browser.find("#code")
    enter_code(browser, "123")
    browser.waits_for_text("8", "#code-error")
    browser.look("wrong-3-malformed-code")
    for left in (4, 3, 2, 1):
        enter_code(browser, user.card.wrong_response(challenge(browser)))
        browser.waits_for_text(str(left), "#code-attempts")
        if left in (4, 1):
            browser.look(f"wrong-4-code-{left}-left")
    assert browser.find("#code-warning").text
    enter_code(browser, user.card.wrong_response(challenge(browser)))
    browser.waits_for_text({"en": "blocked for 1 minute", "zh-Hant": "鎖定 1 分鐘"}[language])
    browser.look("wrong-5-blocked")


def test_a_block_ends_by_itself(browser, moved_stack):
    user = moved_stack.demo.add_user()
    begin(browser, moved_stack)
    enter_password(browser, user)
    for _ in range(5):
        enter_code(browser, user.card.wrong_response(challenge(browser)))
        browser.find("h1")
    browser.waits_for_text("blocked for 1 minute")
    moved_stack.advance(61)
    browser.click("button[name=authenticator]")
    browser.find("#code")
    enter_code(browser, user.card.response(challenge(browser)))
    portal = moved_stack.demo.portal
    harness.wait_until(lambda: browser.driver.current_url.startswith(portal), "the portal\n")


class Application:
    """An application's redirect address: says that the browser arrived."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html><html lang=en><title>-</title><body>arrived")

        def log_message(self, *arguments):
            pass

    def __enter__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.redirect = f"http://127.0.0.1:{self.server.server_port}/callback"
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
@pytest.mark.parametrize("what, seconds", [("challenge", 181), ("login", 601)])
def test_what_expired_is_said_and_starts_again(browser, moved_stack, what, seconds, language):
    browser.use(language)
    user = moved_stack.demo.add_user()
    with Application() as application:
        asked = Authorization(moved_stack.demo, application.redirect)
        browser.open(asked.address)
        if what == "challenge":
            enter_password(browser, user)
            code = user.card.response(challenge(browser))
            moved_stack.advance(seconds)
            enter_code(browser, code)
        else:
            moved_stack.advance(seconds)
            enter_password(browser, user)
        sentence = {
            ("challenge", "en"): "The code expired. Please start again from your user name and password.",
            ("login", "en"): "the time to log in is limited. Please start again",
            ("challenge", "zh-Hant"): "驗證碼已過期。請重新輸入使用者名稱及密碼。",
            ("login", "zh-Hant"): "登入設有時限。請重新輸入使用者名稱及密碼。",
        }[what, language]
        browser.waits_for_text(sentence)
        browser.look(f"expired-{what}")
        browser.click("a.button")
        browser.find("#password")
        enter_password(browser, user)
        enter_code(browser, user.card.response(challenge(browser)))
        browser.waits_for_text("arrived")
        assert asked.redeem(asked.code(browser.driver.current_url)).status_code == 200


def test_the_page_itself_says_that_time_is_up(browser, moved_stack):
    """The script counts down: seen here with its clock moved, since nobody waits for three minutes."""
    user = moved_stack.demo.add_user()
    begin(browser, moved_stack)
    enter_password(browser, user)
    browser.find("#code")
    browser.driver.execute_script("const now = Date.now; Date.now = () => now() + 181_000;")
    browser.waits_for_text("The code expired.")
    assert not browser.find("#code").is_displayed()
    browser.look("expired-on-the-page")
    browser.click("[data-expired] a.button")
    browser.find("#password")


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_cancel_goes_back_to_the_portal(browser, stack, language):
    browser.use(language)
    begin(browser, stack)
    browser.click("form[action$='/cancel'] button")
    browser.find("#error[data-error=access-denied]")
    browser.look("cancelled")
    browser.click("#login")
    browser.find("#password")


@pytest.mark.parametrize("spaced", [lambda code: f" {code[:4]} {code[4:]} ", lambda code: "-".join(code)])
def test_a_code_may_be_spaced(browser, stack, spaced):
    user = stack.demo.add_user()
    begin(browser, stack)
    enter_password(browser, user)
    enter_code(browser, spaced(user.card.response(challenge(browser))))
    browser.waits_for_text(user.display_name, "#welcome")


def test_a_code_may_be_pasted_with_spaces(browser, stack):
    user = stack.demo.add_user()
    begin(browser, stack)
    enter_password(browser, user)
    code = user.card.response(challenge(browser))
    browser.find("#code").click()
    browser.driver.execute_cdp_cmd("Input.insertText", {"text": f"{code[:4]}\u00a0{code[4:]} "})
    assert browser.find("#code").get_attribute("value") == code
    browser.press(Keys.ENTER)
    browser.waits_for_text(user.display_name, "#welcome")


def test_everything_works_without_scripts(browser_without_scripts, stack):
    browser, alice = browser_without_scripts, stack.demo.user("alice")
    browser.open("data:text/html,<body>off<script>document.body.textContent = 'on'</script>")
    assert browser.text() == "off"
    begin(browser, stack)
    enter_password(browser, alice, "wrong")
    browser.find("#error")
    enter_password(browser, alice)
    browser.find("#code")
    browser.picture("without-scripts-challenge")
    enter_code(browser, response_of_card_page(browser, stack, alice.card, challenge(browser)))
    browser.waits_for_text(alice.display_name, "#welcome")
    browser.picture("without-scripts-welcome")


def test_the_keyboard_is_enough(browser, stack):
    bob = stack.demo.user("bob")
    browser.open(stack.demo.portal)
    browser.tab_to("#login")
    browser.press(Keys.ENTER)
    browser.find("#password")
    assert browser.driver.switch_to.active_element == browser.find("#username")
    browser.press(bob.name, Keys.TAB, bob.password, Keys.ENTER)
    browser.find("button[name=authenticator]")
    browser.tab_to("li:nth-child(2) > button[name=authenticator]")
    browser.press(Keys.ENTER)
    browser.find("#code")
    assert browser.driver.switch_to.active_element == browser.find("#code")
    code = shown_card(browser, bob).response(challenge(browser))
    browser.press(code, Keys.ENTER)
    browser.waits_for_text(bob.display_name, "#welcome")


def test_the_language_is_remembered(browser, stack):
    user = stack.demo.add_user()
    begin(browser, stack)
    browser.click("nav a[lang='zh-Hant']")
    browser.waits_for_text("使用者名稱")
    enter_password(browser, user)
    browser.waits_for_text("使用安全卡", "h1")
    browser.open(f"{stack.demo.issuer}/")
    browser.waits_for_text("安全登入", "h1")
    browser.click("nav a[lang='en']")
    browser.waits_for_text("Secure login", "h1")

    browser.open(stack.demo.portal)
    browser.click("button[name=language][value='zh-Hant']")
    browser.waits_for_text("客戶網站")
    browser.open(stack.demo.portal)
    browser.waits_for_text("客戶網站")
    browser.open(stack.demo.cards)
    browser.click("nav.languages a[lang='zh-Hant']")
    browser.waits_for_text("安全卡", "h1")


def test_the_second_login_needs_no_typing_and_log_in_again_does(browser, stack):
    user = stack.demo.add_user()
    log_in(browser, stack, user)
    browser.driver.delete_cookie("countersign-client-portal-session")  # another application, the same server
    browser.open(stack.demo.portal)
    browser.click("#login")
    browser.waits_for_text(user.display_name, "#welcome")

    browser.click("#login-fresh")
    browser.find("#password")
    enter_password(browser, user)
    enter_code(browser, user.card.response(challenge(browser)))
    browser.waits_for_text(user.display_name, "#welcome")


def test_logging_out_at_the_server_asks_first(browser, stack):
    user = stack.demo.add_user()
    log_in(browser, stack, user)
    browser.open(f"{stack.demo.issuer}/oauth2/logout")
    browser.waits_for_text("Do you want to log out?", "h1")
    browser.click("form[action='/logout'] button.primary")
    browser.waits_for_text("You are logged out", "h1")
    browser.look("logged-out-at-server")
    browser.open(stack.demo.portal)
    browser.driver.delete_cookie("countersign-client-portal-session")  # the portal's own session goes on until then
    begin(browser, stack)


@pytest.mark.parametrize("language, width, dark", LOOKS[:2])
def test_error_pages(browser, stack, language, width, dark):
    browser.use(language, width, dark)
    server = stack.demo.issuer
    for name, address in {
        "not-found": f"{server}/no-such-page",
        "unknown-application": f"{server}/oauth2/authorize?client_id=nobody&redirect_uri=http://127.0.0.1/&response_type=code",
        "bad-redirect": f"{server}/oauth2/authorize?client_id=client-portal&redirect_uri=http://127.0.0.1:1/x&response_type=code",
        "bad-request": f"{server}/oauth2/authorize?client_id=client-portal&client_id=client-portal",
        "unknown-login": f"{server}/login/00000000-0000-0000-0000-000000000000",
        "server-home": f"{server}/",
        "portal-not-found": f"{stack.demo.portal}/no-such-page",
        "portal-unknown-login": f"{stack.demo.portal}/callback?code=x&state=y&iss={server}",
        "cards-not-found": f"{stack.demo.cards}/cards/CS-999999",
    }.items():
        browser.open(address)
        browser.find("h1")
        browser.look(f"error-{name}")


def test_a_finished_login_is_not_shown_again(browser, stack):
    user = stack.demo.add_user()
    begin(browser, stack)
    address = browser.driver.current_url
    enter_password(browser, user)
    enter_code(browser, user.card.response(challenge(browser)))
    browser.waits_for_text(user.display_name, "#welcome")
    browser.open(address)
    browser.waits_for_text("This login was already used", "h1")
    browser.look("finished")
