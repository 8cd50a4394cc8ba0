"""`countersign login` by a code that goes to a telephone: what it says of the code's way is true."""

import re

import pytest

import harness
from terminal import Person
from test_texts import new_user, texting  # noqa: F401  (a fixture)

WORDS = {
    "en": {"password": "Password: ", "phone": "Phone number ending in {}", "arrived": "The carrier says that the message",
           "way": "The carrier has the message", "waiting": "No carrier has taken it yet.",
           "unknown": "Nobody can say whether your code reached you.", "ask": "q to cancel): ",
           "malformed": "it has 6 digits", "welcome": "Welcome, {}.", "over": "you cancelled it"},
    "zh-Hant": {"password": "密碼：", "phone": "電話號碼（尾號 {}）", "arrived": "電訊商表示載有驗證碼的短訊已送達。",
                "way": "電訊商已收到", "waiting": "電訊商尚未接收。",
                "unknown": "無法得知驗證碼是否已送達。", "ask": "輸入 q 取消）：",
                "malformed": "驗證碼為 6 位數字", "welcome": "{}，歡迎。", "over": "您已取消本次登入"},
}


@pytest.fixture(params=WORDS)
def asked(request, texting, carrier, tmp_path):  # noqa: F811
    """Types name and password; gives the terminal, its words, the user and his number."""
    def ask(answers=None):
        for way in ("smpp", "http") if answers else ():
            carrier.way(way, answers=answers)
        user, number = new_user(texting)
        words = WORDS[request.param]
        terminal = Person(user, texting.demo.issuer, tmp_path).terminal(
            "login", "--user", user.name, "--language", request.param)
        terminal.answer_unseen(words["password"], user.password)
        terminal.wait_for(words["phone"].format(number[-2:]))
        return terminal, words, user, number
    return ask


def code_of(carrier, number):
    text = harness.wait_until(lambda: carrier.messages(number), "a text")[-1]["text"]
    return re.search(r"\b(\d{6})\b", text)[1]


def test_a_code_by_text(asked, carrier):
    terminal, words, user, number = asked()
    said = terminal.wait_for(words["ask"])
    assert words["arrived"] in said or words["way"] in said, said
    assert words["waiting"] not in said and number not in said
    code = code_of(carrier, number)
    terminal.type(f"{code[:3]} {code[3:]}")
    terminal.wait_for(words["welcome"].format(user.display_name))
    assert terminal.end() == 0 and code not in said


def test_no_provider_takes_it(asked, carrier):
    """Nothing is said to be on its way that nobody has; when a provider is well again the same code comes."""
    terminal, words, user, number = asked("fault")
    said = terminal.wait_for(words["ask"])
    assert words["waiting"] in said and words["way"] not in said and words["arrived"] not in said, said
    assert not carrier.messages(number)
    carrier.forget()
    code = code_of(carrier, number)
    terminal.type("not a code")
    terminal.wait_for(words["malformed"])
    said = terminal.wait_for(words["ask"])
    assert (words["arrived"] in said or words["way"] in said) and words["waiting"] not in said, said
    terminal.type(code)
    terminal.wait_for(words["welcome"].format(user.display_name))
    assert terminal.end() == 0


def test_dead_providers(asked):
    """They may have taken it before they went: that is what is said."""
    terminal, words, _, _ = asked("dead")
    said = terminal.wait_for(words["ask"])
    assert words["unknown"] in said and words["way"] not in said and words["arrived"] not in said, said
    terminal.type("q")
    terminal.wait_for(words["over"])
    assert terminal.end() == 1
