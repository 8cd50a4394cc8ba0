"""What a user sees and hears of a call: however it ends, the page says what is true, and a mailbox learns no code."""

import pytest
import requests

import carrier as carriers
import harness
from test_delivery_faults import says
from test_pages import LOOKS, enter_code, enter_password
from test_texts import code_of, new_user

SENTENCES = {
    "busy": ("The line was busy or the call was declined.", "線路繁忙，或來電被拒接。"),
    "declined": ("The line was busy or the call was declined.", "線路繁忙，或來電被拒接。"),
    "off": ("Nobody answered the call.", "來電無人接聽。"),
    "no_answer": ("Nobody answered the call.", "來電無人接聽。"),
    "hung_up": ("The call ended before the code was read.", "讀出驗證碼前通話已結束。"),
    "mailbox": (
        "The call was answered, but nobody pressed 1, so no code was read.",
        "來電已接通，但沒有人按 1，因此沒有讀出驗證碼。"),
    "no_line": (
        "All our telephone lines were busy, so no call was made. Ask for another call, or for a text message.",
        "電話線路全部繁忙，因此沒有撥出電話。請再次要求來電，或改用短訊。"),
    "unknown": ("We do not know whether the call reached you. If it did not, ask for the code once more.",
                "我們無法確定來電是否接通。如未接到來電，請再次要求發送驗證碼。"),
    "read": ("The code was read to you.", "已讀出驗證碼。"),
}
LANGUAGES = ("en", "zh-Hant")
RATE = 8000


def sentence(what, language):
    return SENTENCES[what][LANGUAGES.index(language)]


def settings(carrier, calls, folder, lines=1):
    return (
        f"delivery:\n  speech_folder: {folder}\n  providers:\n"
        f"    gateway:\n      kind: http\n      shape: json\n      address: {carrier.page}/gateway/messages\n"
        "      account: countersign\n      secret: carrier\n      receipt_secret: carrier-simulator-receipts\n"
        "      sender: Northwind\n"
        f"    calls: {{kind: sip, user: northwind, domain: '{calls}', network_interface: 127.0.0.1, "
        f"lines: {lines}, ring_seconds: 5}}\n")


@pytest.fixture(scope="module")
def recording():
    """The operator's own request, in Cantonese alone: his folder, and what he recorded."""
    folder = harness.Folder()
    (folder.path / "yue-Hant").mkdir()
    yield folder.path, carriers.tune(folder.path / "yue-Hant" / "request.wav", 3)
    folder.remove()


def running(demo):
    stack = harness.Stack(demo, moved_clock=True).start()
    yield stack
    stack.stop()
    demo.remove()


@pytest.fixture(scope="module")
def calling(_carrier, recording):
    """One line, which rings for 5 seconds, on a clock that the tests move."""
    yield from running(harness.Demo(settings=settings(_carrier, _carrier.sip, recording[0])))


@pytest.fixture(scope="module")
def unreachable(_carrier, recording):
    """Nobody listens where the calls go."""
    (port,) = harness.free_ports(1)
    yield from running(harness.Demo(settings=settings(_carrier, f"127.0.0.1:{port}", recording[0], lines=4)))


def ask(browser, stack, language, width=1280, dark=False):
    """A login that waits for its code; gives the user and his number."""
    user, number = new_user(stack)
    browser.use(language, width, dark)
    # The server's own pages: the portal would refuse what a moved clock has signed.
    browser.open(f"{stack.demo.issuer}/account")
    enter_password(browser, user)
    browser.find("#code")
    return user, number


def call(browser):
    browser.click("section.resend input[value='voice'] ~ button")


