"""A person and his security cards: ordered, sent, activated, given another PIN, lost."""

import secrets

import pytest

import harness
from test_account import enter
from test_pages import LOOKS, challenge, enter_code, enter_password

WORDS = {
    "en": {
        "ordered": "Your card was ordered.", "way": "is on its way to you.", "active": "Your card is active.",
        "pin": "The PIN was changed.", "lost": "The card is reported lost.", "wrong": "The response is wrong.",
        "again": "Log in again with it", "must": "Your PIN must be changed", "overdue": "had to be activated by",
        "expired": "The challenge expired before", "limited": "counts as a weaker proof",
        "weak": "cannot change how you sign in"},
    "zh-Hant": {
        "ordered": "已訂購安全卡", "way": "正在寄送給您", "active": "安全卡已啟用", "pin": "PIN 碼已更改",
        "lost": "安全卡已報失", "wrong": "回應碼不正確", "again": "請以安全卡重新登入", "must": "您必須更改 PIN 碼",
        "overdue": "現已逾期", "expired": "已經過期", "limited": "只視為較弱的認證",
        "weak": "不能用來更改您的登入方式"},
}
ADDRESS = "1 Harbour View Street\nCentral\nHong Kong"


def new_card(stack, pin):
    """A card that lies in stock."""
    card = harness.Card({
        "serial": f"CS-{200_000_000 + secrets.randbelow(800_000_000)}", "pin": pin, "key": secrets.token_hex(32),
        "suite": "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"})
    stack.desk("stock", card.serial, card.key.hex())
    return card


def link(card, step):
    """The link to a step, by the end of the card's serial in what it is read out as."""
    return f"a[aria-label*='{card.serial[-4:]}'][href$='/{step}']"


def new_pin(browser, pin, again=None):
    browser.type("#pin", pin)
    browser.type("#again", again or pin)


def respond(browser, response):
    browser.type("#code", response)
    browser.click("main form button.primary")


def user_without_card(stack):
    return stack.demo.add_user(cards=0)


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_a_card_from_order_to_loss(browser, moved_stack, language, width, dark):
    browser.use(language, width, dark)
    words, user = WORDS[language], moved_stack.demo.add_user()
    card = new_card(moved_stack, "4821")
    enter(browser, moved_stack, user, page="/account/cards")
    browser.look("cards-1-list")
    browser.click("a[href='/account/cards/order']")
    browser.find("#address")
    browser.look("cards-2-order")
    new_pin(browser, "1234", "1234")
    browser.type("#address", ADDRESS)
    browser.click("main form button.primary")
    browser.find("#pin-error")
    assert browser.find("#address").get_attribute("value") == ADDRESS
    browser.look("cards-3-weak")
    new_pin(browser, "4821")
    browser.click("main form button.primary")
    browser.waits_for_text(words["ordered"])
    browser.look("cards-4-ordered")

    moved_stack.desk("ship", card.serial)
    browser.open(f"{moved_stack.demo.issuer}/account")
    browser.waits_for_text(words["way"])
    browser.look("cards-5-on-its-way")
    browser.click(link(card, "activate"))
    browser.find("form[action$='/activate']")
    browser.look("cards-6-before-activation")
    browser.click("main form button.primary")
    browser.look("cards-7-challenge")
    respond(browser, card.wrong_response(challenge(browser)))
    browser.waits_for_text(words["wrong"], "#code-error")
    browser.look("cards-8-wrong")
    respond(browser, card.response(challenge(browser)))
    browser.waits_for_text(words["active"])
    browser.look("cards-9-active")

    change_pin(browser, card, words, "7305")
    browser.click(link(card, "lost"))
    browser.find("form[action$='/lost']")
    browser.look("cards-14-before-loss")
    browser.click("main form button.primary")
    browser.waits_for_text(words["lost"])
    browser.look("cards-15-lost")


