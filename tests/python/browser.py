"""Chromium without a window: what a page shows, what it complains of, what it asks the network for."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver

from customer360.errors import C360Error

CHROMIUM = os.environ.get("CHROMIUM", "chromium")
CHROMEDRIVER = os.environ.get("CHROMEDRIVER", "chromedriver")


class BrowserMissingError(C360Error):
    """There is no browser to look with."""


class Browser:
    """One session of Chromium."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, page: Path, *, width: int, height: int = 900, dark: bool = False) -> None:
        """Show a file in a window of this size; phones have theirs by touch."""
        phone = width < 500
        size = {"width": width, "height": height, "deviceScaleFactor": 2 if phone else 1, "mobile": phone}
        self._devtools("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._devtools("Emulation.setEmulatedMedia", {"media": "", "features": [scheme]})
        self.driver.get(page.resolve().as_uri())

    def ask(self, script: str) -> Any:
        """The value of an expression in the page."""
        return self.driver.execute_script(f"return {script}")

    def screenshot(self, to: Path, *, height: int | None = None) -> None:
        """The page as PNG: all of it, or so many pixels from the top."""
        to.parent.mkdir(parents=True, exist_ok=True)
        size = self._devtools("Page.getLayoutMetrics", {})["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"], "scale": 1}
        parameters = {"captureBeyondViewport": True, "format": "png", "clip": clip}
        to.write_bytes(base64.b64decode(self._devtools("Page.captureScreenshot", parameters)["data"]))

    def print_media(self) -> None:
        """Lay the page out as on paper."""
        self._devtools("Emulation.setEmulatedMedia", {"media": "print"})

    def printed(self) -> bytes:
        """The page as PDF."""
        return base64.b64decode(self.driver.print_page())

    def complaints(self) -> list[str]:
        """What the console holds, of any level."""
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def requests(self) -> list[str]:
        """Every address that was asked for since the last call."""
        log = self.driver.get_log("performance")  # type: ignore[no-untyped-call]
        messages = [json.loads(entry["message"])["message"] for entry in log]
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def _devtools(self, command: str, parameters: dict[str, Any]) -> Any:
        return self.driver.execute_cdp_cmd(command, parameters)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that is there; what to do where it is not."""
    found = {name: shutil.which(name) for name in (CHROMIUM, CHROMEDRIVER)}
    if missing := [name for name, path in found.items() if path is None]:
        raise BrowserMissingError(
            f"{' and '.join(missing)} cannot be found.", hint="make install-browser, or set CHROMIUM and CHROMEDRIVER"
        )
    options = webdriver.ChromeOptions()
    options.binary_location = str(found[CHROMIUM])
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(found[CHROMEDRIVER]))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
