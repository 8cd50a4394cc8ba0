"""The JSON API against its own OpenAPI document: data that fits and data that does not, with the tokens of a real login.
Whatever is sent, the answer is one that the document has, and never a fault of the server."""

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
        self.user = demo.add_user()
        self.token = self.log_in(self.staff)

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

    def check(self):
        answer = requests.post(
            f"{self.base}/factor-checks", json={"username": self.user.name}, auth=self.application, timeout=TIMEOUT)
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
            for name, value in (("username", self.user.name), ("serial", self.user.card.serial)):
                if name in parameters:
                    parameters[name] = value
            return {"Authorization": f"Bearer {self.token}"}
        if "/factor-checks" in path:
            headers = {"Authorization": "Basic " + base64.b64encode(":".join(self.application).encode()).decode()}
            if "id" not in parameters:
                return headers
            check = self.check()
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


@pytest.fixture(scope="module")
def document(api):
    schema = schemathesis.openapi.from_url(f"{api.base}/openapi.json")
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    schema.config.phases.coverage.enabled = False
    return schema


described = schemathesis.pytest.from_fixture("document")
few = hypothesis.settings(
    max_examples=12, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(hypothesis.HealthCheck))


@described.parametrize()
@few
def test_every_answer_is_one_that_the_document_has(case, api):
    headers = api.prepare(case)
    case.call_and_validate(headers=headers, checks=CHECKS, timeout=TIMEOUT)


@described.parametrize()
@hypothesis.settings(few, max_examples=4)
def test_and_so_is_every_answer_to_a_stranger(case, api):
    case.call_and_validate(checks=CHECKS, timeout=TIMEOUT)


def test_the_whole_way_is_described(api, document):
    """What is met at the end of a login alone: each answer is validated as the others are."""
    def call(method, path, status, **options):
        answer = requests.request(method, api.base + path, timeout=TIMEOUT, **options)
        assert answer.status_code == status, answer.text
        template = next(
            each for each in document.raw_schema["paths"]
            if len(each.split("/")) == len(path.split("/")) + 2 and all(
                part == given or part.startswith("{")
                for part, given in zip(each.split("/")[3:], path.split("?")[0].split("/")[1:])))
        document[template][method].validate_response(answer)
        return answer.json()

    login = api.begin()
    at = f"/logins/{login['id']}"
    headers = api.headers(login)
    user = api.user
    wrong = call("POST", f"{at}/password", 422, headers=headers, json={"username": user.name, "password": "not this one"})
    assert wrong["code"] == "wrong_credentials"
    asked = call("POST", f"{at}/password", 200, headers=headers, json={"username": user.name, "password": user.password})
    again = call(
        "POST", f"{at}/response", 200, headers=headers, json={"response": user.card.wrong_response(asked["challenge"])})
    assert again["wrong_answer"]["attempts_left"] == 4
    call("POST", f"{at}/response", 200, headers=headers, json={"response": user.card.response(again["challenge"])})
    assert call("GET", at, 200, headers=headers)["state"] == "granted"
    assert "code" in call("POST", f"{at}/finish", 200, headers=headers, json={})
    check = api.check()
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