def change_pin(browser, card, words, pin, is_first=False):
    if not is_first:
        browser.click(link(card, "pin"))
    browser.find("form[action$='/pin']")
    browser.look("cards-10-before-pin")
    browser.click("main form button.primary")
    browser.find("form[action$='/old-pin']")
    browser.look("cards-11-old-pin")
    respond(browser, card.response(challenge(browser)))
    browser.find("#pin")
    browser.look("cards-12-new-pin")
    new_pin(browser, pin, "7306")
    respond(browser, card.response(challenge(browser), pin))
    browser.find("#again-error")
    new_pin(browser, pin)
    respond(browser, card.wrong_response(challenge(browser)))
    browser.waits_for_text(words["wrong"], "#code-error")
    browser.look("cards-12-wrong-under-the-new")
    new_pin(browser, pin)
    respond(browser, card.response(challenge(browser), pin))
    browser.waits_for_text(words["pin"])
    browser.look("cards-13-pin-changed")
    card.pin = pin


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_a_first_card_by_the_password_alone(browser, moved_stack, language, width, dark):
    browser.use(language, width, dark)
    words, user = WORDS[language], user_without_card(moved_stack)
    card = new_card(moved_stack, "9264")
    assert moved_stack.desk("order", user.name, card.pin) == card.serial
    moved_stack.desk("ship", card.serial)
    browser.open(f"{moved_stack.demo.issuer}/account")
    enter_password(browser, user)
    browser.waits_for_text(words["way"])
    browser.look("cards-16-password-alone")
    browser.click(link(card, "activate"))
    browser.click("main form[action$='/activate'] button.primary")
    respond(browser, card.response(challenge(browser)))
    browser.waits_for_text(words["again"])
    browser.look("cards-17-activated")
    browser.click("a[href='/account/login']")
    enter_password(browser, user)
    enter_code(browser, card.response(challenge(browser)))
    browser.waits_for_text(words["must"])
    browser.look("cards-18-pin-must-be-changed")
    browser.open(f"{moved_stack.demo.issuer}/account/cards")  # which leads back here: nothing else comes first
    browser.waits_for_text(words["must"])
    change_pin(browser, card, words, "7305", is_first=True)
    browser.click("main a.button")
    browser.find("a[href='/account/cards']")
    browser.open(f"{moved_stack.demo.issuer}/account/cards")
    browser.waits_for_text(words["limited"])
    assert words["must"] not in browser.text()
    browser.open(f"{moved_stack.demo.issuer}/account/password")
    browser.waits_for_text(words["weak"])
    browser.look("cards-22-limited")


@pytest.mark.parametrize("language, width, dark", LOOKS[:2])
def test_a_card_that_is_overdue_and_a_challenge_that_ends(browser, moved_stack, language, width, dark):
    browser.use(language, width, dark)
    words, user = WORDS[language], moved_stack.demo.add_user()
    card = new_card(moved_stack, "4821")
    assert moved_stack.desk("order", user.name, card.pin) == card.serial
    moved_stack.desk("ship", card.serial)
    enter(browser, moved_stack, user, page="/account/cards")
    browser.click(link(card, "activate"))
    browser.click("main form[action$='/activate'] button.primary")
    response = card.response(challenge(browser))
    moved_stack.advance(181)
    respond(browser, response)
    browser.waits_for_text(words["expired"])
    browser.look("cards-19-too-late")
    moved_stack.advance(14 * 86_400)
    enter(browser, moved_stack, user)
    browser.waits_for_text(words["overdue"])
    browser.look("cards-20-overdue")
    browser.click(link(card, "return"))
    browser.find("form[action$='/return']")
    browser.look("cards-21-before-return")


def test_no_script_and_the_keyboard_are_enough(browser, browser_without_scripts, moved_stack):
    plain, user = browser_without_scripts, moved_stack.demo.add_user()
    card = new_card(moved_stack, "4821")
    enter(plain, moved_stack, user, page="/account/cards/order")
    new_pin(plain, "4821")
    plain.type("#address", ADDRESS)
    plain.click("main form button.primary")
    plain.waits_for_text("Your card was ordered.")
    moved_stack.desk("ship", card.serial)
    plain.open(f"{moved_stack.demo.issuer}/account/cards")
    plain.click(link(card, "activate"))
    plain.click("main form[action$='/activate'] button.primary")
    respond(plain, card.response(challenge(plain)))
    plain.waits_for_text("Your card is active.")

    browser.open(f"{moved_stack.demo.issuer}/account/cards")
    enter_password(browser, user)
    browser.click("ul.choices li:last-child button")
    browser.find("#code")
    assert card.serial[-4:] in browser.text("p.lead")
    enter_code(browser, card.response(challenge(browser)))
    browser.find("main.account")
    browser.tab_to(link(card, "block"))
    browser.press("\ue007")
    browser.tab_to("main form button.primary")
    browser.press("\ue007")
    browser.waits_for_text("The card is blocked.")
