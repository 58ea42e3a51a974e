"""What a run makes of ways in, of servers that say no or nothing, of several clusters and of snapshots."""

import json
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from cluster import ACME, CLIENTS, IN_SYNC, PASSWORD, PROVIDER, clean, wait_until

EVERYTHING = ("in_sync", 0)


def verdict(acme, *arguments, env=None):
    report, status = acme.check(*arguments, env=env)
    return report["verdict"], status


def refused(acme, *arguments, env=None):
    """What is said where nothing can be done."""
    done = acme.run("check", "acme", *arguments, env=env)
    assert (done.returncode, done.stdout) == (1, ""), done
    return done.stderr


# ---- ways in -----------------------------------------------------------------------------------------------------


def test_a_socket_is_a_way_in(acme):
    for host in (str(acme.server.home), str(acme.server.home).replace("/", "%2F")):
        assert verdict(acme, env={"PGHOST": host, "PGPASSWORD": None, "PGSSLMODE": "verify-full"}) == EVERYTHING


@pytest.mark.parametrize(
    "env, words",
    [
        ({"PGPASSWORD": "wrong"}, ["credentials not accepted", "28P01", "PGPASSWORD"]),
        ({"PGPASSWORD": None}, ["credentials not accepted", "PGPASSWORD"]),
        ({"PGUSER": "nobody"}, ["credentials not accepted", "nobody"]),
        ({"PGPORT": "1"}, ["no connection", "PGPORT"]),
        ({"PGPORT": "many"}, ["`port`", "`many`"]),
        ({"PGSSLMODE": "on"}, ["`sslmode`", "`on`"]),
        # This server has no TLS, and nothing is sent without it unless that was said.
        ({"PGSSLMODE": None}, ["no connection", "PGSSLMODE"]),
    ],
)
def test_no_way_in_is_one_error_and_no_missing_role(acme, env, words):
    told = refused(acme, env=env)
    for word in words:
        assert word in told, told


def test_a_database_to_log_in_to_that_is_not_there_is_a_gap_beside_others(acme):
    # A provider block names another one of the same server, which shows all that belongs to the cluster.
    report, status = acme.check(env={"PGDATABASE": "nowhere"})
    assert (report["findings"], status) == ([], 4)
    assert [gap["code"] for gap in report["gaps"]] == ["database_not_read"]


def test_a_least_role_sees_everything_and_can_write_nothing(acme):
    sql = acme.run("permissions", "postgres").stdout
    acme.server.sql(*sql.split(";\n"), "ALTER ROLE driftline PASSWORD 'canary-password-least'")
    env = {"PGUSER": "driftline", "PGPASSWORD": "canary-password-least"}
    # Two databases let nobody in by themselves.
    report, status = acme.check(env=env)
    assert {gap["code"] for gap in report["gaps"]} == {"denied"} and status == 3
    acme.server.sql(*(f"GRANT CONNECT ON DATABASE {name} TO driftline" for name in ("shop", "ledger")))
    report, status = acme.check(env=env)
    assert {(one["change"], one["kind"]) for one in report["findings"]} == {
        ("unmanaged", "postgres/role"), ("unmanaged", "postgres/grant/database"),
    }
    assert all("driftline" in one["key"].values() for one in report["findings"])
    assert (report["gaps"], report["summary"]["unknown"], status) == ([], 0, 3)
    assert report["scopes"][0]["identity"].startswith("driftline at ")


