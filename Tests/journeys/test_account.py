"""A person on the pages of the own account: first password, change, forgotten, sessions elsewhere."""

import secrets

import pytest

import harness
from test_pages import LOOKS, challenge, enter_code, enter_password, log_in

NEW = "fresh teapot on a windy hill"

WORDS = {
    "en": {
        "account": "My account", "set": "Your password is set", "changed": "Your password was changed.",
        "limited": "You logged in with your password alone", "here": "This browser",
        "recovered": "set anew with", "again": "once more that it is you", "wrong": "is wrong",
        "address": "Your postal address was saved.", "moved": "Your postal address was changed."},
    "zh-Hant": {
        "account": "我的帳戶", "set": "密碼已設定", "changed": "您的密碼已更改", "limited": "您只以密碼登入",
        "here": "目前的瀏覽器", "recovered": "重新設定", "again": "請再次確認您的身分", "wrong": "不正確",
        "address": "已儲存您的郵寄地址。", "moved": "您的郵寄地址已更改"},
}


def enter(browser, stack, user, password=None, page="/account"):
    browser.open(f"{stack.demo.issuer}{page}")
    enter_password(browser, user, password)
    browser.find("#code")
    enter_code(browser, user.card.response(challenge(browser)))
    browser.find("main.account")


def new_password(browser, password, again=None):
    browser.type("#new", password)
    browser.type("#again", again or password)
    browser.click("form button.primary")


def user_without_password(stack):
    name = "u" + secrets.token_hex(5)
    stack.demo.provision({"users": [{"username": name, "name": f"Test User {name}"}]})
    return harness.User(name, f"Test User {name}", None, [])


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_a_first_password_by_a_code(browser, moved_stack, language, width, dark):
    browser.use(language, width, dark)
    words, user = WORDS[language], user_without_password(moved_stack)
    code = moved_stack.code(user.name)
    browser.open(f"{moved_stack.demo.issuer}/account/activate")
    browser.look("account-1-activate")
    browser.type("#username", user.name)
    browser.type("#code", code[:-1] + ("0" if code[-1] != "0" else "1"))
    new_password(browser, NEW)
    browser.find("#code-error")
    browser.look("account-2-mistyped")
    browser.type("#code", code.replace("-", " ").lower())
    new_password(browser, "purple-5")
    browser.find("#new-error")
    browser.type("#code", code)
    new_password(browser, NEW)
    browser.waits_for_text(words["set"], "h1")
    browser.look("account-3-activated")
    browser.click("a.button")
    enter_password(browser, user, NEW)
    browser.waits_for_text(words["limited"])
    browser.look("account-4-password-alone")


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_the_pages_of_the_account_and_a_new_password(browser, moved_stack, language, width, dark):
    browser.use(language, width, dark)
    words, user = WORDS[language], moved_stack.demo.add_user()
    enter(browser, moved_stack, user)
    browser.waits_for_text(words["account"], "h1")
    browser.look("account-5-overview")
    for page in ("sessions", "logins"):
        browser.click(f"nav.account a[href='/account/{page}']")
        browser.find(f"nav.account a[href='/account/{page}'][aria-current]")
        browser.look(f"account-6-{page}")
    moved_stack.advance(301)
    browser.click("nav.account a[href='/account/password']")
    browser.waits_for_text(words["again"])
    browser.look("account-7-again")
    enter_password(browser, user)
    browser.find("#code")
    enter_code(browser, user.card.response(challenge(browser)))
    browser.find("#old")
    browser.look("account-8-password")
    browser.type("#old", "not it")
    new_password(browser, NEW)
    browser.find("#old-error")
    browser.look("account-9-wrong-old-password")
    browser.type("#old", user.password)
    new_password(browser, NEW, "something else")
    browser.find("#again-error")
    browser.type("#old", user.password)
    new_password(browser, NEW)
    browser.waits_for_text(words["changed"])
    browser.look("account-10-changed")


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_a_forgotten_password(browser, moved_stack, language, width, dark):
    browser.use(language, width, dark)
    words, user = WORDS[language], moved_stack.demo.add_user()
    browser.open(f"{moved_stack.demo.issuer}/account")
    browser.click("a[href='/account/recover']")
    browser.find("form[action='/account/recover']")
    browser.look("account-11-forgot")
    browser.type("#username", user.name)
    browser.click("form button.primary")
    browser.find("#code")
    browser.look("account-12-challenge")
    enter_code_of_recovery(browser, "00000000")
    browser.waits_for_text(words["wrong"], "#code-error")
    enter_code_of_recovery(browser, user.card.response(challenge(browser)))
    browser.find("#again")
    browser.look("account-13-new-password")
    new_password(browser, NEW)
    browser.waits_for_text(words["set"], "h1")
    browser.click("a.button")
    moved_stack.advance(1)
    enter(browser, moved_stack, user, NEW)
    browser.waits_for_text(words["recovered"])
    browser.look("account-14-told")


