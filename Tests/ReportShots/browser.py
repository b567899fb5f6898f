# SPDX-License-Identifier: Apache-2.0
"""A real browser without a window, driven over two pipes; it gets no network."""

import base64
import json
import os
import select
import shutil
import subprocess
import time

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find():
    """Gives the browser's path; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class BrowserError(Exception):
    pass


class Browser:
    """One page, as wide and in the theme that one asks for."""

    def __init__(self, path, folder):
        read, self.write_end = os.pipe()
        self.read_end, write = os.pipe()

        def pipes():
            # The browser reads what to do from 3 and answers on 4.
            high = [os.dup(read), os.dup(write)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        options += ["--force-color-profile=srgb", "--disable-dev-shm-usage", "--no-first-run"]
        options += ["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking"]
        self.process = subprocess.Popen(
            [path, *options, f"--user-data-dir={folder}", "--remote-debugging-pipe"],
            preexec_fn=pipes,
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read)
        os.close(write)
        self.rest = b""
        self.number = 0
        self.session = None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime", "Accessibility"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self.write_end, text) :]
        while True:
            answer = self.next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error'].get('message')}")
                return answer["result"]

    def next(self, seconds=60):
        end = time.monotonic() + seconds
        while b"\0" not in self.rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.read_end], [], [], left)[0]:
                raise BrowserError("the browser does not answer")
            part = os.read(self.read_end, 1 << 20)
            if not part:
                raise BrowserError("the browser has gone")
            self.rest += part
        text, self.rest = self.rest.split(b"\0", 1)
        message = json.loads(text)
        if "method" in message:
            self.events.append(message)
        return message

    def open(self, path, width, theme, media=""):
        """Loads a file and gives how wide and high its content is."""
        self.events = []
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.call(
            "Emulation.setEmulatedMedia",
            media=media,
            features=[{"name": "prefers-color-scheme", "value": theme}],
        )
        self.call("Page.navigate", url=path.resolve().as_uri())
        while not any(one["method"] == "Page.loadEventFired" for one in self.events):
            self.next()
        size = self.evaluate(
            "({w: document.documentElement.scrollWidth, h: document.documentElement.scrollHeight})"
        )
        return size["w"], size["h"]

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise BrowserError(result["exceptionDetails"].get("text", "a script failed"))
        return result["result"].get("value")

    def shot(self, width, height, scale=1):
        """Gives a PNG of the whole page."""
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
        return base64.b64decode(
            self.call(
                "Page.captureScreenshot",
                format="png",
                clip=clip,
                captureBeyondViewport=True,
            )["data"]
        )

    def paper(self):
        """Gives a PDF of the page as it is printed on A4."""
        result = self.call(
            "Page.printToPDF",
            paperWidth=8.27,
            paperHeight=11.69,
            printBackground=True,
        )
        return base64.b64decode(result["data"])

    def complaints(self):
        """Gives what the browser has against the page: what it refused, what went wrong."""
        told = [one["params"]["entry"]["text"] for one in self.events if one["method"] == "Log.entryAdded"]
        return told + ["a script ran into an error" for one in self.events if one["method"] == "Runtime.exceptionThrown"]

    def asked_for(self):
        """Gives the addresses that the page wanted, its own file apart."""
        urls = [
            one["params"]["request"]["url"]
            for one in self.events
            if one["method"] == "Network.requestWillBeSent"
        ]
        return [url for url in urls[1:] if not url.startswith("data:")]

    def unnamed_pictures(self):
        """Gives how many pictures there are for who hears the page, and how many have no name."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        pictures = [
            one
            for one in nodes
            if not one.get("ignored") and one.get("role", {}).get("value") in ("image", "img", "SvgRoot", "graphics-document")
        ]
        bare = [one for one in pictures if not one.get("name", {}).get("value")]
        return len(pictures), len(bare)

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
        except (BrowserError, OSError):
            self.process.kill()
        self.process.wait(30)
        os.close(self.write_end)
        os.close(self.read_end)