# ---- encryption ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def certificates(applied):
    """Of a server under the name `localhost`, and of who vouches for it."""
    made = applied.server.work / "certificates"
    made.mkdir()
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    (made / "leaf.cnf").write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
    for arguments in (
        ["req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test authority"],
        ["req", *key, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=localhost"],
        ["x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
         "-extfile", "leaf.cnf", "-out", "leaf.pem"],
    ):
        subprocess.run(["openssl", *arguments], cwd=made, check=True, capture_output=True, timeout=60)
    return made


@pytest.fixture
def authority(acme, certificates):
    """The server with TLS; the file of who vouches for it."""
    server = acme.server
    for name, file in (("leaf.pem", server.data / "server.crt"), ("leaf.key", server.data / "server.key")):
        shutil.copy(certificates / name, file)
        file.chmod(0o600)
        if server.user:
            shutil.chown(file, "postgres", "postgres")
    server.sql("ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()")
    wait_until(lambda: server.sql("SHOW ssl") == ["on"])
    return certificates / "ca.pem"


@pytest.mark.parametrize(
    "mode, host, vouched, believed",
    [
        ("prefer", "127.0.0.1", False, True),
        (None, "127.0.0.1", False, True),
        ("require", "127.0.0.1", True, True),
        ("verify-ca", "127.0.0.1", True, True),
        ("verify-full", "localhost", True, True),
        ("verify-full", "127.0.0.1", True, False),
        ("verify-full", "localhost", False, False),
        ("verify-ca", "localhost", False, False),
    ],
)
def test_a_server_is_believed_as_far_as_the_mode_says(acme, authority, mode, host, vouched, believed):
    env = {"PGSSLMODE": mode, "PGHOST": host, "PGSSLROOTCERT": str(authority) if vouched else None}
    if believed:
        assert verdict(acme, env=env) == EVERYTHING
    else:
        assert "certificate" in refused(acme, env=env)


def test_another_authority_is_not_believed(acme, authority):
    other = authority.with_name("other.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
         other.with_suffix(".key"), "-out", other, "-days", "2", "-subj", "/CN=another"],
        check=True, capture_output=True, timeout=60,
    )
    for mode in ("require", "verify-ca", "verify-full"):
        assert "certificate" in refused(acme, env={"PGSSLMODE": mode, "PGHOST": "localhost", "PGSSLROOTCERT": str(other)})
    assert verdict(acme, "--ca-file", str(authority), env={"PGSSLMODE": "verify-full", "PGHOST": "localhost"}) == EVERYTHING


# ---- reading only ------------------------------------------------------------------------------------------------


def test_everything_that_reaches_the_server_only_reads(acme):
    log = acme.server.home / "log"
    acme.server.sql("ALTER SYSTEM SET log_statement = 'all'", "ALTER SYSTEM SET log_line_prefix = '%a|'",
                    "SELECT pg_reload_conf()")
    wait_until(lambda: acme.server.sql("SHOW log_statement") == ["all"])
    report, _ = acme.check()
    told = [line for line in log.read_text().splitlines() if line.startswith("driftline|")]
    # As soon as the answers are there the sessions are gone, without a word of the server's.
    assert acme.server.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'driftline'") == ["0"]
    statements = [line.split(": ", 2)[2] for line in told]
    assert len(statements) == report["scopes"][0]["requests"], told
    assert all(text.startswith("SELECT ") or text.endswith((" READ ONLY", "SAVEPOINT well")) for text in statements), statements
    assert not any(table in text for text in statements for table in ("pg_authid AS", "pg_shadow", "umoptions"))


# ---- servers that do not answer everything -------------------------------------------------------------------------


