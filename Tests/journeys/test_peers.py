"""Logins by text through gateways that are not ours: the SMSC of smpp34, Kannel, and one that the configuration describes."""

import re
import sys

import pytest

import harness
from test_pages import begin, enter_code, enter_password
from test_texts import code_of, new_user

ARRIVED = "The carrier says that the message has arrived."


def log_in_by_text(browser, settings, code_to):
    """A browser's login on a server with one provider.

    :param settings: of the provider.
    :param code_to: the code that a number was sent, once it was.
    """
    demo = harness.Demo(settings=f"delivery:\n  providers:\n    peer: {{{settings}}}\n")
    stack = harness.Stack(demo).start()
    try:
        user, number = new_user(stack)
        browser.use("en")
        begin(browser, stack)
        enter_password(browser, user)
        browser.find("#code")
        code = harness.wait_until(lambda: code_to(number), f"a code to {number}")

        def has_arrived():
            browser.open(browser.driver.current_url)
            return ARRIVED in browser.text()

        harness.wait_until(has_arrived, ARRIVED)
        enter_code(browser, code)
        browser.waits_for_text(user.display_name, "#welcome")
    finally:
        stack.stop()
        demo.remove()


def last_line(text, number):
    """The code of the line that ties it to the page, of what a peer printed of one number's message."""
    found = re.search(rf"{re.escape(number.lstrip('+'))}\b.*?@localhost (?:#|%23)(\d{{6}})", text, re.DOTALL)
    return found and found.group(1)


def test_the_smsc_of_smpp34(browser):
    (port,) = harness.free_ports(1)
    peer = harness.Process([sys.executable, harness.ROOT / "Tests/journeys/peers/smsc.py", port])
    peer.wait_for_line("listening")
    try:
        log_in_by_text(
            browser,
            f"kind: smpp, host: 127.0.0.1, port: {port}, plain: yes, system_id: firm, password: secret, "
            "sender: Northwind, message_ids: hexadecimal_in_response",
            lambda number: last_line(peer.log, number))
        assert "submit 5.0 Northwind 1.1 852" in peer.log
    finally:
        peer.end()


class Kannel:
    """bearerbox and smsbox, with Kannel's own carrier, which takes every text and reports it delivered."""

    USER, PASSWORD = "countersign", "kannel-password"

    def __init__(self):
        self.folder = harness.Folder()
        admin, boxes, carrier, self.port = harness.free_ports(4)
        path = self.folder.path / "kannel.conf"
        path.write_text(
            f"group = core\nadmin-port = {admin}\nadmin-interface = 127.0.0.1\nadmin-password = never-used\n"
            f"smsbox-port = {boxes}\nsmsbox-interface = 127.0.0.1\ndlr-storage = internal\n\n"
            f"group = smsc\nsmsc = fake\nsmsc-id = fake\nport = {carrier}\nconnect-allow-ip = 127.0.0.1\n\n"
            f"group = smsbox\nbearerbox-host = 127.0.0.1\nbearerbox-port = {boxes}\nsendsms-port = {self.port}\n"
            "sendsms-interface = 127.0.0.1\n\n"
            f"group = sendsms-user\nusername = {self.USER}\npassword = {self.PASSWORD}\nconcatenation = true\n"
            "max-messages = 4\n")
        self.processes = [harness.Process(["/usr/sbin/bearerbox", path])]
        self.says(0, "MAIN: Start-up done, entering mainloop")
        self.processes.append(harness.Process(["/usr/sbin/smsbox", path]))
        self.processes.append(harness.Process([
            "/usr/lib/kannel/test/fakesmsc", "-H", "127.0.0.1", "-r", carrier, "-m", 0, "100 200 text none"]))
        self.says(1, "Connected to bearerbox")
        self.says(0, "Fakesmsc client connected")

    def says(self, index, words):
        harness.wait_until(lambda: words in self.processes[index].log, f"{words}\n{self.processes[index].log}")

    @property
    def carried(self):
        """What its carrier prints of the texts that it took."""
        return self.processes[2].log

    def stop(self):
        for process in reversed(self.processes):
            process.popen.kill()
            process.popen.wait()
        self.folder.remove()


def test_kannel(browser):
    kannel = Kannel()
    try:
        log_in_by_text(
            browser,
            f"kind: http, shape: kannel, address: 'http://127.0.0.1:{kannel.port}/cgi-bin/sendsms', "
            f"account: {Kannel.USER}, secret: {Kannel.PASSWORD}, sender: Northwind, "
            "receipt_secret: fedcba9876543210fedcba9876543210",
            lambda number: last_line(kannel.carried, number))
    finally:
        kannel.stop()


OWN = """kind: http, shape: own, address: '{page}/gateway/messages', account: countersign, secret: carrier,
      sender: Northwind, receipt_secret: carrier-simulator-receipts,
      json: '{{"id": "{{{{id}}}}", "to": "{{{{to}}}}", "from": "{{{{from}}}}", "text": "{{{{text}}}}",
        "callback": "{{{{callback}}}}", "validity_seconds": "{{{{#seconds}}}}"}}',
      answer: {{id: /id, code: /code, codes: {{invalid_recipient: recipient}}}},
      receipts: {{id: /id, status: /status, code: /code, time: /at, signature_header: X-Carrier-Signature,
        signature_prefix: 'sha256=', statuses: {{buffered: buffered, delivered: delivered}}}}"""


def test_a_gateway_that_the_configuration_describes(browser, carrier):
    log_in_by_text(
        browser, OWN.format(page=carrier.page),
        lambda number: carrier.messages(number) and code_of(carrier, number)[0])
