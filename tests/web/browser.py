"""Chromium without a window, driven through its WebDriver by Python's own library."""
import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One session, without a network. microphone: a WAV file that plays as the fake microphone, or None: no permission.
    """

    def __init__(self, microphone=None, width=1280, height=800):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.profile = tempfile.mkdtemp(prefix="gruve-browser-")
        self.driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
        self.root = f"http://127.0.0.1:{port}"
        self.session = ""
        args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio",
                f"--user-data-dir={self.profile}", f"--window-size={width},{height}",
                "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking"]
        if microphone:
            args += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
                     f"--use-file-for-fake-audio-capture={microphone}"]
        preferences = {} if microphone else {"profile.default_content_setting_values.media_stream_mic": 2}
        late = 0
        for _ in range(200):
            try:
                self.session = "/session/" + self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {
                    "browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"},
                    "goog:chromeOptions": {"args": args, "prefs": preferences}}}})["sessionId"]
                break
            except (ConnectionError, urllib.error.URLError):
                time.sleep(0.1)
            except AssertionError as refused:  # a machine so busy that Chromium takes more than a minute to start
                late += 1
                if late == 3:
                    raise
                print(refused)
        self.ask("POST", f"{self.session}/timeouts", {"script": 240000, "pageLoad": 240000})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.ask("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(20)
            shutil.rmtree(self.profile, ignore_errors=True)

    def ask(self, method, path, body=None):
        data = None if body is None and method != "POST" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.root + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise AssertionError(f"{path}: {value['error']}: {value['message'].splitlines()[0]}") from None

    def open(self, path):
        self.ask("POST", f"{self.session}/url", {"url": path})

    def run(self, script, *args):
        """The value of an async function's body."""
        wrapped = ("const done = arguments[arguments.length - 1], args = [...arguments].slice(0, -1);"
                   f"(async (...args) => {{ {script} }})(...args)"
                   ".then((value) => done({ value }), (error) => done({ error: String(error.stack ?? error) }));")
        answer = self.ask("POST", f"{self.session}/execute/async", {"script": wrapped, "args": list(args)})
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer.get("value")

    def find(self, css):
        return self.ask("POST", f"{self.session}/element", {"using": "css selector", "value": css})[ELEMENT]

    def click(self, css):
        self.ask("POST", f"{self.session}/element/{self.find(css)}/click")

    def click_text(self, text, within="body"):
        found = self.ask("POST", f"{self.session}/element", {"using": "xpath", "value":
                         f"//*[self::button or self::summary or self::label][normalize-space()='{text}']"})[ELEMENT]
        self.ask("POST", f"{self.session}/element/{found}/click")

    def type(self, css, keys):
        self.ask("POST", f"{self.session}/element/{self.find(css)}/value", {"text": keys})

    def text(self, css):
        return self.run("return document.querySelector(args[0]).textContent", css)

    def wait(self, condition, seconds=60):
        """Until the JavaScript expression is true."""
        end = time.time() + seconds
        while not (value := self.run(f"return {condition}")):
            assert time.time() < end, f"never true: {condition}; the page says: {self.messages()}"
            time.sleep(0.1)
        return value

    def in_the_background(self, seconds):
        """Another tab comes to the front for a while."""
        here = self.ask("GET", f"{self.session}/window")
        other = self.ask("POST", f"{self.session}/window/new", {"type": "tab"})["handle"]
        self.ask("POST", f"{self.session}/window", {"handle": other})
        time.sleep(seconds)
        self.ask("DELETE", f"{self.session}/window")
        self.ask("POST", f"{self.session}/window", {"handle": here})

    def messages(self):
        return self.run("return [...document.querySelectorAll('.message')].map((m) => m.textContent)")

    def errors(self):
        """Messages on the console that tell of a fault, since the last call."""
        log = self.ask("POST", f"{self.session}/se/log", {"type": "browser"})
        return [entry["message"] for entry in log if entry["level"] == "SEVERE"]

    def resize(self, width, height):
        self.ask("POST", f"{self.session}/chromium/send_command_and_get_result", {
            "cmd": "Emulation.setDeviceMetricsOverride",
            "params": {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}})

    def screenshot(self, path, whole=True):
        picture = self.ask("POST", f"{self.session}/chromium/send_command_and_get_result", {
            "cmd": "Page.captureScreenshot", "params": {"captureBeyondViewport": whole}})["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture))
