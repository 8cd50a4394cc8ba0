"""What an operator does: rotate keys, back up and restore, speak TLS, read metrics, ask the doctor; all beside a running
server."""

import json
import os
import re
import secrets
import shutil
import signal
import subprocess

import pytest
import requests

import harness
from test_faults import Load
from visitor import FactorChecks


def countersign(demo, *arguments, check=True, **options):
    return harness.run([harness.program("countersign"), *arguments, "--config", demo.config], check=check, **options)


def keys(demo):
    return json.loads(countersign(demo, "key", "list", "--json").stdout)["data_keys"]


def add_cards(demo, count):
    """Users without a password, so that nothing slow is computed for them."""
    names = ["k" + secrets.token_hex(6) for _ in range(count)]
    demo.provision({
        "users": [{"username": name, "name": name} for name in names],
        "cards": [{
            "serial": f"CS-{200_000_000 + secrets.randbelow(800_000_000)}", "username": name, "pin": "4821",
            "key": secrets.token_hex(32), "suite": "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"} for name in names]})


def test_key_rotation_under_load_is_killed_and_goes_on(server):
    demo = server.demo
    add_cards(demo, 300)
    with Load(demo, demo.add_users(3), demo.add_users(2)) as load:
        harness.wait_until(lambda: load.surprises or len(load.granted) >= 3, "logins under way")
        rotation = harness.Process([
            harness.program("countersign"), "key", "rotate", "--config", demo.config, "--batch", "5"])
        rotation.wait_for_line("sealed anew: ")
        rotation.end(signal.SIGKILL)
        half_way = keys(demo)
        before = len(load.granted)
        went_on = countersign(demo, "key", "rotate", "--batch", "20")
        harness.wait_until(lambda: load.surprises or len(load.granted) >= before + 3, "logins go on")
    assert not load.surprises, load.surprises
    assert [key["id"] for key in half_way] == [1, 2] and all(key["values"] > 0 for key in half_way), half_way
    assert "went on with an interrupted rotation" in went_on.stdout
    assert [key["id"] for key in keys(demo)] == [2]
    assert load.sessions
    server.end_and_start()
    assert FactorChecks(demo).start(demo.user("alice")).status_code == 201


def test_the_master_key_is_replaced_beside_a_running_server(server):
    demo = server.demo
    new = demo.path / "master-2.key"
    for said in ("are wrapped under", "were under"):
        assert said in countersign(demo, "key", "rotate-master", "--new-key-file", new).stdout
    assert new.stat().st_mode & 0o777 == 0o600
    assert FactorChecks(demo).start(demo.user("alice")).status_code == 201
    refused = countersign(demo, "key", "rotate", check=False)
    assert refused.returncode != 0 and "not the master key" in refused.stderr
    demo.config.write_text(demo.config.read_text().replace("/master.key'", "/master-2.key'"))
    server.end_and_start()
    assert [key["id"] for key in keys(demo)] == [1]
    countersign(demo, "key", "rotate")
    assert FactorChecks(demo).start(demo.user("alice")).status_code == 201


def back_up(demo, postgres, folder):
    """As docs/operate.md says."""
    if demo.database:
        with open(folder / "countersign.dump", "wb") as file:
            subprocess.run(["pg_dump", "--format=custom", f"--dbname={demo.database}"], stdout=file, check=True)
    else:
        harness.run(["sqlite3", demo.sqlite, f".backup '{folder}/countersign.sqlite'"])


def restore(demo, postgres, folder):
    """Onto another machine: a store of its own, the master key from where it is kept apart."""
    if demo.database:
        database = postgres.make_database()
        harness.run(["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={database}", folder / "countersign.dump"])
        demo.config.write_text(demo.config.read_text().replace(demo.database, database))
        demo.database = database
    else:
        for name in ("", "-wal", "-shm"):
            (demo.sqlite.parent / (demo.sqlite.name + name)).unlink(missing_ok=True)
        shutil.copy(folder / "countersign.sqlite", demo.sqlite)
        demo.sqlite.chmod(0o600)


def test_backed_up_under_load_and_restored_elsewhere(server, request, tmp_path):
    demo = server.demo
    postgres = request.getfixturevalue("postgres") if demo.database else None
    users = demo.add_users(2)
    with Load(demo, users, []) as load:
        harness.wait_until(lambda: load.surprises or len(load.granted) >= 3, "logins under way")
        back_up(demo, postgres, tmp_path)
        harness.wait_until(lambda: load.surprises or len(load.granted) >= 8, "logins go on")
    assert not load.surprises, load.surprises
    server.server.end()
    restore(demo, postgres, tmp_path)
    report = json.loads(countersign(demo, "doctor", "--json", check=False).stdout)
    levels = {each["subject"]: each["level"] for each in report if each["subject"] in ("schema", "data keys", "master key")}
    assert levels == {"schema": "ok", "data keys": "ok", "master key": "ok"}, report
    server.start_server()
    checks = FactorChecks(demo)
    for user in users:
        login = checks.start(user).json()
        assert checks.respond(login, user.card.response(login["challenge"])).json()["state"] == "granted"
    # What was granted before the backup is not granted again by the same answer.
    first = load.granted[0]
    assert checks.respond(*first).status_code in (404, 409)


def make_certificate(folder, name):
    folder.mkdir(exist_ok=True)
    files = folder / "cert.pem", folder / "key.pem"
    harness.run([
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
        "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout", files[1], "-out", files[0]])
    files[1].chmod(0o600)
    return files


