// The programs beside the browser: the stage (mail servers, clamd) and the Central Node. Each ends with
// this process, whatever ends it: the stage by its input, the Central Node by its parent's death.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";

export const skipped = 77;

export function skip(reason) {
  console.log(`SKIPPED: ${reason}`);
  process.exit(skipped);
}

/** The lines of a stream as a queue that can be waited on. */
class Lines {
  #waiting = [];
  #lines = [];
  #hasEnded = false;

  constructor(stream) {
    const reader = readline.createInterface({ input: stream });
    reader.on("line", (line) => {
      const waiter = this.#waiting.shift();
      waiter ? waiter(line) : this.#lines.push(line);
    });
    reader.on("close", () => {
      this.#hasEnded = true;
      this.#waiting.splice(0).forEach((waiter) => waiter(undefined));
    });
  }

  /** The next line; undefined at the end. */
  async next() {
    if (this.#lines.length > 0) {
      return this.#lines.shift();
    }
    return this.#hasEnded ? undefined : new Promise((resolve) => this.#waiting.push(resolve));
  }
}

function ended(child) {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once("exit", resolve));
}

export class Stage {
  static async start(...servers) {
    const child = spawn(process.env.WATCHPOST_STAGE, servers, { stdio: ["pipe", "pipe", "inherit"] });
    const lines = new Lines(child.stdout);
    const first = await lines.next();
    if (first === undefined) {
      if ((await ended(child)) === skipped) {
        skip("Dovecot or clamd is not installed (dovecot-pop3d, clamav-daemon)");
      }
      throw new Error("the stage did not start");
    }
    return new Stage(child, lines, JSON.parse(first));
  }

  constructor(child, lines, places) {
    this.child = child;
    this.lines = lines;
    this.places = places;
  }

  server(kind) {
    return this.places.servers[kind];
  }

  async #order(line) {
    this.child.stdin.write(line + "\n");
    const answer = await this.lines.next();
    if (answer !== "done") {
      throw new Error(`the stage says: ${answer}`);
    }
  }

  async deliver(kind, name, content) {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "watchpost-mail-")), "mail.eml");
    fs.writeFileSync(file, content);
    await this.#order(`deliver ${kind} ${name} ${file}`);
    fs.rmSync(path.dirname(file), { recursive: true });
  }

  deliverForwardedEicar(kind, name) {
    return this.#order(`deliver_forwarded_eicar ${kind} ${name}`);
  }

  async stop() {
    this.child.stdin.end();
    await ended(this.child);
  }
}

/** A POP3 server that does what its script says (tests/pop3_server/README.md). */
export class ScriptedServer {
  static async start(script) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watchpost-script-"));
    const file = path.join(folder, "script.json");
    fs.writeFileSync(file, JSON.stringify(script));
    const child = spawn(process.env.WATCHPOST_SCRIPTED_SERVER, [file], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = new Lines(child.stdout);
    const first = await lines.next();
    fs.rmSync(folder, { recursive: true });
    if (first === undefined) {
      throw new Error("the scripted server did not start");
    }
    return new ScriptedServer(child, lines, Number(first.split(" ")[1]));
  }

  constructor(child, lines, port) {
    this.child = child;
    this.lines = lines;
    this.port = port;
  }

  /** Another script, from the next command on. */
  async change(script) {
    this.child.stdin.write(JSON.stringify(script) + "\n");
    for (let line = await this.lines.next(); line !== "changed"; line = await this.lines.next()) {
      if (line === undefined || line.startsWith("fault")) {
        throw new Error(`the script was not taken: ${line}`);
      }
    }
  }

  async stop() {
    this.child.stdin.end();
    await ended(this.child);
  }
}

/** Figures without accounts: where root runs the test, the processes have users of their own all the same. */
const usersOfRoot = ["--users", "64201:64201,64202:64201,64203:64201"];

/** `watchpost serve` in a state folder of its own. */
export class CentralNode {
  static async start(stage) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "watchpost-browser-"));
    fs.chmodSync(folder, 0o755); // below it the service's own users have their folders
    const settings = path.join(folder, "watchpost.toml");
    fs.writeFileSync(settings, `[engines]\nclamav = "on"\n\n[clamav]\nsocket = "${stage.places.clamd_socket}"\n\n[authentication]\ntrusted_servers = ["mx.corp.example"]\n`);
    const serve = [process.env.WATCHPOST_PROGRAM, "serve", "--state", path.join(folder, "state"), "--settings", settings, "--listen", "127.0.0.1:0"];
    const child = spawn("setpriv", ["--pdeathsig", "TERM", ...serve, ...(process.getuid() === 0 ? usersOfRoot : [])], { stdio: ["ignore", "pipe", "pipe"] });
    const node = new CentralNode(child, folder);
    await node.#untilReady();
    return node;
  }

  constructor(child, folder) {
    this.child = child;
    this.folder = folder;
    this.log = [];
    child.stderr.on("data", (text) => this.log.push(String(text)));
  }

  async #untilReady() {
    const lines = new Lines(this.child.stdout);
    while (this.url === undefined || this.password === undefined) {
      const line = await lines.next();
      if (line === undefined) {
        throw new Error(`watchpost serve ended before it was ready:\n${this.log.join("")}`);
      }
      this.log.push(line + "\n");
      this.url = /Watchpost is ready: (https:\S+)/.exec(line)?.[1] ?? this.url;
      const first = /First sign-in: user (\S+), password (\S+)/.exec(line);
      [, this.user, this.password] = first ?? [undefined, this.user, this.password];
    }
    this.child.stdout.on("data", (text) => this.log.push(String(text)));
  }

  async stop() {
    this.child.kill("SIGTERM");
    await ended(this.child);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