def bursts(samples, pause=2.5):
    """What is between long silences."""
    loud = [index for index, sample in enumerate(samples) if abs(sample) > 600]
    starts = [loud[0]] + [b for a, b in zip(loud, loud[1:]) if b - a > pause * RATE]
    ends = [a for a, b in zip(loud, loud[1:]) if b - a > pause * RATE] + [loud[-1]]
    return [samples[max(0, start - RATE // 2):end + RATE // 2] for start, end in zip(starts, ends)]


def heard(carrier, number):
    call = carrier.wait_for_call(number, "over")
    return carriers.samples_of(requests.get(carrier.page + call["audio"], timeout=10).content)


@pytest.mark.parametrize("mode", ["busy", "off", "no_answer"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_that_nobody_takes(browser, calling, carrier, language, mode):
    user, number = ask(browser, calling, language)
    carrier.mode(number, mode)
    call(browser)
    says(browser, sentence(mode, language))
    code, _ = code_of(carrier, number)
    enter_code(browser, code)
    browser.waits_for_text(user.display_name, "main.account")


@pytest.mark.parametrize("action, what", [("decline", "declined"), ("hangup", "hung_up")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_that_is_ended(browser, calling, carrier, language, action, what):
    _, number = ask(browser, calling, language)
    call(browser)
    ringing = carrier.wait_for_call(number, "ringing")
    if action == "hangup":
        carrier.api("POST", f"calls/{ringing['id']}/answer")
        carrier.wait_for_call(number, "answered")
    carrier.api("POST", f"calls/{ringing['id']}/{action}")
    says(browser, sentence(what, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mailbox_hears_three_requests_and_no_code(browser, calling, carrier, recording, language):
    _, number = ask(browser, calling, language)
    carrier.mode(number, "mailbox")
    call(browser)
    says(browser, sentence("mailbox", language), 90)
    parts = bursts(heard(carrier, number))
    assert len(parts) == 3, [len(part) / RATE for part in parts]
    assert all(carriers.likeness(parts[0], part) > 0.9 for part in parts[1:]), "the same three times, and nothing else"
    # To Hong Kong Chinese is Cantonese, and the firm's own recording is what is heard.
    if language == "zh-Hant":
        assert carriers.likeness(recording[1], parts[0][RATE // 2 - 400:]) > 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_is_read_twice(browser, calling, carrier, language):
    user, number = ask(browser, calling, language)
    call(browser)
    ringing = carrier.wait_for_call(number, "ringing")
    carrier.api("POST", f"calls/{ringing['id']}/answer")
    carrier.wait_for_call(number, "answered")
    carrier.api("POST", f"calls/{ringing['id']}/key", key="1")
    says(browser, sentence("read", language), 60)
    code, _ = code_of(carrier, number)
    enter_code(browser, code)
    browser.waits_for_text(user.display_name, "main.account")
    carrier.api("POST", f"calls/{ringing['id']}/hangup")


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_every_line_is_busy(browser, calling, carrier, language, width, dark):
    """A call that is answered holds the only line; the next one is not made minutes later."""
    _, first = ask(browser, calling, language)
    call(browser)
    held = carrier.wait_for_call(first, "ringing")
    carrier.api("POST", f"calls/{held['id']}/answer")
    carrier.wait_for_call(first, "answered")
    browser.reset()
    user, number = ask(browser, calling, language, width, dark)
    call(browser)
    browser.find("#code")
    calling.advance(30)
    browser.open(browser.driver.current_url)
    assert sentence("no_line", language) not in browser.text()
    calling.advance(31)
    says(browser, sentence("no_line", language))
    browser.look("call-no-line")
    carrier.api("POST", f"calls/{held['id']}/hangup")
    assert not carrier.calls(number), "it does not ring when a line is free"
    code, _ = code_of(carrier, number)
    enter_code(browser, code)
    browser.waits_for_text(user.display_name, "main.account")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dead_provider_of_calls(browser, unreachable, carrier, language):
    user, number = ask(browser, unreachable, language)
    call(browser)
    browser.find("#code")
    unreachable.advance(61)
    # No answer came to either try, so nobody can say.
    says(browser, sentence("unknown", language), 60)
    code, _ = code_of(carrier, number)
    enter_code(browser, code)
    browser.waits_for_text(user.display_name, "main.account")
