"""A real browser for tests: headless Chromium, driven by its chromedriver over plain HTTP."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError

import pytest

_START_SECONDS: Final = 30
_ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
_KEYS: Final[Mapping[str, str]] = {
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "Tab": "\ue004",
    "Left": "\ue012",
    "Up": "\ue013",
    "Right": "\ue014",
    "Down": "\ue015",
    "Shift": "\ue008",
}
_FLAGS: Final = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
    *("--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-default-apps"),
)


@dataclass(frozen=True)
class Browser:
    """A session of a browser.

    Attributes:
        url: Of the session.
    """

    url: str

    def open(self, page: Path, query: str = "") -> None:
        """Open a file and forget what was said before."""
        self.said()
        self.asked()
        self._post("/url", {"url": page.as_uri() + query})

    def run(self, script: str, *arguments: object) -> Any:
        """Return what a script returns, or its promise becomes."""
        return self._post("/execute/sync", {"script": script, "args": list(arguments)})

    def press(self, *keys: str) -> None:
        """Press keys one after the other; `Shift+Tab` holds one while the other is pressed."""
        actions: list[dict[str, str]] = []
        for key in keys:
            held = [_KEYS.get(part, part) for part in re.split(r"(?<=.)\+", key)]
            actions += [{"type": "keyDown", "value": part} for part in held]
            actions += [{"type": "keyUp", "value": part} for part in reversed(held)]
        self._act({"type": "key", "id": "keys", "actions": actions})

    def type(self, text: str) -> None:
        """Type a text, key by key."""
        self.press(*text)

    def click(self, selector: str) -> None:
        """Click into the middle of an element."""
        self._point(selector, [{"type": "pointerDown", "button": 0}])

    def drag(self, selector: str, x: int, y: int) -> None:
        """Drag from the middle of an element by so many pixels."""
        move = {"type": "pointerMove", "origin": "pointer", "x": x, "y": y, "duration": 50}
        self._point(selector, [{"type": "pointerDown", "button": 0}, move])

    def wheel(self, selector: str, by: int) -> None:
        """Turn the wheel over an element."""
        turn = {"type": "scroll", "x": 0, "y": 0, "deltaX": 0, "deltaY": by}
        turn["origin"] = self._found(selector)  # type: ignore[assignment]
        self._act({"type": "wheel", "id": "wheel", "actions": [turn]})

    def prefers(self, **features: str) -> None:
        """Have the browser prefer something, as `color_scheme="dark"`."""
        told = [
            {"name": f"prefers-{name.replace('_', '-')}", "value": value}
            for name, value in features.items()
        ]
        self._devtools("Emulation.setEmulatedMedia", features=told)

    def sized(self, width: int, height: int) -> None:
        """Show the page as on a screen of a size."""
        size = {"width": width, "height": height}
        self._devtools(
            "Emulation.setDeviceMetricsOverride", **size, deviceScaleFactor=1, mobile=False
        )

    def printed(self) -> bytes:
        """Return the page as PDF, in the size that it asks for."""
        answer = self._devtools("Page.printToPDF", preferCSSPageSize=True)
        return b64decode(answer["data"])

    def shot(self) -> bytes:
        """Return what is seen, as PNG."""
        return b64decode(_call("GET", f"{self.url}/screenshot"))

    def said(self) -> list[str]:
        """Return warnings and errors of the console since last asked, CSP's included."""
        entries = self._post("/se/log", {"type": "browser"})
        return [each["message"] for each in entries if each["level"] in {"SEVERE", "WARNING"}]

    def asked(self) -> list[str]:
        """Return the addresses that pages asked for since last asked."""
        entries = self._post("/se/log", {"type": "performance"})
        events = (json.loads(each["message"])["message"] for each in entries)
        return [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]

    def _point(self, selector: str, actions: list[dict[str, Any]]) -> None:
        begin = {"type": "pointerMove", "origin": self._found(selector), "x": 0, "y": 0}
        held = [begin | {"duration": 0}, *actions, {"type": "pointerUp", "button": 0}]
        mouse = {"pointerType": "mouse"}
        self._act({"type": "pointer", "id": "mouse", "parameters": mouse, "actions": held})

    def _act(self, source: Mapping[str, Any]) -> None:
        self._post("/actions", {"actions": [source]})

    def _found(self, selector: str) -> dict[str, str]:
        found = self._post("/element", {"using": "css selector", "value": selector})
        return {_ELEMENT: found[_ELEMENT]}

    def _devtools(self, command: str, **parameters: Any) -> Any:
        return self._post("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        return _call("POST", self.url + path, body)


def _call(method: str, url: str, body: Mapping[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return json.loads(response.read())["value"]
    except HTTPError as error:
        told = json.loads(error.read())["value"]["message"]
        raise AssertionError(f"The browser says: {told}") from error


def programs() -> tuple[str, str]:
    """Return browser and driver; skip the tests where one is not installed."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not browser or not driver:
        pytest.skip("Chromium or its chromedriver is not installed, so no page can be opened.")
    return browser, driver


@contextmanager
def browsing() -> Iterator[Browser]:
    """Run a browser in a home of its own."""
    browser, driver = programs()
    with tempfile.TemporaryDirectory() as home, Path(home, "log").open("w") as log:
        environment = {
            **os.environ,
            "HOME": home,
            "XDG_CONFIG_HOME": home,
            "XDG_CACHE_HOME": home,
        }
        command = [driver, "--port=0"]
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            address = _listening(Path(home, "log"), process)
            session = _session(address, browser)
            try:
                yield Browser(session)
            finally:
                _call("DELETE", session)
        finally:
            process.terminate()
            process.wait(10)


def _session(address: str, browser: str) -> str:
    options = {
        "browserName": "chrome",
        "goog:chromeOptions": {"binary": browser, "args": list(_FLAGS)},
        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
    }
    body = {"capabilities": {"alwaysMatch": options}}
    return f"{address}/session/{_call('POST', f'{address}/session', body)['sessionId']}"


def _listening(log: Path, process: subprocess.Popen[bytes]) -> str:
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        if found := re.search(r"started successfully on port (\d+)", log.read_text()):
            return f"http://127.0.0.1:{found[1]}"
        time.sleep(0.05)
    raise AssertionError(f"chromedriver did not start: {log.read_text()}")
