// A real OAuth 2.0 server beside the console: tests/token_server/token_server.py.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { skip } from "./programs.mjs";

const python = "/usr/bin/python3"; // Debian's: it has python3-oauthlib

export class TokenServer {
  static async start() {
    if (spawnSync(python, ["-c", "import oauthlib"]).status !== 0) {
      skip("python3-oauthlib is not installed");
    }
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watchpost-tokens-"));
    const file = (name) => path.join(folder, name);
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", file("key.pem"), "-out", file("ca.pem")], { stdio: "ignore" });
    const script = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../../token_server/token_server.py");
    const child = spawn(python, [script, "--certificate", file("ca.pem"), "--key", file("key.pem"), "--orders", file("orders"), "--log", file("log")], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    process.on("exit", () => child.kill());
    const { value } = await readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    return new TokenServer(child, folder, JSON.parse(value).port);
  }

  constructor(child, folder, port) {
    this.child = child;
    this.folder = folder;
    this.ca = path.join(folder, "ca.pem");
    this.endpoint = `https://localhost:${port}/token`;
    this.deviceEndpoint = `https://localhost:${port}/device`;
  }

  order(orders) {
    fs.writeFileSync(path.join(this.folder, "orders"), JSON.stringify(orders));
  }

  stop() {
    this.child.kill();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
