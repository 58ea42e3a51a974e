import pytest

from cluster import BINARY, PROVIDER, RECORDING, Root, Server


@pytest.fixture(scope="session")
def applied():
    assert BINARY.is_file(), f"no binary at {BINARY}: build it, or name it in DRIFTLINE_BIN"
    server = Server()
    try:
        yield Root(server)
    finally:
        server.remove()


@pytest.fixture
def acme(applied):
    """The root module as it was applied, whatever the test before did."""
    applied.restore()
    return applied


@pytest.fixture(scope="session")
def second():
    server = Server()
    try:
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def said(applied):
    """What is said of each change by `plan -refresh-only` in this run; a recording run keeps it."""
    told = []
    yield told
    if RECORDING:
        from recording import record

        applied.restore()
        record(applied, told)


def pytest_terminal_summary(terminalreporter):
    if PROVIDER is None:
        terminalreporter.write_line(
            "NOT RUN next to Terraform: DRIFTLINE_POSTGRESQL_PROVIDER names no binary of cyrilgdn/postgresql; "
            "the recorded run stood in for it"
        )
