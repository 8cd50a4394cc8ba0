"""The JSON API against its own OpenAPI document: data that fits and data that does not, with the tokens of a real
login. Whatever is sent, the answer is one that the document has, and never a fault of the server."""

import base64
import hashlib
import secrets

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance, response_schema_conformance, status_code_conformance)

import harness
from visitor import TIMEOUT

CLIENT = "countersign-terminal"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


class API:
    """Somebody of the staff, logged in by the login API; an application with a secret; and things to name in paths."""

    def __init__(self, demo):
        self.demo = demo
        self.base = f"{demo.issuer}/api/v1"
        self.staff = demo.user("anna")
        # The subject is what staff try everything on: it loses its card, and more.
        self.user, self.subject, self.checked = demo.add_users(3)
        self.opened = demo.add_user(cards=0)
        self.token = self.log_in(self.staff)
        self.registered = "app" + secrets.token_hex(4)
        self.register()

    def register(self):
        """What staff try everything on may be gone: it is registered anew."""
        requests.post(
            f"{self.base}/admin/applications", timeout=TIMEOUT, headers={"Authorization": f"Bearer {self.token}"},
            json={"client_id": self.registered, "name": "Subject", "reason": "to be tried"})

    def begin(self, verifier="v" * 43):
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        answer = requests.post(f"{self.base}/logins", timeout=TIMEOUT, json={
            "client_id": CLIENT, "scope": "openid admin", "code_challenge": challenge, "code_challenge_method": "S256"})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def step(self, login, name, body):
        answer = requests.post(
            f"{self.base}/logins/{login['id']}/{name}", json=body, timeout=TIMEOUT, headers=self.headers(login))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def log_in(self, user):
        verifier = secrets.token_urlsafe(40)
        login = self.begin(verifier)
        asked = self.step(login, "password", {"username": user.name, "password": user.password})
        self.step(login, "response", {"response": user.card.response(asked["challenge"])})
        code = self.step(login, "finish", {})["code"]
        tokens = requests.post(
            f"{self.demo.issuer}/oauth2/token", timeout=TIMEOUT, headers={"Countersign-Login-Secret": login["secret"]},
            data={"grant_type": "authorization_code", "client_id": CLIENT, "code": code,
                  "redirect_uri": "urn:countersign:login-api", "code_verifier": verifier})
        assert tokens.status_code == 200, tokens.text
        return tokens.json()["access_token"]

    def check(self, user):
        answer = requests.post(
            f"{self.base}/factor-checks", json={"username": user.name}, auth=self.application, timeout=TIMEOUT)
        assert answer.status_code == 201, answer.text
        return answer.json()

    @property
    def application(self):
        return self.demo.client["client_id"], self.demo.client["client_secret"]

    def headers(self, login=None):
        named = {"Countersign-Client-ID": CLIENT}
        return named if login is None else {**named, "Countersign-Login-Secret": login["secret"]}

    def prepare(self, case):
        """Puts real things in the place of drawn ones, or nothing would be met but refusals; answers the headers."""
        path, parameters = case.operation.path, case.path_parameters
        if "/admin/" in path:
            if "client_id" in parameters:
                self.register()
            for name, value in (("username", self.subject.name), ("serial", self.subject.card.serial),
                                ("client_id", self.registered)):
                if name in parameters:
                    parameters[name] = value
            return {"Authorization": f"Bearer {self.token}"}
        if "/number-checks" in path:
            headers = {"Authorization": "Basic " + base64.b64encode(":".join(self.application).encode()).decode()}
            parameters["username"] = self.opened.name
            return headers
        if "/factor-checks" in path:
            headers = {"Authorization": "Basic " + base64.b64encode(":".join(self.application).encode()).decode()}
            if "id" not in parameters:
                return headers
            check = self.check(self.checked)
            parameters["id"] = check["id"]
            return {**headers, "Countersign-Login-Secret": check["secret"]}
        if "id" in parameters:
            login = self.begin()
            parameters["id"] = login["id"]
            return self.headers(login)
        return {}


@pytest.fixture(scope="module")
def api(server_for_module):
    return API(server_for_module.demo)


DOCUMENT = schemathesis.openapi.from_path(harness.ROOT / "Sources/RESTAPI/Resources/openapi.json")
OPERATIONS = [result.ok() for result in DOCUMENT.get_all_operations()]
each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)


def try_out(operation, mode, examples, act):
    """Draws so many cases; each is sent, and its answer validated."""
    @hypothesis.settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def drawn(case):
        act(case)

    drawn()


@each_operation
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda each: each.name.lower())
def test_every_answer_is_one_that_the_document_has(api, operation, mode):
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.headers):
        pytest.skip("it takes nothing that could be wrong")

    def act(case):
        headers = api.prepare(case)
        case.call_and_validate(base_url=api.demo.issuer, headers=headers, checks=CHECKS, timeout=TIMEOUT)

    try_out(operation, mode, 5, act)


@each_operation
def test_and_so_is_every_answer_to_a_stranger(api, operation):
    try_out(
        operation, GenerationMode.POSITIVE, 1,
        lambda case: case.call_and_validate(base_url=api.demo.issuer, checks=CHECKS, timeout=TIMEOUT))


def test_the_document_is_served(api):
    assert requests.get(f"{api.base}/openapi.json", timeout=TIMEOUT).json() == DOCUMENT.raw_schema


def test_the_whole_way_is_described(api):
    """What is met at the end of a login alone: each answer is validated as the others are."""
    def call(method, path, status, **options):
        answer = requests.request(method, api.base + path, timeout=TIMEOUT, **options)
        assert answer.status_code == status, answer.text
        template = next(
            each for each in DOCUMENT.raw_schema["paths"]
            if len(each.split("/")) == len(path.split("/")) + 2 and all(
                part == given or part.startswith("{")
                for part, given in zip(each.split("/")[3:], path.split("?")[0].split("/")[1:])))
        DOCUMENT[template][method].validate_response(answer)
        return answer.json()

    login = api.begin()
    at = f"/logins/{login['id']}"
    headers = api.headers(login)
    user = api.user
    typed = {"username": user.name, "password": "not this one"}
    assert call("POST", f"{at}/password", 422, headers=headers, json=typed)["code"] == "wrong_credentials"
    typed["password"] = user.password
    asked = call("POST", f"{at}/password", 200, headers=headers, json=typed)
    again = call(
        "POST", f"{at}/response", 200, headers=headers, json={"response": user.card.wrong_response(asked["challenge"])})
    assert again["wrong_answer"]["attempts_left"] == 4
    call("POST", f"{at}/response", 200, headers=headers, json={"response": user.card.response(again["challenge"])})
    assert call("GET", at, 200, headers=headers)["state"] == "granted"
    assert "code" in call("POST", f"{at}/finish", 200, headers=headers, json={})
    check = api.check(user)
    granted = call(
        "POST", f"/factor-checks/{check['id']}/response", 200, auth=api.application,
        headers={"Countersign-Login-Secret": check["secret"]}, json={"response": user.card.response(check["challenge"])})
    assert granted["state"] == "granted" and granted["statement"]
    staff = {"Authorization": f"Bearer {api.token}"}
    overview = call("GET", f"/admin/users/{user.name}", 200, headers=staff)
    assert overview["user"]["username"] == user.name
    assert call("GET", f"/admin/cards/{user.card.serial}", 200, headers=staff)["username"] == user.name
    token = {"Authorization": f"Bearer {api.log_in(user)}"}
    assert call("POST", "/session/end", 200, headers=token, json={}) == {"state": "ended"}
    assert call("POST", "/session/end", 401, headers=token, json={})["code"] == "unauthorized"
