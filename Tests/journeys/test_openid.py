"""An application written with an independent OpenID client library (Authlib), against the running server."""

import http.server
import secrets
import threading
import time
import urllib.parse

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

import harness
from visitor import Authorization, FactorChecks, Page, Visitor


class Client:
    """What an integrator writes: discovery, a session of the library, the ID token checked."""

    def __init__(
            self, issuer, client_id, client_secret, redirect, method=None, scope="openid profile", algorithm="ES256"):
        self.issuer, self.client_id, self.redirect = issuer, client_id, redirect
        self.metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30).json()
        assert self.metadata["issuer"] == issuer
        self.session = OAuth2Session(
            client_id, client_secret, scope=scope, redirect_uri=redirect, code_challenge_method="S256",
            token_endpoint_auth_method=method or ("client_secret_basic" if client_secret else "none"),
            revocation_endpoint_auth_method=method)
        self.algorithm = algorithm
        self.verifier, self.nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)

    def address(self, **more):
        address, self.state = self.session.create_authorization_url(
            self.metadata["authorization_endpoint"], code_verifier=self.verifier, nonce=self.nonce, **more)
        assert create_s256_code_challenge(self.verifier) in address
        return address

    def fetch_token(self, location):
        return self.session.fetch_token(
            self.metadata["token_endpoint"], authorization_response=location, state=self.state,
            code_verifier=self.verifier)

    def claims(self, token, nonce=True):
        keys = KeySet.import_key_set(requests.get(self.metadata["jwks_uri"], timeout=30).json())
        decoded = jwt.decode(token["id_token"], keys, algorithms=[self.algorithm])
        assert decoded.header["alg"] == self.algorithm
        expected = {"nonce": {"essential": True, "value": self.nonce}} if nonce else {}
        claims = CodeIDToken(
            decoded.claims, decoded.header,
            options={"iss": {"essential": True, "value": self.issuer},
                     "aud": {"essential": True, "value": self.client_id},
                     **expected},
            params={**({"nonce": self.nonce} if nonce else {}), "client_id": self.client_id, "access_token": token["access_token"]})
        claims.validate(leeway=5)
        return claims


def respond(stack, user, page):
    """The security code by the simulator's own command."""
    return harness.run([
        harness.program("card-simulator"), "respond", "--demo", stack.demo.file, "--serial", user.card.serial,
        "--pin", user.card.pin, "--challenge", page.challenge]).stdout.strip()


def log_in(stack, client, user, visitor=None, **more):
    visitor = visitor or Visitor(client.issuer, client.redirect)
    page = visitor.submit(
        visitor.open(client.address(**more)), "/password", username=user.name, password=user.password)
    return visitor.submit(page, "/response", code=respond(stack, user, page))


@pytest.fixture
def confidential(stack):
    port = harness.free_ports(1)[0]  # registered without a port: any will do on loopback
    return Client(
        stack.demo.issuer, stack.demo.client["client_id"], stack.demo.client["client_secret"],
        f"http://127.0.0.1:{port}/callback")


@pytest.fixture
def public(stack):
    name = "public-" + secrets.token_hex(4)
    stack.demo.provision({"applications": [{
        "client_id": name, "name": "Desktop Trader", "kind": "native",
        "redirect_uris": ["http://127.0.0.1/done", "com.example.trader:/done"]}]})
    return Client(stack.demo.issuer, name, None, f"http://127.0.0.1:{harness.free_ports(1)[0]}/done")


@pytest.mark.parametrize("kind", ["confidential", "public"])
def test_a_whole_login(stack, kind, request):
    client = request.getfixturevalue(kind)
    alice = stack.demo.user("alice")
    location = log_in(stack, client, alice)
    answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))
    assert answer["iss"] == client.issuer and answer["state"] == client.state
    token = client.fetch_token(location)
    assert token["token_type"] == "Bearer" and token["expires_in"] == 300
    claims = client.claims(token)
    assert {"pwd", "otp", "mfa"} <= set(claims["amr"]), claims["amr"]
    assert claims["auth_time"] <= claims["iat"] <= claims["auth_time"] + 60
    profile = client.session.get(client.metadata["userinfo_endpoint"]).json()
    assert profile["sub"] == claims["sub"]
    assert (profile["name"], profile["preferred_username"]) == (alice.display_name, "alice")


def test_the_simulator_and_the_rfc_agree(stack):
    page = type("Shown", (), {"challenge": "123456"})
    for name in ("alice", "wei"):
        user = stack.demo.user(name)
        page.challenge = "123456" if "QN06" in user.card.suite else "12345678"
        assert respond(stack, user, page) == user.card.response(page.challenge)


def test_a_code_works_once_and_its_reuse_revokes_the_token(stack, confidential):
    location = log_in(stack, confidential, stack.demo.user("alice"))
    token = confidential.fetch_token(location)
    userinfo = confidential.metadata["userinfo_endpoint"]
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    assert requests.get(userinfo, headers=bearer, timeout=30).status_code == 200
    with pytest.raises(Exception, match="invalid_grant"):
        confidential.fetch_token(location)
    assert requests.get(userinfo, headers=bearer, timeout=30).status_code == 401


