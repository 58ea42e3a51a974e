import pytest

from cluster import BINARY, PROVIDER, RECORDING, VERSION, Root, Server

# One in so many changes is enough to see that a version's catalogues are read as they are.
BRIEF = 16


def pytest_addoption(parser):
    parser.addoption("--brief", action="store_true", help=f"the root module as applied, and one change in {BRIEF}")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--brief"):
        changes = [item for item in items if item.originalname == "test_a_change_is_found_and_nothing_else"]
        items[:] = [item for item in items if "as_it_was_applied" in item.name] + changes[::BRIEF]


def pytest_report_header():
    return f"PostgreSQL {VERSION}"


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
