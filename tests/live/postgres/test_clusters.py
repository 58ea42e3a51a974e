"""Another cluster than last time is one error, never a thousand missing roles; a real mass deletion can still be shown."""

import json

import pytest

from cluster import IN_SYNC, PASSWORD
from test_runs import EVERYTHING, refused, verdict


def identifier(server):
    return server.sql("SELECT system_identifier FROM pg_control_system()")[0]


@pytest.fixture
def strange(acme, second):
    """A cluster with a role of the same name, and others of its own."""
    second.sql(f"ALTER ROLE postgres PASSWORD '{PASSWORD}'")
    second.reset("CREATE ROLE app LOGIN", "CREATE ROLE billing", "CREATE ROLE support LOGIN")
    return {"PGPORT": str(second.port), "PGDATABASE": "postgres"}


@pytest.fixture
def settings(acme):
    """Writes the file that the root module goes by."""
    file = acme.directory / "driftline.toml"
    yield file.write_text
    file.unlink(missing_ok=True)


# ---- nobody said which one is meant ------------------------------------------------------------------------------------


def test_a_cluster_that_shares_one_name_is_another_one(acme, second, strange):
    told = refused(acme, env=strange)
    assert "has 1 of the" in told and "this is another cluster, or nearly everything was deleted" in told
    assert f"`--cluster {identifier(second)}`" in told
    # Whatever is looked at rests on the same roles and databases.
    assert "this is another cluster" in refused(acme, "--only", "postgres/grant/table", env=strange)


def test_once_it_is_named_everything_that_is_missing_shows(acme, second, strange):
    report, status = acme.check("--cluster", identifier(second), env=strange)
    changes = {one["change"] for one in report["findings"]}
    assert "missing" in changes and len(report["findings"]) > 20 and status == 3


def test_a_mass_deletion_is_told_from_a_strange_cluster_by_naming_it(acme):
    own = identifier(acme.server)
    doomed = acme.server.sql("SELECT quote_ident(rolname) FROM pg_roles WHERE oid >= 16384")
    databases = acme.server.sql("SELECT quote_ident(datname) FROM pg_database WHERE oid >= 16384")
    for database, name in (row.split("|") for row in acme.server.sql(
            "SELECT datname, quote_ident(subname) FROM pg_subscription JOIN pg_database AS d ON d.oid = subdbid")):
        acme.server.sql(f"ALTER SUBSCRIPTION {name} DISABLE", f"ALTER SUBSCRIPTION {name} SET (slot_name = NONE)",
                        f"DROP SUBSCRIPTION {name}", database=database)
    acme.server.sql("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots",
                    *(f"ALTER DATABASE {name} IS_TEMPLATE false" for name in databases),
                    *(f"DROP DATABASE {name}" for name in databases))
    acme.server.sql(*(f"DROP OWNED BY {name}" for name in doomed), *(f"DROP ROLE {name}" for name in doomed[1:]))
    assert f"`--cluster {own}`" in refused(acme, env={"PGDATABASE": "postgres"})
    report, status = acme.check("--cluster", own, env={"PGDATABASE": "postgres"})
    missing = {one["key"]["name"] for one in report["findings"]
               if (one["kind"], one["change"]) == ("postgres/role", "missing")}
    assert len(missing) >= 5 and status == 3


# ---- somebody did --------------------------------------------------------------------------------------------------------


def test_the_cluster_that_is_named_is_the_only_one_that_may_answer(acme, second, strange):
    own, other = identifier(acme.server), identifier(second)
    assert verdict(acme, "--cluster", own) == EVERYTHING
    assert verdict(acme, env={"DRIFTLINE_CLUSTER": own}) == EVERYTHING
    assert f"wrong cluster: `{own}` answered at `127.0.0.1:{acme.server.port}`, and `{other}` is expected" in refused(
        acme, "--cluster", other)
    assert f"wrong cluster: `{other}` answered" in refused(acme, "--cluster", own, env=strange)


def test_the_settings_name_the_cluster_of_each_address(acme, second, strange, settings):
    own, other = identifier(acme.server), identifier(second)
    here, there = (f"127.0.0.1:{server.port}" for server in (acme.server, second))
    settings(f"cluster = {own}\n")
    assert verdict(acme) == EVERYTHING
    assert f"`{own}` is expected" in refused(acme, env=strange)
    settings(f'cluster = ["{here}={own}", "{there}={other}"]\n')
    assert verdict(acme) == EVERYTHING
    # Each is where the other should be.
    settings(f'# ours\ncluster = ["{here}={other}", "{there}={own}"]\n')
    assert f"`{other}` is expected" in refused(acme)
    settings('# ours\ncluster = "production"\n')
    assert "driftline.toml:2:1" in refused(acme) and "HOST:PORT=IDENTIFIER" in refused(acme)


def test_one_that_keeps_its_identifier_to_itself_is_not_taken_for_the_one_that_is_named(acme):
    own = identifier(acme.server)
    acme.server.sql("CREATE ROLE least LOGIN PASSWORD 'canary-password-least'",
                    "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
    least = {"PGUSER": "least", "PGPASSWORD": "canary-password-least", "PGDATABASE": "postgres"}
    told = refused(acme, "--cluster", own, env=least)
    assert "does not say which one it is" in told and "GRANT EXECUTE ON FUNCTION pg_control_system()" in told
    report, _ = acme.check("--cluster", f"127.0.0.1:{acme.server.port}", env=least)
    assert report["summary"]["in_sync"] > 0


# ---- a snapshot of before ------------------------------------------------------------------------------------------------


def test_a_snapshot_of_before_says_which_cluster_it_was(acme, second, strange):
    snapshot = acme.work / "before.json"
    assert acme.run("snapshot", "acme", "-o", str(snapshot)).returncode == 0
    assert verdict(acme, "--same-as", str(snapshot)) == EVERYTHING
    told = refused(acme, "--same-as", str(snapshot), env=strange)
    assert f"`{identifier(acme.server)}` is expected" in told
    # Nor does a snapshot of one cluster take the place of another's.
    was = snapshot.read_text()
    done = acme.run("snapshot", "acme", "-o", str(snapshot), env=strange)
    assert done.returncode == 1 and "wrong cluster" in done.stderr and snapshot.read_text() == was
    done = acme.run("snapshot", "acme", "-o", str(snapshot), "--cluster", identifier(second), env=strange)
    assert done.returncode in (0, 4), done.stderr


def test_a_snapshot_in_place_of_the_cluster_is_held_to_the_same(acme, second, strange):
    snapshot = acme.work / "live.json"
    acme.run("snapshot", "acme", "-o", str(snapshot), env=strange)
    saved = ("--live", str(snapshot))
    assert "this is another cluster" in refused(acme, *saved)
    assert "wrong cluster" in refused(acme, *saved, "--cluster", identifier(acme.server))
    report, _ = acme.check(*saved, "--cluster", identifier(second))
    assert json.dumps(report).count('"missing"') > 5 and report["summary"]["in_sync"] < IN_SYNC
