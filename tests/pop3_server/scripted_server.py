"""The scripted POP3 server for tests in Python: starts the program, waits for what happens.

    with ScriptedServer(program, {"messages": 3}) as server:
        collect_from(server.port)
        server.wait_for("1 < QUIT")
"""

import json
import subprocess
import tempfile
import threading


class ScriptedServer:
    """`events` holds all lines that the program printed: "1 connected", "1 < CAPA", "1 tls", "1 ended"."""

    def __init__(self, program, script):
        self.events = []
        self._changed = threading.Condition()
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(script, file)
            file.flush()
            self._process = subprocess.Popen([program, file.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                             encoding="latin-1")
            first = self._process.stdout.readline().split()
        if first[:1] != ["listening"]:
            self._process.stdin.close()
            self._process.stdout.close()
            raise RuntimeError(f"{program} does not listen: exit code {self._process.wait()}")
        self.port = int(first[1])
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            with self._changed:
                self.events.append(line.rstrip("\n"))
                self._changed.notify_all()

    def wait_for(self, event, seconds=60):
        """Until a line that begins so has come; False after that time."""
        with self._changed:
            return self._changed.wait_for(lambda: any(line.startswith(event) for line in self.events), seconds)

    def change(self, script):
        """Another script, from the next command on."""
        with self._changed:
            before = self.events.count("changed")
        self._process.stdin.write(json.dumps(script) + "\n")
        self._process.stdin.flush()
        with self._changed:
            if not self._changed.wait_for(lambda: self.events.count("changed") > before, 60):
                raise RuntimeError(f"the script was not taken: {self.events[-1:]}")

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
