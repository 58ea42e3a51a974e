"""What a run makes of servers that break off, stall, refuse, or keep something to themselves."""

import pytest

from cluster import VERSION
from relay import Relay

# What one database shows of itself.
INSIDE = {
    "postgres/schema", "postgres/function", "postgres/foreign_server", "postgres/user_mapping", "postgres/publication",
    "postgres/security_label", "postgres/default_privileges", "postgres/grant/schema", "postgres/grant/table",
    "postgres/grant/column", "postgres/grant/sequence", "postgres/grant/function", "postgres/grant/type",
    "postgres/grant/language", "postgres/grant/foreign_data_wrapper", "postgres/grant/foreign_server",
    "postgres/grant/large_object", "postgres/owner",
}

# What is claimed in the database `shop`, and in `ledger`.
OF_SHOP, OF_LEDGER = 27, 11


def gaps(report):
    return sorted((gap["code"], tuple(gap["kinds"])) for gap in report["gaps"])


def hidden(report):
    return {kind for gap in report["gaps"] for kind in gap["kinds"]}


# ---- in the middle of an answer ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked, let, kinds, stall",
    [
        ("pg_catalog.pg_roles ORDER", 300, {"postgres/role"}, False),
        ("pg_catalog.pg_auth_members", 60, {"postgres/membership"}, False),
        ("pg_catalog.pg_class AS c JOIN", 500, {"postgres/grant/table", "postgres/grant/sequence"}, False),
        ("pg_catalog.pg_proc", 200, {"postgres/function", "postgres/grant/function"}, False),
        ("pg_catalog.pg_subscription", 20, {"postgres/subscription"}, True),
        ("pg_catalog.pg_publication_tables", 100, {"postgres/publication"}, True),
    ],
)
def test_an_answer_that_breaks_off_is_a_gap_and_hides_what_it_feeds(acme, asked, let, kinds, stall):
    with Relay(acme.server.port, at=asked, let=let, stall=stall) as relay:
        report, status = acme.check("--timeout", "1", env=relay.environment)
    assert relay.struck
    assert report["findings"] == [], report["findings"]
    assert (report["verdict"], status) == ("incomplete", 4)
    # With the connection goes what would have been asked after it.
    assert kinds <= hidden(report) and report["summary"]["unknown"] > 0
    assert {gap["code"] for gap in report["gaps"]} <= {"cut", "timeout", "connection"}


def test_a_session_that_breaks_off_does_not_hide_another_database(acme):
    acme.server.sql("REVOKE SELECT ON books.entries FROM probe", database="ledger")
    acme.server.sql("REVOKE ALL ON sales.orders FROM app", database="shop")
    with Relay(acme.server.port, at="database\0shop\0", let=2000) as relay:
        report, status = acme.check(env=relay.environment)
    assert relay.struck
    # With a privilege goes the option to hand it on.
    assert {(one["address"], one["property"]) for one in report["findings"]} == {
        ("postgresql_grant.entries_probed", property) for property in ("privileges", "grant_options")
    }
    assert report["gaps"] and all(set(gap["kinds"]) <= INSIDE for gap in report["gaps"])
    assert report["summary"]["unknown"] > 0 and status == 3


# ---- databases that are not to be had ------------------------------------------------------------------------------------


def test_a_database_that_does_not_answer_hides_its_own_things_alone(acme):
    acme.server.sql("DROP ROLE bob")
    with Relay(acme.server.port, first=1) as relay:
        report, status = acme.check(env=relay.environment)
    assert relay.struck
    # The first session shows what belongs to the cluster.
    assert {(one["kind"], one["change"]) for one in report["findings"]} == {
        ("postgres/role", "missing"), ("postgres/membership", "removed"),
    }
    assert {gap["code"] for gap in report["gaps"]} <= {"connection", "cut", "out_of_scope"}
    assert hidden(report) == INSIDE
    assert (report["summary"]["unknown"], status) == (OF_SHOP + OF_LEDGER, 3)


