"""A mail relay for tests (aiosmtpd) that keeps what it is sent. Knows nothing of pages."""

import email
import email.policy
import threading

from aiosmtpd.controller import Controller

import harness


class Mail:
    def __init__(self, envelope):
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert not parsed.defects, parsed.defects
        self.recipients = envelope.rcpt_tos
        self.subject, self.language = str(parsed["Subject"]), str(parsed["Content-Language"])
        self.id, self.text = str(parsed["Message-ID"]), parsed.get_content().replace("\r\n", "\n")


class Relay:
    """Listens on a free port of this machine, without TLS."""

    def __init__(self):
        self._mails, self._lock = [], threading.Lock()
        (self.port,) = harness.free_ports(1)
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_DATA(self, server, session, envelope):
        with self._lock:
            self._mails.append(Mail(envelope))
        return "250 2.0.0 taken"

    def mails(self, recipient):
        with self._lock:
            return [mail for mail in self._mails if mail.recipients == [recipient]]

    def wait_for(self, recipient, count=1):
        """All mails to somebody, once there are so many."""
        harness.wait_until(lambda: len(self.mails(recipient)) >= count, f"{count} mails to {recipient}")
        return self.mails(recipient)

    def stop(self):
        self.controller.stop()
