"""Headless Chromium, and what is looked at on every page: a picture, axe, the language."""

import base64
import importlib.util
import os
import pathlib
import re
import signal
import tempfile

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import harness

SHOTS = pathlib.Path(os.environ.get("COUNTERSIGN_SHOTS") or tempfile.mkdtemp(prefix="countersign-shots-"))
AXE = pathlib.Path(
    next(iter(importlib.util.find_spec("axe_playwright_python").submodule_search_locations))) / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What may be Latin on a Chinese page: names, what stands on the card's own display and keys, the other language's name.
LATIN = {
    "Countersign", "English", "Alice Chan", "Bob Lee", "Helen Ho", "Anna Lam", "Grace Wong", "Test User",
    "Chrome", "Linux", "AB12C-DE34F",
    "PIN", "SIM", "CHALLNG", "OK", "Backspace", "Enter", "Cookie", "HKD", "UTC", "ID",
    "HTTP", "SMPP", "SIP", "JSON", "HMAC-SHA256", "Northwind", "TLS",
}
# What may be Chinese on an English page.
HAN = {"繁體中文", "陳大文"}

VISIBLE_TEXT = """
const skip = 'code, [translate=no], .symbol, .suite, .serial, .username, script, style';
const words = [document.title];
const walk = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return words.push(node.textContent);
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches(skip)) return;
  for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'data-live', 'data-soon', 'data-wait', 'data-show',
                      'data-show-label', 'data-hide', 'data-hide-label']) {
    if (node.hasAttribute(name)) words.push(node.getAttribute(name));
  }
  node.childNodes.forEach(walk);
};
walk(document.body);
return words.map((text) => text.trim()).filter((text) => text);
"""


class Browser:
    """One Chromium. Settings hold for the tab that they were made in."""

    def __init__(self, scripts=True):
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                         "--window-size=1280,900", "--lang=en", "--disable-background-networking",
                         "--no-first-run", "--disable-component-update"):
            options.add_argument(argument)
        options.binary_location = "/usr/bin/chromium"
        if not scripts:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        self.scripts = scripts
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
        self.driver.set_page_load_timeout(30)
        # A browser that hangs fails its test, and not the patience of whoever waits for all of them.
        self.driver.command_executor._client_config.timeout = 45
        self.settings = {}
        self.axe = AXE.read_text()

    def quit(self):
        self.driver.quit()

    def kill(self):
        """Ends one that answers nothing any more."""
        driver = self.driver.service.process.pid
        lists = pathlib.Path(f"/proc/{driver}/task").glob("*/children")  # of each of its threads
        for process in [*(int(child) for each in lists for child in each.read_text().split()), driver]:
            os.kill(process, signal.SIGKILL)
        self.driver.service.process.wait()

    def reset(self):
        """One tab, no cookies, English, desktop, light."""
        for handle in self.driver.window_handles[1:]:
            self.driver.switch_to.window(handle)
            self.driver.close()
        self.driver.switch_to.window(self.driver.window_handles[0])
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.use()

    def use(self, language="en", width=1280, dark=False):
        """How this tab, and every tab opened from now on, shows pages."""
        self.settings = {"language": language, "width": width, "dark": dark}
        self._apply()

    def _apply(self):
        language, width, dark = (self.settings[name] for name in ("language", "width", "dark"))
        send = self.driver.execute_cdp_cmd
        send("Network.enable", {})
        send("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": language}})
        send("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600})
        send("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def open(self, address):
        self.driver.get(address)

    def in_new_tab(self):
        """Switches to a new tab, and answers the one before."""
        before = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        if self.settings:
            self._apply()
        return before

    def switch(self, tab):
        self.driver.switch_to.window(tab)

    def find(self, selector):
        return harness.wait_until(lambda: self.all(selector), f"{selector} on {self.driver.current_url}\n")[0]

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector="body"):
        def read():
            try:
                return [self.driver.find_element(By.CSS_SELECTOR, selector).text]
            except Exception:  # between two pages
                return None

        return harness.wait_until(read, f"{selector} on {self.driver.current_url}\n")[0]

    def click(self, selector):
        try:
            self.find(selector).click()
        except StaleElementReferenceException:  # found on the page before; it was not clicked
            self.find(selector).click()

    def type(self, selector, text):
        field = self.find(selector)
        field.clear()
        field.send_keys(text)

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def tab_to(self, selector):
        """Moves the focus by the Tab key alone."""
        target = self.find(selector)
        for _ in range(40):
            if self.driver.switch_to.active_element == target:
                return
            self.press(Keys.TAB)
        raise AssertionError(f"the Tab key does not reach {selector}")

    def waits_for_text(self, text, selector="body"):
        """Until the words stand on the page, whatever page that is."""

        def is_there():
            try:
                return text in self.driver.find_element(By.CSS_SELECTOR, selector).text
            except Exception:  # between two pages
                return False

        try:
            harness.wait_until(is_there, text)
        except AssertionError:
            raise AssertionError(f"'{text}' is not on {self.driver.current_url}:\n{self.text()}") from None

    def look(self, name):
        """A picture, and whether anybody can use this page, in one language."""
        self.picture(name)
        self.check_width()
        self.check_axe()
        self.check_language()

    def picture(self, name):
        SHOTS.mkdir(parents=True, exist_ok=True)
        settings = self.settings
        kind = f"{settings['language']}-{settings['width']}{'-dark' if settings['dark'] else ''}" if settings else "plain"
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
        (SHOTS / f"{name}.{kind}.png").write_bytes(base64.b64decode(shot["data"]))

    def check_width(self):
        wider = self.driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"the page is {wider} pixels wider than the window"

    def check_axe(self):
        self.driver.execute_script(self.axe)
        found = self.driver.execute_async_script(
            "const done = arguments[1];"
            "axe.run(document, {runOnly: {type: 'tag', values: arguments[0]}}).then((r) => done(r.violations))",
            AXE_TAGS)
        problems = [
            f"{each['id']}: {each['help']}\n  " + "\n  ".join(node["html"] for node in each["nodes"])
            for each in found]
        assert not problems, f"axe on {self.driver.current_url}:\n" + "\n".join(problems)

    def check_language(self):
        declared = self.driver.execute_script("return document.documentElement.lang")
        assert declared == self.settings["language"], f"the page says that it is {declared}"
        texts = self.driver.execute_script(VISIBLE_TEXT)
        chinese = declared == "zh-Hant"
        strange = [text for text in texts if (has_latin if chinese else has_han)(text)]
        assert not strange, f"another language on {self.driver.current_url}: {strange}"
        unfilled = [text for text in texts if re.search(r"\{\{|\}\}|\{[a-z]+\}(?<!\{time\})", text)]
        assert not unfilled, f"not filled in on {self.driver.current_url}: {unfilled}"


def has_latin(text):
    for allowed in sorted(LATIN, key=len, reverse=True):
        text = text.replace(allowed, "")
    text = re.sub(r"\{time\}|\bu[0-9a-f]{10}\b|CS-[0-9]+|\bphrh?\b|\bwww\.[a-z.]+[a-z]", "", text)
    return re.search(r"[A-Za-z]{2,}", text)


def has_han(text):
    for allowed in HAN:
        text = text.replace(allowed, "")
    return re.search(r"[\u3400-\u9fff]", text)