def test_what_is_refused_is_a_gap_and_hides_what_it_feeds(acme):
    acme.server.sql("CREATE ROLE least LOGIN PASSWORD 'canary-password-least'",
                    *(f"GRANT CONNECT ON DATABASE {name} TO least" for name in ("shop", "ledger")),
                    "REVOKE SELECT ON pg_auth_members FROM PUBLIC", "REVOKE writers FROM app",
                    "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
    report, status = acme.check(env={"PGUSER": "least", "PGPASSWORD": "canary-password-least"})
    assert [(gap["code"], gap["kinds"]) for gap in report["gaps"]] == [("denied", ["postgres/membership", "postgres/owner"])]
    # The membership that is gone is not called missing; the role that nobody declares is still found.
    assert {one["change"] for one in report["findings"]} == {"unmanaged"}
    assert all("least" in one["key"].values() for one in report["findings"])
    assert (report["summary"]["unknown"], status) == (7, 3)
    assert report["scopes"][0]["scope"] == f"127.0.0.1:{acme.server.port}"


@contextmanager
def locked(server, table):
    """Another session keeps the table to itself.

    A session that finds no saved list of the shared catalogues reads those catalogues while it connects, and would wait
    for the lock before anybody could ask it anything: the list has to be there first. The first session that connects
    after a start writes it, unless a change came between."""
    listed = Path(server.data) / "global" / "pg_internal.init"
    wait_until(lambda: server.sql("SELECT 1") and listed.exists())
    holding = subprocess.Popen(
        [CLIENTS / "psql", "-Xq", "-h", server.home, "-p", str(server.port), "-U", "postgres", "-d", "postgres"],
        env=clean({}), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    holding.stdin.write(f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE;\n\\echo held\n")
    holding.stdin.flush()
    try:
        assert holding.stdout.readline() == "held\n"
        yield
    finally:
        holding.terminate()
        holding.wait(timeout=30)


def hidden_by(report, code):
    assert {gap["code"] for gap in report["gaps"]} == {code}, report["gaps"]
    return {kind for gap in report["gaps"] for kind in gap["kinds"]}


def test_an_answer_that_does_not_come_is_a_gap(acme):
    with locked(acme.server, "pg_auth_members"):
        report, status = acme.check("--timeout", "1")
    assert "postgres/membership" in hidden_by(report, "timeout") and report["findings"] == []
    assert (report["verdict"], status) == ("incomplete", 4)
    assert report["summary"]["in_sync"] > 0 and report["summary"]["unknown"] >= 7


def test_a_cut_connection_is_a_gap(acme):
    from concurrent.futures import ThreadPoolExecutor

    waiting = "SELECT pid FROM pg_stat_activity WHERE application_name = 'driftline' AND wait_event_type = 'Lock'"
    with ThreadPoolExecutor() as pool, locked(acme.server, "pg_auth_members"):
        running = pool.submit(acme.check)
        wait_until(lambda: acme.server.sql(waiting))
        acme.server.sql(f"SELECT pg_terminate_backend(({waiting}))")
        report, status = running.result()
    assert "postgres/membership" in hidden_by(report, "cut") and report["findings"] == []
    assert (report["verdict"], status) == ("incomplete", 4)


def test_a_cluster_that_shows_nothing_is_another_one(acme, second):
    second.reset(f"ALTER ROLE postgres PASSWORD '{PASSWORD}'")
    # The provider block that names a database of the first cluster finds none here.
    blocks = (acme.directory / "databases.tf").read_text()
    assert blocks.count('database = "ledger"') == 1
    (acme.directory / "databases.tf").write_text(blocks.replace('database = "ledger"', 'database = "postgres"'))
    try:
        assert "shows nothing at all" in refused(acme, env={"PGPORT": str(second.port)})
    finally:
        (acme.directory / "databases.tf").write_text(blocks)


# ---- which systems are asked ---------------------------------------------------------------------------------------


def test_only_systems_that_something_speaks_of_are_asked(acme):
    empty = acme.work / "empty.tfstate"
    empty.write_text(json.dumps({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x",
                                 "outputs": {}, "resources": []}))
    nothing = ("check", "--no-source", "--state", str(empty))
    # The environment names a cluster and no cloud account.
    done = acme.run(*nothing, "--format", "json")
    assert {scope["system"] for scope in json.loads(done.stdout)["scopes"]} == {"postgres"}
    # It names neither: then nobody is asked by guessing.
    done = acme.run(*nothing, env={"PGHOST": None})
    assert done.returncode == 1 and "--only postgres" in done.stderr
    # The root module speaks of PostgreSQL, and credentials for a cloud are no reason to ask there.
    assert verdict(acme, env={"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}) == EVERYTHING
    done = acme.run("check", "acme", "--only", "aws", env={"AWS_EC2_METADATA_DISABLED": "true"})
    assert done.returncode == 1 and "AWS" in done.stderr


# ---- several clusters ----------------------------------------------------------------------------------------------


def two_clusters(acme, second):
    """Two provider blocks: the recorded roles in the first cluster, one more in the second."""
    root = acme.work / "two"
    root.mkdir(exist_ok=True)
    state = json.loads((acme.directory / "terraform.tfstate").read_text())
    one = next(r for r in state["resources"] if r["name"] == "readers")
    other = json.loads(json.dumps(one))
    other["name"], other["provider"] = "elsewhere", one["provider"] + ".second"
    other["instances"][0]["attributes"].update(name="elsewhere", id="elsewhere")
    state["resources"].append(other)
    (root / "terraform.tfstate").write_text(json.dumps(state))
    def block(words, server):
        place = f'  host     = "127.0.0.1"\n  port     = {server.port}\n  sslmode  = "disable"\n'
        return f'provider "postgresql" {{\n{words}{place}}}\n'

    for path in ACME.glob("*.tf"):
        source = path.read_text()
        source = source.replace('provider "postgresql" {}\n', block("", acme.server))
        source = source.replace('  database = "ledger"\n}', block('  database = "ledger"\n', acme.server).split("\n", 1)[1].strip())
        (root / path.name).write_text(source)
    (root / "elsewhere.tf").write_text(
        block('  alias    = "second"\n', second)
        + 'resource "postgresql_role" "elsewhere" {\n  provider = postgresql.second\n  name = "elsewhere"\n}\n'
    )
    return root


def check_two(acme):
    # The second server's password is the first one's: it stands in the environment.
    done = acme.run("check", "two", "--format", "json", env={"PGHOST": None, "PGPORT": None})
    assert done.stdout, done.stderr
    return json.loads(done.stdout), done.returncode


def test_each_thing_is_looked_for_in_its_own_cluster(acme, second):
    second.sql(f"ALTER ROLE postgres PASSWORD '{PASSWORD}'")
    second.reset("CREATE ROLE elsewhere")
    two_clusters(acme, second)
    report, status = check_two(acme)
    assert (report["verdict"], status, report["summary"]["in_sync"]) == ("in_sync", 0, IN_SYNC + 1)
    assert len(report["scopes"]) == 2

    # A role of the first cluster does not stand for one of the second.
    second.reset("CREATE ROLE readers")
    acme.server.sql("CREATE ROLE elsewhere")
    report, _ = check_two(acme)
    first, other = (server.sql("SELECT system_identifier FROM pg_control_system()")[0] for server in (acme.server, second))
    found = {(one["change"], one["key"]["name"], one["address"]) for one in report["findings"]}
    assert found == {
        ("missing", "elsewhere", "postgresql_role.elsewhere"),
        ("unmanaged", "readers", None),
        ("unmanaged", "elsewhere", None),
    }
    assert {scope["scope"] for scope in report["scopes"]} == {first, other}


def test_a_cluster_that_cannot_be_asked_hides_its_own_things_alone(acme, second):
    two_clusters(acme, second)
    acme.server.sql("DROP ROLE bob")
    second.stop()
    try:
        report, status = check_two(acme)
    finally:
        second.start()
    assert {tuple(one["key"].values()) for one in report["findings"]} == {("bob",), ("bob", "readers")}
    assert sorted(gap["code"] for gap in report["gaps"]) == ["connection", "out_of_scope"]
    assert status == 3


# ---- snapshots -----------------------------------------------------------------------------------------------------


def test_a_snapshot_stands_for_the_cluster(acme):
    snapshot = acme.work / "facts.json"
    assert acme.run("snapshot", "acme", "-o", str(snapshot)).returncode == 0
    acme.server.sql("DROP ROLE bob")
    nowhere = {"PGHOST": None, "PGPASSWORD": None}
    assert verdict(acme, "--live", str(snapshot), env=nowhere) == EVERYTHING
    assert "SCRAM" not in snapshot.read_text() and "canary" not in snapshot.read_text()


# ---- plans ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(PROVIDER is None, reason="needs Terraform and the provider")
def test_an_approved_change_is_pending_and_drift_stays_drift(acme):
    source = acme.directory / "main.tf"
    was = source.read_text()
    acme.server.sql("ALTER ROLE app SUPERUSER")
    try:
        source.write_text(was.replace("connection_limit                    = 20", "connection_limit = 30"))
        acme.terraform.run("plan", "-refresh=false", "-out=tf.plan")
        plan = acme.work / "plan.json"
        plan.write_text(acme.terraform.run("show", "-json", "tf.plan").stdout)
        report, status = acme.check("--plan", str(plan))
    finally:
        source.write_text(was)
    told = sorted((one["status"], one["property"], one["desired"], one["recorded"], one["live"]) for one in report["findings"])
    assert told == [("drift", "superuser", False, False, True), ("pending", "connection_limit", 30, 20, 20)]
    assert (report["gaps"], status) == ([], 3)
