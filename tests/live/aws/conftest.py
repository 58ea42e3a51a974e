import pytest

from live import BINARY, Accounts


@pytest.fixture(scope="session")
def accounts(tmp_path_factory):
    assert BINARY.is_file(), f"no binary at {BINARY}: build it, or name it in DRIFTLINE_BIN"
    accounts = Accounts(tmp_path_factory.mktemp("aws"))
    yield accounts
    accounts.stop()


@pytest.fixture
def account(accounts):
    return accounts.fresh()