@pytest.mark.parametrize("spoil", ["verifier", "secret", "redirect"])
def test_a_stolen_code_is_worth_nothing(stack, spoil):
    asked = Authorization(stack.demo, "http://127.0.0.1:5/callback")
    user = stack.demo.add_user()
    code = asked.code(Visitor(asked.issuer, asked.redirect).log_in(asked.address, user))
    if spoil == "verifier":
        asked.verifier = secrets.token_urlsafe(32)
    elif spoil == "secret":
        asked.client = {**asked.client, "client_secret": secrets.token_urlsafe(32)}
    else:
        asked.redirect = "http://127.0.0.1:6/callback"
    answer = asked.redeem(code)
    expected = (401, "invalid_client") if spoil == "secret" else (400, "invalid_grant")
    assert (answer.status_code, answer.json()["error"]) == expected


def test_a_session_answers_without_typing(stack, confidential):
    user = stack.demo.add_user()
    visitor = Visitor(confidential.issuer, confidential.redirect)
    first = confidential.claims(confidential.fetch_token(log_in(stack_of(stack, user), confidential, user, visitor)))
    location = visitor.open(confidential.address(prompt="none"))
    second = confidential.claims(confidential.fetch_token(location))
    assert second["auth_time"] == first["auth_time"] and second["sub"] == first["sub"]
    assert isinstance(visitor.open(confidential.address(prompt="login")), Page)
    assert isinstance(visitor.open(confidential.address(max_age=0)), Page)
    stranger = Visitor(confidential.issuer, confidential.redirect)
    assert "error=login_required" in stranger.open(confidential.address(prompt="none"))


def stack_of(stack, user):
    """The simulator reads cards from a demo file: one with this user's card alone."""
    path = stack.demo.folder.path / f"{user.name}.json"
    card = user.card
    path.write_text(harness.json.dumps({"cards": [{
        "serial": card.serial, "username": user.name, "pin": card.pin, "key": card.key.hex(), "suite": card.suite}]}))
    return type("Stack", (), {"demo": type("Demo", (), {"file": path})})


def test_logging_out_from_the_application(stack, confidential):
    alice = stack.demo.user("alice")
    visitor = Visitor(confidential.issuer, confidential.redirect)
    token = confidential.fetch_token(log_in(stack, confidential, alice, visitor))
    back = "http://127.0.0.1:7/"
    visitor.redirect = back
    ended = visitor.open(f"{confidential.metadata['end_session_endpoint']}?" + urllib.parse.urlencode({
        "id_token_hint": token["id_token"], "post_logout_redirect_uri": back, "state": "s1"}))
    assert ended == f"{back}?state=s1"
    visitor.redirect = confidential.redirect
    assert "error=login_required" in visitor.open(confidential.address(prompt="none"))


@pytest.mark.parametrize("redirect", [
    "http://127.0.0.1:8/callback/more", "http://127.0.0.1.example.com/callback", "http://localhost:8/other",
    "https://127.0.0.1/callback", "http://127.0.0.1:8@example.com/callback"])
def test_no_redirect_to_an_unregistered_address(stack, redirect):
    answer = requests.get(Authorization(stack.demo, redirect).address, allow_redirects=False, timeout=30)
    assert answer.status_code == 400 and "Location" not in answer.headers


def test_a_factor_check_by_the_api(stack):
    user, checks = stack.demo.add_user(), FactorChecks(stack.demo)
    login = checks.start(user).json()
    wrong = checks.respond(login, user.card.wrong_response(login["challenge"]))
    assert wrong.json()["wrong_answer"]["attempts_left"] == 4
    granted = checks.respond(login, user.card.response(login["challenge"])).json()
    assert granted["state"] == "granted"
    keys = KeySet.import_key_set(requests.get(f"{stack.demo.issuer}/oauth2/jwks", timeout=30).json())
    statement = jwt.decode(granted["statement"], keys, algorithms=["ES256"])
    assert statement.header["typ"] == "factor-check+jwt"
    assert statement.claims["aud"] == stack.demo.client["client_id"]
    assert "pwd" not in statement.claims["amr"]
    assert checks.respond(login, user.card.response(login["challenge"])).status_code == 409


METHODS = ["client_secret_basic", "client_secret_post", "none", "ES256", "EdDSA", "PS256", "RS256"]


def key_pair(algorithm):
    parameters = {"alg": algorithm, "use": "sig", "kid": secrets.token_hex(4)}
    if algorithm == "ES256":
        return ECKey.generate_key("P-256", parameters)
    if algorithm == "EdDSA":
        return OKPKey.generate_key("Ed25519", parameters)
    return RSAKey.generate_key(2048, parameters)


