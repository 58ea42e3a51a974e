"""Runs a program and says what it used up. Run as a program of its own, this file is the small parent that does the
counting: a large one would lend the child its own size, because Linux keeps the peak memory of before an exec."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass


@dataclass
class Usage:
    status: int
    cpu: float
    wall: float
    """Bytes."""
    peak: int

    @staticmethod
    def typical(runs):
        """The run with the middle CPU time: other work on the machine disturbs every number somewhat."""
        return sorted(runs, key=lambda run: run.cpu)[len(runs) // 2]


def run(command, env=None, output=None, wanted=(0,), seconds=None):
    """Runs it with standard output to a file, or nowhere; for so many seconds at most."""
    with open(output or os.devnull, "wb") as out:
        read, write = os.pipe()
        launcher = [sys.executable, "-I", "-S", __file__, str(write), *map(str, command)]
        process = subprocess.Popen(launcher, env=env, stdout=out, stderr=subprocess.PIPE, pass_fds=[write],
                                   start_new_session=seconds is not None)
        os.close(write)
        with os.fdopen(read) as told:
            try:
                _, words = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                raise
            usage = Usage(**json.loads(told.read() or '{"status": -1, "cpu": 0, "wall": 0, "peak": 0}'))
    if usage.status not in wanted:
        sys.exit(f"bench: `{' '.join(map(str, command))}` ended with {usage.status}:\n{words.decode(errors='replace')}")
    return usage


def main():
    import time
    told, command = int(sys.argv[1]), sys.argv[2:]
    os.set_inheritable(told, False)
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            os.execvp(command[0], command)
        finally:
            os._exit(127)
    _, status, used = os.wait4(child, 0)
    # Linux counts in KiB, macOS in bytes.
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    wall = time.monotonic() - started
    usage = {"status": os.waitstatus_to_exitcode(status), "cpu": used.ru_utime + used.ru_stime, "wall": wall, "peak": peak}
    os.write(told, json.dumps(usage).encode())


if __name__ == "__main__":
    main()