def enter_code_of_recovery(browser, code):
    browser.type("#code", code)
    browser.click("form[action='/account/recover/response'] button.primary")


@pytest.mark.parametrize("language, width, dark", LOOKS[:2])
def test_a_recovery_by_the_help_desk_is_cancelled(browser, moved_stack, language, width, dark):
    browser.use(language, width, dark)
    user = moved_stack.demo.add_user()
    moved_stack.code(user.name)
    enter(browser, moved_stack, user)
    browser.find("form[action='/account/recovery/cancel']")
    browser.look("account-15-recovery")
    browser.click("form[action='/account/recovery/cancel'] button")
    browser.find("p[role=status]")
    assert not browser.all("form[action='/account/recovery/cancel']")
    browser.look("account-16-recovery-cancelled")


def test_sessions_elsewhere_are_ended(browser, browser_without_scripts, stack):
    user, other = stack.demo.add_user(), browser_without_scripts
    log_in(browser, stack, user)
    browser.open(f"{stack.demo.issuer}/account/sessions")  # in the session that the portal's login gave
    browser.waits_for_text("This browser")
    enter(other, stack, user, page="/account/sessions")  # and no script is needed
    other.waits_for_text("Chrome on Linux")
    browser.open(f"{stack.demo.issuer}/account/sessions")
    browser.look("account-17-two-sessions")
    browser.click("form[action='/account/sessions/end'] button")
    harness.wait_until(lambda: not browser.all("form[action='/account/sessions/end']"), "the other session's end\n")
    other.open(f"{stack.demo.issuer}/account")
    other.find("#password")
    enter(other, stack, user)
    browser.open(f"{stack.demo.issuer}/account/sessions")
    browser.click("form[action='/account/sessions/end-others'] button")
    harness.wait_until(lambda: not browser.all("form[action='/account/sessions/end-others']"), "the others' end\n")
    other.open(f"{stack.demo.issuer}/account")
    other.find("#password")


def test_the_keyboard_is_enough_for_a_new_password(browser, stack):
    user = stack.demo.add_user()
    enter(browser, stack, user, page="/account/password")
    browser.tab_to("#old")
    browser.press(user.password)
    browser.tab_to("#new")
    browser.press(NEW)
    browser.tab_to("#again")
    browser.press(NEW, "\ue007")
    browser.waits_for_text("Your password was changed.")


@pytest.mark.parametrize("language, width, dark", LOOKS)
def test_the_postal_address(browser, moved_stack, language, width, dark):
    browser.use(language, width, dark)
    words, user = WORDS[language], moved_stack.demo.add_user()
    enter(browser, moved_stack, user)
    browser.look("account-10-no-address")
    browser.click("a[href='/account/address']")
    browser.type("#address", "x" * 101)
    browser.click("form button.primary")
    browser.find("#address-error")
    browser.look("account-11-address")
    browser.type("#address", "Test User\n1 Queen’s Road Central\nHong Kong")
    browser.click("form button.primary")
    browser.waits_for_text(words["address"])
    browser.waits_for_text("1 Queen’s Road Central")
    browser.waits_for_text(words["moved"])
    browser.look("account-12-with-address")
