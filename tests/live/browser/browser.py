"""A headless Chromium with a profile of its own, and driftline run as a user would run it."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

ROOT = Path(__file__).resolve().parents[3]
DRIFTLINE = Path(os.environ.get("DRIFTLINE_BIN") or ROOT / "target/debug/driftline").resolve()

# Without its connections in the background a browser without a network does not hang.
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--force-device-scale-factor=1")


def driftline(*arguments, cwd=ROOT, wanted=(0, 3, 4), env=()):
    """What it prints. Nothing of the caller's environment reaches it: no credentials, no settings."""
    done = subprocess.run([DRIFTLINE, *arguments], cwd=cwd, env={"HOME": str(cwd), **dict(env)}, capture_output=True, text=True,
                          timeout=120)
    assert done.returncode in wanted, done.stdout + done.stderr
    return done.stdout


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="driftline-browser-")
        options = webdriver.ChromeOptions()
        options.binary_location = os.environ["DRIFTLINE_CHROMIUM"]
        for flag in (*FLAGS, f"--user-data-dir={self.profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        options.set_capability("unhandledPromptBehavior", "ignore")
        self.driver = webdriver.Chrome(options=options, service=Service(os.environ["DRIFTLINE_CHROMEDRIVER"]))
        self.size(1100, 1400)

    def stop(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def size(self, width, height):
        """Of the page itself, not of the window around it."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def devtools(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def open(self, file):
        """Loads a page, with nothing left in the logs of the one before."""
        self.driver.get("about:blank")
        self.said(), self.requests()
        self.driver.get(Path(file).as_uri())
        return self

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def said(self):
        """The console."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        """Addresses that were asked for."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]

    def has_dialog(self):
        try:
            return bool(self.driver.switch_to.alert)
        except NoAlertPresentException:
            return False

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def count(self, selector):
        """Elements that are seen."""
        return self.run("return [...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility()).length", selector)

    def choose(self, name, value):
        self.run("const f = document.querySelector(`select[name='${arguments[0]}']`); f.value = arguments[1];"
                 "f.dispatchEvent(new Event('input', {bubbles: true}))", name, value)

    def search(self, text):
        field = self.one("input[type=search]")
        field.clear()
        field.send_keys(text)

    def scheme(self, name):
        """Light or dark, as the system would say it."""
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def media(self, name):
        self.devtools("Emulation.setEmulatedMedia", media=name)
