#!/usr/bin/python3
"""An OAuth 2.0 server for tests: a real one, over HTTPS, on loopback.

Grants by oauthlib (client credentials, refresh token with rotation and detection of reuse) and the device flow of
RFC 8628; introspection (RFC 7662) over plain HTTP for a Dovecot beside it. What it is to do wrong stands in a JSON file
that is read at every request, so that a test can change its mind. Each request is a line of the log.

  token_server.py --certificate PEM --key PEM --orders FILE --log FILE [--port N] [--introspection-port N]

Prints {"port": …, "introspection_port": …} once it listens. Orders, all optional:
  lifetime_s      of access tokens (3600)         token_bytes   length of access tokens (40)
  rotates         new refresh token each time     trouble       "503", "silent", "garbage", "giant", "redirect", "cut"
  voided_up_to    serial number: introspection refuses the access tokens issued up to it
  revoked         true: every refresh token is refused
  device          "wait", "approve", "deny"; without it somebody has to open the verification page
  interval_s      of the device flow (1)          slow_down     how many polls are answered so
"""
import argparse
import html
import json
import secrets
import ssl
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from oauthlib.oauth2 import RequestValidator
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.endpoints import TokenEndpoint
from oauthlib.oauth2.rfc6749.grant_types import ClientCredentialsGrant, RefreshTokenGrant
from oauthlib.oauth2.rfc6749.grant_types.base import GrantTypeBase
from oauthlib.oauth2.rfc6749.tokens import BearerToken

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
CLIENTS = {"service": "s3cret&=+%", "console": None, "confidential": "c0nf"}  # None: a public client
USER = "alice"


class Client:
    def __init__(self, client_id):
        self.client_id = client_id


