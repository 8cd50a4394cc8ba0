"""A browser without a screen: follows redirects by hand, fills in forms, and asks for factor checks."""

import base64
import hashlib
import html.parser
import secrets
import urllib.parse

import requests

TIMEOUT = 30


class Page(html.parser.HTMLParser):
    """The forms and the text of a page."""

    def __init__(self, response):
        super().__init__()
        self.status, self.text, self.url = response.status_code, response.text, response.url
        self.forms = []
        self.challenge = ""
        self._in_challenge = 0
        self.feed(response.text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append({"action": attributes["action"], "fields": {}, "buttons": []})
        elif tag == "input" and attributes.get("type") == "hidden":
            self.forms[-1]["fields"][attributes["name"]] = attributes["value"]
        elif tag == "button" and "name" in attributes:
            self.forms[-1]["buttons"].append((attributes["name"], attributes["value"]))
        if tag == "span" and (self._in_challenge or attributes.get("id") == "challenge"):
            self._in_challenge += 1

    def handle_endtag(self, tag):
        if tag == "span" and self._in_challenge:
            self._in_challenge -= 1

    def handle_data(self, data):
        if self._in_challenge:
            self.challenge += data.strip()

    def form(self, ending):
        for form in self.forms:
            if form["action"].endswith(ending):
                return form
        raise AssertionError(f"no form {ending} on the page ({self.status}):\n{self.text}")


class Visitor:
    """One browser at one server, on its way to an application's redirect address."""

    def __init__(self, issuer, redirect):
        self.issuer, self.redirect = issuer, redirect
        self.http = requests.Session()

    def open(self, address):
        """A page, or the address of the application that the browser was sent to."""
        return self._follow(self.http.get(
            urllib.parse.urljoin(self.issuer, address), allow_redirects=False, timeout=TIMEOUT))

    def submit(self, page, ending, **fields):
        form = page.form(ending)
        return self._follow(self.http.post(
            urllib.parse.urljoin(self.issuer, form["action"]), data={**form["fields"], **fields},
            allow_redirects=False, timeout=TIMEOUT))

    def _follow(self, response):
        while response.is_redirect:
            target = urllib.parse.urljoin(response.url, response.headers["Location"])
            if target.startswith(self.redirect):
                return target
            response = self.http.get(target, allow_redirects=False, timeout=TIMEOUT)
        return Page(response)

    def log_in(self, address, user):
        """From the authorization request to the address that the browser ends at."""
        page = self.open(address)
        page = self.submit(page, "/password", username=user.name, password=user.password)
        card = user.card
        if any(form["action"].endswith("/authenticator") for form in page.forms):
            name, value = page.form("/authenticator")["buttons"][0]
            page = self.submit(page, "/authenticator", **{name: value})
            card = user.card_of(page.text.split("Security card ending ")[1].split("<")[0])
        return self.submit(page, "/response", code=card.response(page.challenge))


class Authorization:
    """One authorization request of a client, with its secrets."""

    def __init__(self, demo, redirect, client=None, **more):
        self.client = client or demo.client
        self.issuer, self.redirect = demo.issuer, redirect
        self.verifier, self.state, self.nonce = (secrets.token_urlsafe(32) for _ in range(3))
        digest = hashlib.sha256(self.verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        self.address = f"{demo.issuer}/oauth2/authorize?" + urllib.parse.urlencode({
            "response_type": "code", "client_id": self.client["client_id"], "redirect_uri": redirect,
            "scope": "openid profile", "state": self.state, "nonce": self.nonce,
            "code_challenge": challenge, "code_challenge_method": "S256", **more})

    def code(self, location):
        answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))
        assert answer.get("state") == self.state and answer.get("iss") == self.issuer, answer
        return answer["code"]

    def redeem(self, code):
        return requests.post(
            f"{self.issuer}/oauth2/token", timeout=TIMEOUT,
            auth=(self.client["client_id"], self.client["client_secret"]),
            data={"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect,
                  "code_verifier": self.verifier})


class FactorChecks:
    """An application that asks the server to check second factors."""

    def __init__(self, demo):
        self.base = f"{demo.issuer}/api/v1/factor-checks"
        self.http = requests.Session()
        self.http.auth = (demo.client["client_id"], demo.client["client_secret"])

    def start(self, user):
        return self.http.post(self.base, json={"username": user.name}, timeout=TIMEOUT)

    def respond(self, login, response):
        return self.http.post(
            f"{self.base}/{login['id']}/response", json={"response": response}, timeout=TIMEOUT,
            headers={"Countersign-Login-Secret": login["secret"]})

    def show(self, login):
        return self.http.get(
            f"{self.base}/{login['id']}", timeout=TIMEOUT, headers={"Countersign-Login-Secret": login["secret"]})
