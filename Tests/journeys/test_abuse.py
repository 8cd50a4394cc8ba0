"""Codes that do not go: to numbers whose codes nobody types, and to one whose SIM card was changed."""

import datetime
import http.server
import json
import threading

import pytest
import requests

import carrier as carriers
import harness
from test_api import API, DOCUMENT
from test_pages import LOOKS, begin, challenge, enter_code, enter_password
from test_terminal import Person
from test_texts import code_of, delivery, new_user

TOKEN = "token-of-the-service"


class Numbers(http.server.ThreadingHTTPServer):
    """The operator's service that knows when a number got another SIM card."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), NumbersHandler)
        self.swapped, self.asked = {}, []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class NumbersHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["Authorization"] == f"Bearer {TOKEN}"
        self.server.asked.append(question)
        answer = json.dumps({"swapped_at": self.server.swapped.get(question["number"])}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def carrier():
    carrier = carriers.Carrier()
    yield carrier
    assert carrier.stop() == 0


@pytest.fixture(scope="module")
def numbers():
    service = Numbers()
    yield service
    service.shutdown()
    service.server_close()


def guarded_stack(settings, moved_clock=False):
    demo = harness.Demo(settings=settings)
    stack = harness.Stack(demo, moved_clock).start()
    yield stack
    stack.stop()
    demo.remove()


@pytest.fixture(scope="module")
def checking(carrier, numbers):
    yield from guarded_stack(
        delivery(carrier) + f"  sim_swap:\n    address: http://127.0.0.1:{numbers.server_port}/swap\n"
        f"    token: {TOKEN}\n")


@pytest.fixture
def watched(carrier):
    """Three codes that nobody types stop a block of numbers."""
    yield from guarded_stack(
        delivery(carrier) + "  conversion:\n    least_codes: 3\n    ripens_in_minutes: 0\n", moved_clock=True)


def choose(browser, label):
    """The authenticator that the page names by these last digits."""
    browser.find("button[name=authenticator]")
    next(each for each in browser.all("button[name=authenticator]") if label in each.text.split()).click()


def is_taken(browser):
    """A code counts once its provider's answer is saved."""

    def says_so():
        browser.open(browser.driver.current_url)
        return "The carrier" in browser.text()

    harness.wait_until(says_so, "the carrier's answer")


def test_a_block_whose_codes_nobody_types_is_stopped(browser, watched, carrier, tmp_path):
    browser.use("en")
    for _ in range(2):
        user, number = new_user(watched)
        begin(browser, watched)
        enter_password(browser, user)
        code_of(carrier, number)
        is_taken(browser)
    # The third one still has the page with the code open when the block is stopped.
    user, number = new_user(watched)
    browser.open(f"{watched.demo.issuer}/account")
    enter_password(browser, user)
    code, _ = code_of(carrier, number)
    is_taken(browser)
    watched.advance(301)
    browser.open(browser.driver.current_url)
    browser.click("section.resend input[value='text'] ~ button")
    browser.waits_for_text("For the time being we send no codes to numbers like yours", "#send-error")
    assert browser.all("section.resend form") == []
    browser.look("block-stopped-en")
    assert len(carrier.messages(number)) == 1
    assert watched.server.log.count("alarm: a block of numbers was stopped") == 1
    # The code that he has is good all the same.
    enter_code(browser, code)
    browser.find("main.account")
    resumed_by_the_operator(browser, watched, carrier, tmp_path)


def resumed_by_the_operator(browser, watched, carrier, folder):
    browser.reset()
    browser.use("en")
    user, number = new_user(watched)
    begin(browser, watched)
    enter_password(browser, user)
    browser.waits_for_text("No security code has been sent")
    assert "A code cannot be sent to this number at the moment" in browser.text("section.resend")
    browser.look("block-stopped-new-login-en")
    assert carrier.messages(number) == []
    anna = Person(watched.demo.user("anna"), watched.demo.issuer, folder)
    anna.log_in()
    phone = f"phone number ending in {number[-2:]}"
    shown = anna.run("user", "show", user.name).stdout
    assert f"  the {phone} is in a block of numbers to which no codes go" in shown and f"  {phone}: active" in shown
    blocks = anna.run("delivery", "blocks").stdout
    assert "+852512" in blocks and "login" in blocks
    resumed = anna.run("delivery", "resume-block", "+852512", "--reason", "the carrier had lost our texts").stdout
    assert resumed == "resumed: codes go to +852512 again\n"
    assert anna.run("delivery", "blocks").stdout == "no block of numbers is stopped\n"
    assert "Nothing keeps the user from logging in." in anna.run("user", "show", user.name).stdout
    user, number = new_user(watched)
    begin(browser, watched)
    enter_password(browser, user)
    code_of(carrier, number)


@pytest.mark.parametrize("language, width, dark", LOOKS[:2])
def test_a_swapped_sim_gets_no_code_and_the_card_opens(browser, checking, carrier, numbers, language, width, dark):
    user, number = new_user(checking, cards=1)
    numbers.swapped[number] = (
        datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    browser.use(language, width, dark)
    begin(browser, checking)
    enter_password(browser, user)
    choose(browser, number[-2:])
    words = {"en": "the SIM card of this number was changed", "zh-Hant": "SIM 卡在不久前更換"}[language]

    def is_told():
        browser.open(browser.driver.current_url)
        return words in browser.text()

    harness.wait_until(is_told, "the reason")
    lead = {"en": "No security code goes to your number", "zh-Hant": "目前不會向您"}[language]
    assert lead in browser.text("p.lead")
    browser.look(f"sim-swapped-{language}-{width}")
    assert carrier.messages(number) == []
    assert {"number": number, "purpose": "login", "channel": "text"} in numbers.asked
    assert "alarm: a code was kept back" in checking.server.log
    browser.click("form[action$='/other'] button")
    choose(browser, user.card.serial[-4:])
    enter_code(browser, user.card.response(challenge(browser)))
    browser.waits_for_text(user.display_name, "#welcome")


def test_a_program_is_told_too(checking, carrier, numbers):
    user, number = new_user(checking)
    numbers.swapped[number] = "2999-01-01T00:00:00Z"
    api = API(checking.demo)
    login = api.begin()
    api.step(login, "password", {"username": user.name, "password": user.password})

    def kept_back():
        answer = requests.get(f"{api.base}/logins/{login['id']}", headers=api.headers(login), timeout=10)
        DOCUMENT["/api/v1/logins/{id}"]["GET"].validate_response(answer)
        return answer.json()["code"].get("kept_back")

    assert harness.wait_until(kept_back, "the reason") == "sim_swapped"
    assert carrier.messages(number) == []


def test_a_number_that_is_clear_gets_its_code(browser, checking, carrier, numbers):
    user, number = new_user(checking)
    browser.use("en")
    begin(browser, checking)
    enter_password(browser, user)
    code, _ = code_of(carrier, number)
    enter_code(browser, code)
    browser.waits_for_text(user.display_name, "#welcome")
    assert [each["number"] for each in numbers.asked].count(number) == 1
