"""What the tests share: databases, running programs, browsers; and the programs' logs beside a failure."""

import pytest
from selenium.common.exceptions import WebDriverException
from urllib3.exceptions import HTTPError

import browser as browsers
import carrier as carriers
import harness

_stacks = []


def pytest_addoption(parser):
    parser.addoption(
        "--once-more", action="store_true",
        help="run again what failed, where it drives a browser; all else that failed has failed")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--once-more"):
        return
    for item in items:
        if not {"browser", "browser_without_scripts"} & set(item.fixturenames):
            item.runtest = _failed_already


def _failed_already():
    pytest.fail("failed before, and drives no browser: it must pass at the first try", pytrace=False)


@pytest.fixture(scope="session")
def postgres():
    server = harness.Postgres()
    yield server
    server.remove()


@pytest.fixture
def own_postgres():
    """One that the test may stop."""
    server = harness.Postgres()
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request):
    """The connection string of a new database, or nothing for SQLite."""
    if request.param == "sqlite":
        return None
    return request.getfixturevalue("postgres").make_database()


def _running(demo, moved_clock=False, server_only=False):
    stack = harness.Stack(demo, moved_clock)
    _stacks.append(stack)
    try:
        yield stack.start(server_only)
        stack.stop()
    finally:
        for each in stack.processes().values():
            if each.popen.poll() is None:
                each.popen.kill()
        _stacks.remove(stack)
        demo.remove()


@pytest.fixture(scope="session")
def stack():
    """Everything that a user meets, on SQLite."""
    yield from _running(harness.Demo())


@pytest.fixture(scope="module")
def moved_stack():
    """The same with a clock that tests move."""
    yield from _running(harness.Demo(), moved_clock=True)


@pytest.fixture
def server(store):
    """The server alone, on either store."""
    yield from _running(harness.Demo(store), server_only=True)


@pytest.fixture(scope="module")
def server_for_module():
    yield from _running(harness.Demo(), server_only=True)


@pytest.fixture
def sqlite_server():
    yield from _running(harness.Demo(), server_only=True)


@pytest.fixture(scope="module")
def _carrier():
    carrier = carriers.Carrier()
    yield carrier
    assert carrier.stop() == 0


@pytest.fixture
def carrier(_carrier):
    """The carrier simulator; what a test left there is forgotten after it."""
    yield _carrier
    _carrier.forget()


@pytest.fixture(scope="session")
def _chromium():
    running = [browsers.Browser()]
    yield running
    running[0].quit()


@pytest.fixture
def browser(_chromium):
    """A browser that knows nothing yet: English, on a desktop. Where the last one hangs, a new one."""
    try:
        _chromium[0].reset()
    except (WebDriverException, HTTPError):
        _chromium[0].kill()
        _chromium[0] = browsers.Browser()
        _chromium[0].reset()
    return _chromium[0]


@pytest.fixture
def browser_without_scripts():
    browser = browsers.Browser(scripts=False)
    yield browser
    browser.quit()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        for stack in _stacks:
            for name, process in stack.processes().items():
                report.sections.append((f"{name} printed", "\n".join(process.lines[-40:])))
    return report