class State:
    def __init__(self, orders_file, log_file):
        self.lock = threading.RLock()
        self.orders_file = orders_file
        self.log_file = log_file
        self.access = {}  # token: (user, scopes, ends at, serial)
        self.refresh = {"first-refresh-token": {"family": "first", "client": "console", "scopes": ["pop"]},
                        "confidential-refresh-token": {"family": "second", "client": "confidential", "scopes": ["pop"]}}
        self.used = {}  # rotated away: token: family
        self.dead_families = set()
        self.devices = {}  # device code: {…}
        self.serial = 0

    def orders(self):
        try:
            with open(self.orders_file, encoding="utf-8") as file:
                return json.load(file)
        except (FileNotFoundError, ValueError):
            return {}

    def log(self, **row):
        with self.lock, open(self.log_file, "a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


class Validator(RequestValidator):
    def __init__(self, state):
        super().__init__()
        self.state = state

    def client_authentication_required(self, request, *args, **kwargs):
        return CLIENTS.get(request.client_id) is not None

    def authenticate_client(self, request, *args, **kwargs):
        known = CLIENTS.get(request.client_id)
        if known is None or request.client_secret != known:
            return False
        request.client = Client(request.client_id)
        return True

    def authenticate_client_id(self, client_id, request, *args, **kwargs):
        if client_id not in CLIENTS or CLIENTS[client_id] is not None:
            return False
        request.client = Client(client_id)
        return True

    def validate_grant_type(self, client_id, grant_type, client, request, *args, **kwargs):
        return grant_type != "client_credentials" or client_id == "service"

    def validate_scopes(self, client_id, scopes, client, request, *args, **kwargs):
        return all(scope in ("pop", "offline_access") for scope in scopes)

    def get_default_scopes(self, client_id, request, *args, **kwargs):
        return ["pop"]

    def get_original_scopes(self, refresh_token, request, *args, **kwargs):
        return self.state.refresh[refresh_token]["scopes"]

    def is_within_original_scope(self, request_scopes, refresh_token, request, *args, **kwargs):
        return all(scope in ("pop", "offline_access") for scope in request_scopes)

    def rotate_refresh_token(self, request):
        return bool(self.state.orders().get("rotates"))

    def validate_refresh_token(self, refresh_token, client, request, *args, **kwargs):
        state = self.state
        with state.lock:
            if refresh_token in state.used:  # RFC 6819 §5.2.2.3: somebody has it who should not
                state.dead_families.add(state.used[refresh_token])
                return False
            row = state.refresh.get(refresh_token)
            if row is None or row["family"] in state.dead_families or row["client"] != client.client_id:
                return False
            if state.orders().get("revoked"):
                return False
            request.family = row["family"]
            return True

    def save_bearer_token(self, token, request, *args, **kwargs):
        state = self.state
        with state.lock:
            state.serial += 1
            state.access[token["access_token"]] = (USER, request.scopes, time.time() + token["expires_in"], state.serial)
            new = token.get("refresh_token")
            if new is None or new in state.refresh:
                return
            family = getattr(request, "family", None) or new
            old = request.refresh_token if request.grant_type == "refresh_token" else None
            if old is not None and old != new:
                state.used[old] = family
                state.refresh.pop(old, None)
            state.refresh[new] = {"family": family, "client": request.client.client_id, "scopes": request.scopes}


class DeviceGrant(GrantTypeBase):
    def __init__(self, validator, state):
        super().__init__(validator)
        self.state = state

    def create_token_response(self, request, token_handler):
        headers = self._get_default_headers()
        try:
            self.authenticate(request)
            row = self.look_up(request)
        except errors.OAuth2Error as error:
            return headers, error.json, error.status_code
        request.scopes = row["scopes"]
        token = token_handler.create_token(request, refresh_token="offline_access" in row["scopes"])
        self.request_validator.save_token(token, request)
        return headers, json.dumps(token), 200

    def authenticate(self, request):
        if self.request_validator.client_authentication_required(request):
            known = self.request_validator.authenticate_client(request)
        else:
            known = self.request_validator.authenticate_client_id(request.client_id, request)
        if not known:
            raise errors.InvalidClientError(request=request)

    def look_up(self, request):
        orders = self.state.orders()
        with self.state.lock:
            row = self.state.devices.get(request.device_code)
            if row is None or row["client"] != request.client_id:
                raise errors.InvalidGrantError(request=request)
            answer = row["answer"] or orders.get("device", "wait")
            if time.time() > row["ends_at"]:
                raise errors.CustomOAuth2Error("expired_token", request=request, status_code=400)
            if row["slow_downs"] > 0:
                row["slow_downs"] -= 1
                raise errors.CustomOAuth2Error("slow_down", request=request, status_code=400)
            if answer == "deny":
                raise errors.AccessDeniedError(request=request)
            if answer != "approve":
                raise errors.CustomOAuth2Error("authorization_pending", request=request, status_code=400)
            return self.state.devices.pop(request.device_code)


class Endpoint:
    def __init__(self, state):
        self.state = state
        validator = Validator(state)
        bearer = BearerToken(validator, token_generator=self.make_token, expires_in=self.lifetime,
                             refresh_token_generator=lambda request: "refresh-" + secrets.token_urlsafe(24))
        self.tokens = TokenEndpoint(
            default_grant_type="client_credentials", default_token_type=bearer,
            grant_types={"client_credentials": ClientCredentialsGrant(validator),
                         "refresh_token": RefreshTokenGrant(validator), DEVICE_GRANT: DeviceGrant(validator, state)})

    def make_token(self, request):
        return "at-" + secrets.token_hex(20).ljust(int(self.state.orders().get("token_bytes", 40)), "x")

    def lifetime(self, request):
        return int(self.state.orders().get("lifetime_s", 3600))


def handler_of(state, endpoint, is_introspection):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def log_message(self, *_):
            pass

        def body(self):
            return self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()

        def answer(self, status, text, kind="application/json", headers=()):
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Cache-Control", "no-store")
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def do_POST(self):
            body = self.body()
            form = dict(urllib.parse.parse_qsl(body))
            path = urllib.parse.urlsplit(self.path).path
            if is_introspection:
                return self.introspect(form)
            if path == "/verify":
                return self.verify(form)
            state.log(path=path, grant=form.get("grant_type", ""), client=form.get("client_id", ""),
                      scope=form.get("scope", ""), secret="client_secret" in form)
            if self.make_trouble():
                return None
            if path == "/device":
                return self.device(form)
            if path != "/token":
                return self.answer(404, "<h1>Not found</h1>", "text/html")
            headers, text, status = endpoint.tokens.create_token_response(
                "https://localhost" + self.path, "POST", body, dict(self.headers))
            return self.answer(status, text, headers=[row for row in headers.items() if row[0] == "WWW-Authenticate"])

        def do_GET(self):
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
            if is_introspection or not self.path.startswith("/verify"):
                return self.answer(404, "<h1>Not found</h1>", "text/html")
            code = html.escape(query.get("user_code", ""))
            return self.answer(200, "<!doctype html><title>Sign in</title><form method=post action=/verify><label>Code "
                                    f"<input name=user_code value='{code}'></label><button name=answer value=approve>Allow"
                                    "</button><button name=answer value=deny>Refuse</button></form>", "text/html")

        def make_trouble(self):
            trouble = state.orders().get("trouble")
            if trouble == "503":
                self.answer(503, '{"error":"temporarily_unavailable"}')
            elif trouble == "silent":
                self.rfile.read(1)  # until the client gives up
            elif trouble == "garbage":
                self.answer(200, "\x00\x1b[31m{not json")
            elif trouble == "giant":
                self.answer(200, '{"access_token":"' + "x" * 10_000_000 + '"}')
            elif trouble == "redirect":
                self.answer(307, "", headers=[("Location", "https://attacker.example/token")])
            elif trouble == "cut":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b'{"access_token":"at-')
                self.close_connection = True
            else:
                return False
            self.close_connection = True
            return True

        def device(self, form):
            client = form.get("client_id")
            if client not in CLIENTS or CLIENTS[client] not in (None, form.get("client_secret")):
                return self.answer(401, '{"error":"invalid_client"}')
            orders = state.orders()
            code = "device-" + secrets.token_urlsafe(16)
            user_code = "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(8))
            with state.lock:
                state.devices[code] = {"client": client, "scopes": form.get("scope", "pop").split(), "answer": None,
                                       "user_code": user_code, "slow_downs": int(orders.get("slow_down", 0)),
                                       "ends_at": time.time() + float(orders.get("code_lifetime_s", 600))}
            page = f"https://localhost:{self.server.server_port}/verify"
            return self.answer(200, json.dumps({
                "device_code": code, "user_code": user_code, "verification_uri": page,
                "verification_uri_complete": page + "?user_code=" + user_code,
                "expires_in": int(orders.get("code_lifetime_s", 600)), "interval": int(orders.get("interval_s", 1))}))

        def verify(self, form):
            with state.lock:
                for row in state.devices.values():
                    if row["user_code"] == form.get("user_code"):
                        row["answer"] = form.get("answer")
                        return self.answer(200, "<!doctype html><title>Done</title><p>You may close this page.", "text/html")
            return self.answer(404, "<!doctype html><title>No such code</title>", "text/html")

        def introspect(self, form):
            orders = state.orders()
            with state.lock:
                row = state.access.get(form.get("token", ""))
                voided = orders.get("voided_up_to", 0)
            active = row is not None and row[2] > time.time() and row[3] > voided
            state.log(path="/introspect", active=active)
            text = {"active": True, "username": row[0], "scope": " ".join(row[1])} if active else {"active": False}
            self.answer(200, json.dumps(text))

    return Handler


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("certificate", "key", "orders", "log"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--introspection-port", type=int, default=0)
    options = parser.parse_args()
    state = State(options.orders, options.log)
    endpoint = Endpoint(state)
    server = ThreadingHTTPServer(("127.0.0.1", options.port), handler_of(state, endpoint, False))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    introspection = ThreadingHTTPServer(("127.0.0.1", options.introspection_port), handler_of(state, endpoint, True))
    threading.Thread(target=introspection.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_port, "introspection_port": introspection.server_port}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
