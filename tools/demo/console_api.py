"""A client of the REST API (schema/openapi.yaml), as far as the demo and its test need it. Standard library only."""

import http.client
import json
import ssl
import urllib.parse


class ApiError(Exception):
    def __init__(self, method, path, status, problem):
        fields = "; ".join(f"{field['field']}: {field['message']}" for field in problem.get("fields", []))
        super().__init__(f"{method} {path}: {status} {problem.get('code', '')}: {problem.get('title', '')} "
                         f"{problem.get('detail', '')} {fields}".rstrip())
        self.status, self.problem = status, problem


class Console:
    """Not for servers elsewhere: the certificate is not checked, since the service on loopback is our own child."""

    def __init__(self, url, seconds_max=30):
        address = urllib.parse.urlsplit(url)
        self._host, self._port, self._seconds_max = address.hostname, address.port, seconds_max
        self._context = ssl.create_default_context()
        self._context.check_hostname = False
        self._context.verify_mode = ssl.CERT_NONE
        self._cookie = self._csrf = None

    @property
    def cookie(self):
        """The session's cookie, for a connection of the caller's own; None before sign_in."""
        return self._cookie

    def request(self, method, path, body=None):
        """The open answer; the caller reads and closes it."""
        link = http.client.HTTPSConnection(self._host, self._port, timeout=self._seconds_max, context=self._context)
        headers = {"Accept": "application/json", "Connection": "close"}
        if self._cookie:
            headers["Cookie"] = self._cookie
        if self._csrf:
            headers["X-CSRF-Token"] = self._csrf
        if body is not None:
            headers["Content-Type"] = "application/json"
        link.request(method, "/api/v1" + path, None if body is None else json.dumps(body), headers)
        return link.getresponse()

    def call(self, method, path, body=None):
        """The answer's JSON, None where it has no content. Raises ApiError."""
        with self.request(method, path, body) as answer:
            octets = answer.read()
            if answer.status >= 300:
                problem = json.loads(octets) if answer.headers.get_content_type().endswith("json") else {}
                raise ApiError(method, path, answer.status, problem)
            cookie = answer.getheader("Set-Cookie")
        if cookie and method == "POST" and path == "/session":
            self._cookie = cookie.split(";")[0]
        return json.loads(octets) if octets else None

    def sign_in(self, user, password):
        self._cookie = self._csrf = None
        session = self.call("POST", "/session", {"user": user, "password": password})
        self._csrf = session["csrf_token"]
        return session

    def change_password(self, current, new):
        self.call("POST", "/session/password", {"current_password": current, "new_password": new})

    def sign_out(self):
        self.call("DELETE", "/session")
        self._cookie = self._csrf = None

    def events(self):
        """Names and data of the live updates, as they come; ("", None) for a comment, so that the caller sees time pass."""
        with self.request("GET", "/events") as answer:
            if answer.status != 200:
                raise ApiError("GET", "/events", answer.status, {})
            name, data = None, ""
            for line in answer:
                line = line.decode().rstrip("\r\n")
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:"):
                    data += line[5:].strip()
                elif line.startswith(":"):
                    yield "", None
                elif not line and name:
                    yield name, json.loads(data) if data else None
                    name, data = None, ""
