"""An independent mail relay (aiosmtpd) for the mail channel's tests: says on its output what it was sent.

    smtp_relay.py PORT starttls|tls CERTIFICATE KEY USER PASSWORD
"""

import email
import email.policy
import json
import ssl
import sys
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

port, security, certificate, key, user, password = sys.argv[1:]


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        report = {
            "tls": security == "tls" or session.ssl is not None,
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "from": str(mail["From"]),
            "subject": str(mail["Subject"]),
            "id": str(mail["Message-ID"]),
            "date": mail["Date"].datetime.isoformat(),
            "automatic": str(mail["Auto-Submitted"]),
            "text": mail.get_content(),
            "defects": [str(defect) for defect in mail.defects],
        }
        print("mail " + json.dumps(report, ensure_ascii=True), flush=True)
        return "250 2.0.0 taken"


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == user.encode() and data.password == password.encode()
    return AuthResult(success=right, handled=False)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
protection = {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
controller = Controller(
    Handler(),
    hostname="127.0.0.1",
    port=int(port),
    authenticator=authenticate,
    auth_required=True,
    # Of TLS from the start aiosmtpd does not know that it is there.
    auth_require_tls=security != "tls",
    **protection,
)
controller.start()
print("listening", flush=True)
threading.Event().wait()