def test_a_database_that_lets_nobody_in_hides_its_own_things_alone(acme):
    acme.server.sql("ALTER DATABASE ledger ALLOW_CONNECTIONS false")
    report, status = acme.check()
    assert [(one["key"], one["property"]) for one in report["findings"]] == [({"name": "ledger"}, "allow_connections")]
    assert {gap["code"] for gap in report["gaps"]} == {"database_not_read"}
    assert hidden(report) == INSIDE
    assert (report["summary"]["unknown"], status) == (OF_LEDGER, 3)


def test_a_role_that_may_not_log_in_to_a_database_sees_the_others(acme, least):
    acme.server.sql("REVOKE CONNECT ON DATABASE ledger FROM least")
    report, status = least.check()
    assert {gap["code"] for gap in report["gaps"]} == {"denied"}
    assert hidden(report) == INSIDE
    assert (least.others(report), report["summary"]["unknown"], status) == ([], OF_LEDGER, 3)


# ---- a role that may not read everything -----------------------------------------------------------------------------------


class Least:
    """A role that may log in and nothing else."""

    def __init__(self, acme):
        self.acme = acme
        self.databases = ("postgres", "shop", "ledger")
        acme.server.sql("CREATE ROLE least LOGIN PASSWORD 'canary-password-least'",
                        *(f"GRANT CONNECT ON DATABASE {name} TO least" for name in self.databases))

    def check(self, *arguments):
        return self.acme.check(*arguments, env={"PGUSER": "least", "PGPASSWORD": "canary-password-least"})

    def revoke(self, *what):
        for database in self.databases:
            self.acme.server.sql(*(f"REVOKE {one} FROM PUBLIC" for one in what), database=database)

    @staticmethod
    def others(report):
        """What is found beside the role itself."""
        return [one for one in report["findings"]
                if (one["change"], "least") not in {("unmanaged", value) for value in one["key"].values()}]


@pytest.fixture
def least(acme):
    return Least(acme)


def test_a_role_that_may_only_log_in_sees_everything(least):
    report, status = least.check()
    assert (least.others(report), report["gaps"], report["summary"]["unknown"], status) == ([], [], 0, 3)


@pytest.mark.parametrize(
    "table, kinds",
    [
        ("pg_roles", {"postgres/role", "postgres/owner"}),
        ("pg_auth_members", {"postgres/membership", "postgres/owner"}),
        ("pg_database", {"postgres/database", "postgres/grant/database"}),
        ("pg_tablespace", {"postgres/grant/tablespace"}),
        pytest.param("pg_parameter_acl", {"postgres/grant/parameter"},
                     marks=pytest.mark.skipif(VERSION < 15, reason="the server has none")),
        ("pg_default_acl", {"postgres/default_privileges"}),
        ("pg_namespace", {"postgres/schema", "postgres/grant/schema"}),
        ("pg_class", {"postgres/grant/table", "postgres/grant/sequence"}),
        ("pg_attribute", {"postgres/grant/column"}),
        ("pg_proc", {"postgres/function", "postgres/grant/function"}),
        ("pg_type", {"postgres/grant/type"}),
        ("pg_language", {"postgres/grant/language"}),
        ("pg_foreign_data_wrapper", {"postgres/grant/foreign_data_wrapper"}),
        ("pg_foreign_server", {"postgres/foreign_server", "postgres/grant/foreign_server"}),
        ("pg_user_mappings", {"postgres/user_mapping"}),
        ("pg_largeobject_metadata", {"postgres/grant/large_object"}),
        ("pg_publication", {"postgres/publication"}),
        ("pg_seclabel", {"postgres/security_label"}),
        ("pg_shseclabel", {"postgres/security_label"}),
    ],
)
def test_what_may_not_be_read_is_a_gap_and_nothing_is_missing(least, table, kinds):
    least.revoke(f"SELECT ON pg_catalog.{table}")
    report, status = least.check()
    assert least.others(report) == []
    assert kinds <= hidden(report), report["gaps"]
    assert {gap["code"] for gap in report["gaps"]} <= {"denied", "database_not_read"}
    assert status == 3 and report["verdict"] != "in_sync"
