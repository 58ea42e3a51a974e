"""A relay on loopback between driftline and a server, which stalls or cuts a connection at a chosen point."""

import socket
import threading


class Relay:
    """`at` is a text in what driftline asks, and `let` the number of bytes of the answer that still pass; after them the
    connection is cut, or `stall`s until the relay is closed. Connections after the `first` ones are cut before anything
    passes.
    """

    def __init__(self, port, at=None, let=0, stall=False, first=None):
        self.port, self.at, self.let, self.stall, self.first = port, at and at.encode(), let, stall, first
        self.closing = threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.struck = 0
        self.threads = [threading.Thread(target=self.accept)]

    def __enter__(self):
        self.threads[0].start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        # Closing alone does not wake up whoever waits for a connection.
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        for thread in self.threads:
            thread.join(timeout=30)

    @property
    def environment(self):
        return {"PGPORT": str(self.listening.getsockname()[1])}

    def saw_asked(self, data, seen):
        """For relays that count: what was asked, and a buffer of the connection's own."""

    def saw_answered(self, data):
        """Likewise what was answered."""

    def accept(self):
        number = 0
        while not self.closing.is_set():
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            number += 1
            if self.first is not None and number > self.first:
                self.struck += 1
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self.port))
            passage = Passage(self, client, server)
            for run in (passage.asked, passage.answered):
                thread = threading.Thread(target=run)
                self.threads.append(thread)
                thread.start()


class Seen(bytearray):
    """What a client sent that no one has taken yet, and whether its first message has passed."""

    begun = False


class Passage:
    """One connection."""

    def __init__(self, relay, client, server):
        self.relay, self.client, self.server = relay, client, server
        self.armed = threading.Event()

    def asked(self):
        seen = Seen()
        for data in received(self.client):
            self.relay.saw_asked(data, seen)
            if self.relay.at and self.relay.at in data:
                self.armed.set()
            if not sent(self.server, data):
                break
        shut(self.server)

    def answered(self):
        left = self.relay.let
        for data in received(self.server):
            self.relay.saw_answered(data)
            if self.armed.is_set():
                data, left = data[:left], left - len(data)
            if data and not sent(self.client, data):
                break
            if left < 0:
                self.relay.struck += 1
                if self.relay.stall:
                    self.relay.closing.wait(60)
                break
        shut(self.client)
        shut(self.server)


def received(sock):
    while True:
        try:
            data = sock.recv(65536)
        except OSError:
            return
        if not data:
            return
        yield data


def sent(sock, data):
    try:
        sock.sendall(data)
    except OSError:
        return False
    return True


def shut(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
    sock.close()
