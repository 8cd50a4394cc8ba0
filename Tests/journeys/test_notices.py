"""What changes is told by mail and text, in the user's language."""

import re
import secrets

import pytest

import carrier as carriers
import harness
import mailbox
from test_account import NEW, enter, new_password
from test_cards import link
from test_texts import code_of, delivery

LANGUAGES = ["en", "zh-Hant"]
WORDS = {
    "en": {
        "subject": "news about how you log in", "password": "Your password was changed.",
        "added": "A phone number was added for your login codes.",
        "removed": "A phone number for your login codes was removed.", "blocked": "Your second factor was blocked.",
        "help": "If this was not you, tell the help desk at once.", "firm": "Northwind Securities",
        "recovery": "The help desk started to recover your account.", "cancelled": "The recovery was cancelled"},
    "zh-Hant": {
        "subject": "有關您登入方式的通知", "password": "您的密碼已更改。", "added": "已新增用於接收登入驗證碼的電話號碼。",
        "removed": "已移除用於接收登入驗證碼的電話號碼。", "blocked": "您的第二重認證裝置已被封鎖。",
        "help": "如非您本人操作，請立即聯絡客戶服務中心。", "firm": "北風證券",
        "recovery": "客戶服務中心已開始復原您的帳戶", "cancelled": "帳戶復原已取消"},
}


@pytest.fixture(scope="module")
def relay():
    relay = mailbox.Relay()
    yield relay
    relay.stop()


@pytest.fixture(scope="module")
def carrier():
    carrier = carriers.Carrier()
    yield carrier
    assert carrier.stop() == 0


@pytest.fixture(scope="module")
def telling(relay, carrier):
    """A firm that tells its users by mail and by text."""
    mail = (
        "    relay:\n      kind: smtp\n      host: 127.0.0.1\n"
        f"      port: {relay.port}\n      security: none\n      from: no-reply@northwind.example\n")
    stack = harness.Stack(harness.Demo(settings=delivery(carrier) + mail), moved_clock=True).start(server_only=True)
    yield stack
    stack.stop()
    stack.demo.remove()


def address(user):
    return f"{user.name}@example.com"


def check(mail, language, sentence):
    """Of one change, in one language, with no more than a link to the account."""
    words = WORDS[language]
    assert mail.language == language and mail.subject.endswith(words["subject"])
    assert mail.subject.startswith(words["firm"]) and mail.text.rstrip().endswith(words["firm"])
    assert mail.text.startswith(words[sentence]) and words["help"] in mail.text
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", mail.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_changed_password(browser, telling, relay, language):
    browser.use(language)
    user = telling.demo.add_user()
    enter(browser, telling, user, page="/account/password")
    browser.type("#old", user.password)
    new_password(browser, NEW)
    browser.find("main.account")
    (mail,) = relay.wait_for(address(user))
    check(mail, language, "password")
    assert re.findall(r"https?://\S+", mail.text) == [f"{telling.demo.issuer}/account"]
    for secret in (NEW, user.password, user.card.pin, user.card.serial):
        assert secret not in mail.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_changed_number(browser, telling, relay, carrier, language):
    browser.use(language)
    user, words = telling.demo.add_user(), WORDS[language]
    old, new = (f"5123{secrets.randbelow(10 ** 4):04}" for _ in range(2))
    enter(browser, telling, user)
    for national in (old, new):
        browser.open(f"{telling.demo.issuer}/account/phone")
        browser.click("#country option[value='HK']")
        browser.type("#number", national)
        browser.click("form[action='/account/phone'] button.primary")
        browser.find("#code")
        code, _ = code_of(carrier, f"+852{national}")
        browser.type("#code", code)
        browser.click("button.primary")
        browser.find("ul.records")
    mails = relay.wait_for(address(user), 3)
    for sentence, count in (("added", 2), ("removed", 1)):
        found = [mail for mail in mails if mail.text.startswith(words[sentence])]
        assert len(found) == count
        check(found[0], language, sentence)
    texts = harness.wait_until(
        lambda: [each["text"] for each in carrier.messages(f"+852{old}") if words["removed"] in each["text"]],
        "the text to the old number")
    assert texts == [f"{words['firm']}{': ' if language == 'en' else '：'}{words['removed']}"
                     f"{' ' if language == 'en' else ''}{words['help']}"]
    assert not [each for each in carrier.messages(f"+852{new}") if "#" not in each["text"]], "only its code"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_blocked_card_in_the_language_chosen_last(browser, telling, relay, language):
    other = next(each for each in LANGUAGES if each != language)
    browser.use(other)
    user = telling.demo.add_user()
    enter(browser, telling, user, page="/account/cards")
    browser.click(f"a[href$='?lang={language}']")
    browser.settings["language"] = language
    browser.find(f"html[lang='{language}']")
    browser.look(f"notices-cards-{language}")
    browser.click(link(user.card, "block"))
    browser.find("main form button.primary").click()
    (mail,) = relay.wait_for(address(user))
    check(mail, language, "blocked")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recovery_is_cancelled_by_the_link_of_the_mail(browser, telling, relay, language):
    browser.use(language)
    user = telling.demo.add_user()
    enter(browser, telling, user)
    telling.code(user.name)
    (mail,) = relay.wait_for(address(user))
    check(mail, language, "recovery")
    (page,) = re.findall(r"https?://\S+/recovery/cancel/\S+", mail.text)
    browser.reset()
    browser.use(language)
    browser.open(page)
    assert WORDS[language]["cancelled"] not in browser.text(), "opening it does nothing yet"
    browser.look(f"notices-cancel-{language}")
    browser.click("main form button")
    browser.waits_for_text(WORDS[language]["cancelled"])