@pytest.fixture
def tls_demo(tmp_path):
    certificate, key = make_certificate(tmp_path / "tls", "first.test")
    demo = harness.Demo()
    demo.config.write_text(
        demo.config.read_text().replace("issuer: http://", "issuer: https://").replace(
            "listen:\n", f"listen:\n  tls:\n    certificate_file: '{certificate}'\n    key_file: '{key}'\n"))
    demo.issuer = demo.issuer.replace("http://", "https://")
    yield demo
    demo.remove()


def curl(demo, certificate, *options, path="/health/ready"):
    return harness.run([
        "curl", "-sS", "--cacert", certificate, "-w", "\n%{http_version} %{http_code}", *options,
        f"{demo.issuer}{path}"]).stdout.splitlines()


def test_tls_by_files_http_1_and_2_and_a_renewed_certificate(tls_demo, tmp_path):
    demo, folder = tls_demo, tmp_path / "tls"
    stack = harness.Stack(demo)
    stack.start_server()
    try:
        certificate = folder / "cert.pem"
        for option, version in (("--http1.1", "1.1"), ("--http2", "2")):
            body, status = curl(demo, certificate, option)
            assert json.loads(body) == {"status": "ready"} and status == f"{version} 200"
        stranger = harness.run(
            [harness.program("countersign"), "login", "--server", demo.issuer, "--user", "alice"], check=False)
        assert stranger.returncode == 69 and "cannot be trusted" in stranger.stderr, stranger.stderr
        # As docs/operate.md asks for them, where the server's name leads to another address.
        resolved = curl(demo, certificate, "--resolve", f"localhost:{demo.port}:127.0.0.1", path="/metrics")
        assert resolved[-1].endswith("200") and any(line.startswith("countersign_") for line in resolved)
        headers = curl(demo, certificate, "-i", path="/")
        assert any(line.lower().startswith("strict-transport-security:") for line in headers), headers
        old = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{demo.port}", "-tls1_1"], stdin=subprocess.DEVNULL,
            capture_output=True, check=False)
        assert old.returncode != 0

        with requests.Session() as session:  # one connection, over the renewal
            session.trust_env = False  # a certificate of the machine's would win
            session.verify = str(shutil.copy(certificate, tmp_path / "first.pem"))
            assert session.get(f"{demo.issuer}/health/live", timeout=20).ok
            make_certificate(tmp_path / "new", "second.test")
            for name in ("key.pem", "cert.pem"):
                os.replace(tmp_path / "new" / name, folder / name)
            stack.server.popen.send_signal(signal.SIGHUP)
            harness.wait_until(lambda: "certificate loaded" in stack.server.log, "the new certificate")
            assert session.get(f"{demo.issuer}/health/live", timeout=20).ok
        assert curl(demo, certificate)[1].endswith("200")

        (folder / "cert.pem").write_text("nothing")
        stack.server.popen.send_signal(signal.SIGHUP)
        harness.wait_until(lambda: "holds no certificate" in stack.server.log, "the refusal")
        assert curl(demo, "/dev/null", "-k")[1].endswith("200")
    finally:
        stack.stop()


def test_metrics_for_neighbours_alone_and_without_identifiers(sqlite_server):
    demo = sqlite_server.demo
    user, checks = demo.add_user(), FactorChecks(demo)
    login = checks.start(user).json()
    checks.respond(login, user.card.wrong_response(login["challenge"]))
    checks.respond(login, user.card.response(login["challenge"]))
    answer = requests.get(f"{demo.issuer}/metrics", timeout=20)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    assert lines['countersign_logins_total{door="factor_check",outcome="granted"}'] == "1"
    assert lines['countersign_factor_results_total{result="wrong_response"}'] == "1"
    assert lines['countersign_factor_results_total{result="success"}'] == "1"
    assert int(lines["process_resident_memory_bytes"]) > 1_000_000
    assert any("/api/v1/factor-checks/" in line and 'status="2xx"' in line for line in lines), lines
    for secret in (login["id"], login["secret"], user.name, login["challenge"]):
        assert secret not in answer.text
    for header in ("X-Forwarded-For", "Forwarded", "Via"):
        refused = requests.get(f"{demo.issuer}/metrics", headers={header: "203.0.113.9"}, timeout=20)
        assert refused.status_code == 404 and "countersign_" not in refused.text


def test_the_doctor_says_what_is_wrong_and_what_to_do(sqlite_server):
    demo = sqlite_server.demo
    good = countersign(demo, "doctor")
    assert good.returncode == 0 and "problem" not in good.stdout
    for subject in ("configuration", "store", "schema", "master key", "data keys", "signing keys", "disk"):
        assert re.search(rf"^ok +{subject}: ", good.stdout, re.M), good.stdout
    demo.master_key.chmod(0o644)
    bad = countersign(demo, "doctor", check=False)
    assert bad.returncode == 1
    assert re.search(r"^problem +master key: .*\n +hint: chmod 600 ", bad.stdout, re.M), bad.stdout
    report = json.loads(countersign(demo, "doctor", "--json", check=False).stdout)
    assert {"level", "subject", "message", "hint"} in [set(each) for each in report]
    demo.config.write_text("issuer: http://example.com\n")
    broken = countersign(demo, "doctor", check=False)
    assert broken.returncode == 1 and "issuer" in broken.stdout and "firm.name is missing" in broken.stdout


def test_secret_files_are_their_owners_whatever_the_umask(tmp_path):
    harness.run([harness.program("countersign"), "demo", "--folder", tmp_path / "demo"], umask=0)
    for name in ("demo.json", "master.key", "data/countersign.sqlite"):
        assert (tmp_path / "demo" / name).stat().st_mode & 0o777 == 0o600, name


def test_shell_completion():
    script = harness.run([harness.program("countersign"), "--generate-completion-script", "bash"]).stdout
    assert "rotate-master" in script
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)
