"""The report in a real browser: it loads, says nothing on the console, filters, and fits."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from theorycheck.cli import main

pytestmark = pytest.mark.browser

PAPERS = ("saxe_2014", "deep_linear_curvature", "kreisler_2023")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of three papers, served on loopback."""
    folder = tmp_path_factory.mktemp("site")
    assert main(["report", *PAPERS, "-o", str(folder / "report.html"), "-j", "2"]) == 0
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/report.html"
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "/usr/bin/chromium"
    for flag in (*FLAGS, f"--user-data-dir={tmp_path}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(
        options=options, service=Service(shutil.which("chromedriver") or "/usr/bin/chromedriver")
    )
    yield driver
    driver.quit()


def resized(browser: Any, address: str, width: int) -> None:
    """Open the page in a viewport of exactly this width (a window has a least width)."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(address)


def shown(browser: Any) -> list[str]:
    """Names of the claims that are to be seen."""
    script = (
        "return [...document.querySelectorAll('article')].filter(a => a.offsetHeight)"
        ".map(a => a.querySelector('code').textContent)"
    )
    return list(browser.execute_script(script))


def test_page_loads_quickly_and_quietly(browser: Any, address: str) -> None:
    begin = time.perf_counter()
    resized(browser, address, 1280)
    seconds = time.perf_counter() - begin

    noise = [line for line in browser.get_log("browser") if "favicon" not in line["message"]]
    assert noise == []
    assert seconds < 10  # a page that hangs, not a page that is slow: benchmarks measure that
    assert len(shown(browser)) > 10


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window(browser: Any, address: str, width: int) -> None:
    resized(browser, address, width)

    seen = browser.execute_script(
        "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert seen[0] <= seen[1] <= width


def test_filters_hide_the_others_and_the_button_shows_all(browser: Any, address: str) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select

    resized(browser, address, 1280)
    everything = shown(browser)
    Select(browser.find_element(By.NAME, "paper")).select_by_visible_text("kreisler_2023")
    chosen = shown(browser)
    headings = browser.execute_script(
        "return [...document.querySelectorAll('h2')].filter(h => h.offsetHeight).length"
    )
    browser.find_element(By.CSS_SELECTOR, "form button").click()

    assert chosen == [name for name in everything if name.startswith("kreisler_2023.")]
    assert chosen
    assert headings == 1
    assert shown(browser) == everything


def test_formulas_and_figures_are_drawn(browser: Any, address: str) -> None:
    resized(browser, address, 1280)

    formulas = browser.execute_script(
        "return [...document.querySelectorAll('math')].map(m => m.getBoundingClientRect().height)"
    )
    assert len(formulas) > 20
    assert all(height > 5 for height in formulas)
    browser.execute_script("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
    widths = browser.execute_async_script(
        "const done = arguments[0], all = [...document.querySelectorAll('img')];"
        "Promise.all(all.map(i => i.decode())).then(() => done(all.map(i => i.naturalWidth)))"
    )
    assert len(widths) > 10
    assert all(width > 100 for width in widths)


def test_it_reads_without_scripts(browser: Any, address: str) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(address)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

    assert len(shown(browser)) > 10


@pytest.mark.parametrize(("scheme", "dimmed"), [("light", "none"), ("dark", "brightness(0.9)")])
def test_figures_lie_on_paper_in_the_dark(
    browser: Any, address: str, scheme: str, dimmed: str
) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    resized(browser, address, 390)
    style = browser.execute_script(
        "const s = getComputedStyle(document.querySelector('figure img'));"
        "return [s.backgroundColor, s.filter]"
    )

    assert style == ["rgb(255, 255, 255)", dimmed]