def register(stack, method, **more):
    """An application that proves itself by one method, as Authlib does it."""
    redirect = f"http://127.0.0.1:{harness.free_ports(1)[0]}/callback"
    name, secret, key = f"app-{secrets.token_hex(4)}", None, None
    registration = {"client_id": name, "name": name, "redirect_uris": [redirect], "permissions": ["offline_access"], **more}
    if method.startswith("client_secret"):
        secret = registration["client_secret"] = secrets.token_urlsafe(32)
    elif method != "none":
        key = key_pair(method)
        registration["jwks"] = {"keys": [key.as_dict(private=False)]}
    registration["token_endpoint_auth_method"] = "private_key_jwt" if key else method
    stack.demo.provision({"applications": [registration]})
    client = Client(
        stack.demo.issuer, name, key if key else secret, redirect, registration["token_endpoint_auth_method"],
        "openid profile offline_access", more.get("id_token_signed_response_alg", "ES256"))
    if key:
        client.session.register_client_auth_method(ShortLived(
            client.metadata["token_endpoint"], alg=method, headers={"kid": key.kid}))
    return client


class ShortLived(PrivateKeyJWT):
    """The library's assertions live for an hour; ours may live for 5 minutes."""

    def sign(self, auth, token_endpoint):
        return private_key_jwt_sign(
            auth.client_secret, auth.client_id, token_endpoint, alg=self.alg, header=dict(self.headers),
            claims={"exp": int(time.time()) + 60})


@pytest.mark.parametrize("method", METHODS)
def test_every_way_to_prove_an_application(stack, method):
    client, user = register(stack, method), stack.demo.add_user()
    token = client.fetch_token(log_in(stack_of(stack, user), client, user))
    first = client.claims(token)
    fresh = client.session.refresh_token(client.metadata["token_endpoint"], refresh_token=token["refresh_token"])
    second = client.claims(fresh, nonce=False)
    assert "nonce" not in second
    for name in ("sub", "sid", "auth_time", "acr", "amr"):
        assert second[name] == first[name], name
    assert client.session.get(client.metadata["userinfo_endpoint"]).json()["sub"] == first["sub"]
    if method != "none":
        seen = client.session.introspect_token(
            client.metadata["introspection_endpoint"], token=fresh["access_token"]).json()
        assert (seen["active"], seen["username"], seen["client_id"]) == (True, user.name, client.session.client_id)
    answer = client.session.revoke_token(client.metadata["revocation_endpoint"], token=fresh["refresh_token"])
    assert answer.status_code == 200
    with pytest.raises(Exception, match="invalid_grant"):
        client.session.refresh_token(client.metadata["token_endpoint"], refresh_token=fresh["refresh_token"])


def test_a_stolen_refresh_token_ends_the_family(stack):
    client, user = register(stack, "none"), stack.demo.add_user()
    token = client.fetch_token(log_in(stack_of(stack, user), client, user))
    endpoint = client.metadata["token_endpoint"]
    fresh = client.session.refresh_token(endpoint, refresh_token=token["refresh_token"])
    for refused in (token, fresh):
        with pytest.raises(Exception, match="invalid_grant"):
            client.session.refresh_token(endpoint, refresh_token=refused["refresh_token"])
    bearer = {"Authorization": f"Bearer {fresh['access_token']}"}
    assert requests.get(client.metadata["userinfo_endpoint"], headers=bearer, timeout=30).status_code == 401


def test_an_id_token_signed_as_certification_wants_it(stack):
    client = register(stack, "client_secret_basic", id_token_signed_response_alg="RS256")
    user = stack.demo.add_user()
    claims = client.claims(client.fetch_token(log_in(stack_of(stack, user), client, user)))
    assert claims["sub"]


class Ear(http.server.BaseHTTPRequestHandler):
    """Hears of logouts."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.tokens.append(dict(urllib.parse.parse_qsl(body))["logout_token"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_an_application_hears_of_a_logout(stack):
    with http.server.HTTPServer(("127.0.0.1", 0), Ear) as ear:
        ear.tokens = []
        threading.Thread(target=ear.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{ear.server_port}/logout"
        client, user = register(stack, "client_secret_post", backchannel_logout_uri=address), stack.demo.add_user()
        visitor = Visitor(client.issuer, client.redirect)
        token = client.fetch_token(log_in(stack_of(stack, user), client, user, visitor))
        visitor.open(f"{client.metadata['end_session_endpoint']}?" + urllib.parse.urlencode(
            {"id_token_hint": token["id_token"]}))
        heard = harness.wait_until(lambda: ear.tokens, "a logout token")[0]
        ear.shutdown()
    keys = KeySet.import_key_set(requests.get(client.metadata["jwks_uri"], timeout=30).json())
    logout = jwt.decode(heard, keys, algorithms=["ES256"])
    assert logout.header["typ"] == "logout+jwt" and "nonce" not in logout.claims
    assert logout.claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert logout.claims["aud"] == client.session.client_id
    assert logout.claims["sid"] == client.claims(token)["sid"]
