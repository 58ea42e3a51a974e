"""The HTML report as a person gets it: opened from a file in a real browser."""

import base64
import http.server
import io
import json
import re
import threading

import pytest
from pypdf import PdfReader

from browser import ROOT, driftline

DEMO = ROOT / "testdata/demo"
QUICKSTART = ROOT / "testdata/quickstart"
SNAPSHOT = QUICKSTART / "live.snapshot.json"
MANY = 5000

# Names that whoever can create a user may choose.
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "</pre></code></article></section></main><form action=http://127.0.0.1/>",
    "'\" autofocus onfocus=alert(3) x=\"",
    "</title></style><svg onload=alert(4)>",
    "`<b onclick=alert(5)>`",
    "[x](javascript:alert(6)) &lt;i&gt; &#60;script&#62;",
    "\u202etxt.exe\u200b\u001b[31m",
    "<!-- <template><iframe srcdoc='<script>alert(7)</script>'>",
]

# What the page is made of.
ELEMENTS = set("html head meta title style body header h1 h2 h3 p strong form input select option output main section article "
               "ul li div span code pre mark ins del details summary script".split())


def users(names):
    """A state that records users of these names; the account has none of them."""
    instances = [{"schema_version": 0, "index_key": at, "attributes": {
        "arn": f"arn:aws:iam::123456789012:user/{at}", "id": name, "name": name, "path": "/", "unique_id": f"AIDA{at}",
        "permissions_boundary": "", "tags": {}, "tags_all": {}}} for at, name in enumerate(names)]
    return json.dumps({
        "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "made-for-a-test", "outputs": {},
        "resources": [{"mode": "managed", "type": "aws_iam_user", "name": "person",
                       "provider": 'provider["registry.terraform.io/hashicorp/aws"]', "instances": instances}]})


def of_users(directory, names):
    (directory / "users.tfstate").write_text(users(names))
    page = directory / "report.html"
    driftline("check", "--no-source", "--state", directory / "users.tfstate", "--live", SNAPSHOT, "--only", "aws/iam/user",
              "--format", f"html={page}", "--format", f"json={directory / 'report.json'}", cwd=directory)
    return page, json.loads((directory / "report.json").read_text())


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demonstration repository's report, as HTML and as JSON."""
    directory = tmp_path_factory.mktemp("demo")
    driftline("check", "identity", "databases", "--live", "live.snapshot.json", "--as-of", "2026-11-27", "--format",
              f"html={directory / 'report.html'}", "--format", f"json={directory / 'report.json'}", cwd=DEMO)
    return directory / "report.html", json.loads((directory / "report.json").read_text())


def status(finding):
    return "accepted" if finding["exception"] else finding["status"]


@pytest.fixture
def clean(browser):
    yield browser
    browser.devtools("Emulation.setScriptExecutionDisabled", value=False)
    browser.devtools("Emulation.setEmulatedMedia", media="", features=[])
    browser.size(1100, 1400)


def test_nothing_leaves_the_page_and_nothing_fails(browser, demo):
    page, _ = demo
    browser.open(page)
    assert browser.said() == []
    assert browser.requests() == [page.as_uri()]


def test_its_policy_lets_nothing_else_load_or_run(browser, demo):
    asked = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser.open(demo[0])
    blocked = browser.driver.execute_async_script("""
        const [url, done] = arguments, blocked = [];
        document.addEventListener("securitypolicyviolation", (event) => {
            blocked.push(event.effectiveDirective);
            if (blocked.length === 4) done(blocked.sort());
        });
        document.body.append(Object.assign(new Image(), {src: url + "/image"}));
        document.body.append(Object.assign(document.createElement("script"), {src: url + "/script.js"}));
        document.body.append(Object.assign(document.createElement("script"), {text: "document.title = 'owned'"}));
        fetch(url + "/data").catch(() => {});
    """, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()
    assert blocked == ["connect-src", "img-src", "script-src-elem", "script-src-elem"]
    assert asked == []
    assert browser.driver.title == "driftline report"


def test_everything_is_there_in_its_section(browser, demo):
    page, report = demo
    browser.open(page)
    sections = browser.run("return [...document.querySelectorAll('section')].map((s) => [s.querySelector('h2').textContent,"
                           "s.querySelectorAll('article').length])")
    count = lambda of: sum(of(finding) for finding in report["findings"])
    assert sections == [
        ["Findings", count(lambda f: status(f) not in ("pending", "accepted"))],
        ["Declared, not applied yet", count(lambda f: status(f) == "pending")],
        ["Accepted", count(lambda f: status(f) == "accepted")],
    ]
    ids = browser.run("return [...document.querySelectorAll('article')].map((a) => a.id)")
    assert sorted(ids) == sorted(finding["id"] for finding in report["findings"])
    assert browser.one("output").text == f"{len(ids)} of {len(ids)}"


def test_filters_narrow_and_narrow_further(browser, demo):
    page, report = demo
    browser.open(page)
    fits = {
        "severity": lambda f: f["severity"] == "high",
        "change": lambda f: f["change"] == "unmanaged",
        "system": lambda f: f["system"] == "postgres",
    }
    system = browser.run("return [...document.querySelectorAll('select[name=system] option')].map((o) => o.value)"
                         ".find((value) => value.startsWith('postgres '))")
    values = {"severity": "high", "change": "unmanaged", "system": system}
    for name, value in values.items():
        browser.choose(name, value)
        expected = sum(map(fits[name], report["findings"]))
        assert 0 < browser.count("article") == expected < len(report["findings"]), name
        browser.choose(name, "")
    for name, value in values.items():
        browser.choose(name, value)
    expected = [f["id"] for f in report["findings"] if all(fit(f) for fit in fits.values())]
    assert browser.run("return [...document.querySelectorAll('article:not([hidden])')].map((a) => a.id)") == expected
    assert browser.one("output").text == f"{len(expected)} of {len(report['findings'])}"
    # A heading without entries would be a lie.
    assert browser.count("section") == 1
    browser.choose("status", "accepted")
    assert browser.count("article") == browser.count("section") == 0
    for name in (*values, "status"):
        browser.choose(name, "")
    assert browser.count("article") == len(report["findings"])


def test_a_choice_says_how_many_it_shows(browser, demo):
    page, report = demo
    browser.open(page)
    options = browser.run("return [...document.querySelectorAll('select[name=severity] option')].map((o) => o.text)")
    counted = [sum(f["severity"] == one for f in report["findings"]) for one in ("critical", "high", "medium", "low", "info")]
    assert options == ["severity"] + [f"{name} ({count})" for name, count in zip(
        ("critical", "high", "medium", "low", "info"), counted)]


def test_the_search_finds_words_anywhere(browser, demo):
    page, report = demo
    browser.open(page)
    browser.search("LIAM-contractor key")
    titles = [e.text for e in browser.driver.find_elements("css selector", "article:not([hidden]) h3")]
    assert titles and all("liam-contractor" in title for title in titles)
    browser.search(report["findings"][0]["id"])
    assert browser.count("article") == 1
    browser.search("role `deploy`")  # as the terminal writes it
    assert browser.count("article") > 1
    browser.search("people.yaml:7:3")
    assert browser.count("article") == 1
    browser.search("nobody-has-this-name")
    assert browser.count("article") == 0
    assert browser.one("output").text == f"0 of {len(report['findings'])}"


def test_an_address_leads_to_a_finding(browser, demo):
    page, report = demo
    last = report["findings"][-1]["id"]
    browser.driver.get("about:blank")
    browser.driver.get(f"{page.as_uri()}#{last}")
    top = browser.run("return document.getElementById(arguments[0]).getBoundingClientRect().top", last)
    assert 0 <= top < 1400


def luminance(colour):
    """Of `rgb(…)`, as WCAG defines it."""
    parts = [float(part) / 255 for part in re.findall(r"[\d.]+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_well_in(clean, demo, scheme):
    clean.open(demo[0])
    clean.scheme(scheme)
    canvas = clean.run("return getComputedStyle(document.querySelector('form')).backgroundColor")
    assert (luminance(canvas) < 0.1) == (scheme == "dark")
    colours = clean.run("return [...new Set([...document.querySelectorAll('p, h3, h3 *, .badge, li, summary, ins, del, pre,"
                        " option, output')].map((e) => getComputedStyle(e).color))]")
    assert len(colours) > 5
    for colour in colours:
        lighter, darker = sorted([luminance(colour), luminance(canvas)], reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, colour


def test_it_prints_whole_and_without_controls(clean, demo):
    page, report = demo
    clean.open(page)
    clean.media("print")
    assert clean.count("form") == 0
    clean.media("")
    pdf = PdfReader(io.BytesIO(base64.b64decode(clean.devtools("Page.printToPDF", printBackground=True)["data"])))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert len(pdf.pages) > 3
    for finding in report["findings"]:
        assert finding["id"] in text
    # What stands behind a click on the screen is on paper, too.
    assert "driftline exceptions add" in text


def test_nothing_stands_over_the_edge_of_a_telephone(clean, demo):
    clean.size(360, 740)
    clean.open(demo[0])
    assert clean.run("return document.documentElement.scrollWidth") <= 360


def test_without_scripts_everything_is_in_view(clean, demo):
    page, report = demo
    clean.devtools("Emulation.setScriptExecutionDisabled", value=True)
    clean.driver.get("about:blank")
    clean.driver.get(page.as_uri())
    seen = [e for e in clean.driver.find_elements("css selector", "article") if e.is_displayed()]
    assert len(seen) == len(report["findings"])
    assert not clean.one("form").is_displayed()


def test_a_report_without_findings_says_so(browser, tmp_path):
    page = tmp_path / "report.html"
    driftline("check", QUICKSTART, "--live", SNAPSHOT, "--only", "aws/iam/account_alias", "--format", f"html={page}", wanted=(0,))
    browser.open(page)
    assert browser.said() == []
    assert browser.one("header strong").text.startswith("in sync: ")
    assert browser.count("article") == browser.count("section") == browser.count("form") == 0


def test_thousands_of_findings(browser, tmp_path):
    page, report = of_users(tmp_path, [f"person-{at:04}" for at in range(MANY)])
    missing = [f for f in report["findings"] if f["change"] == "missing"]
    assert len(missing) == MANY
    browser.open(page)
    assert browser.said() == []
    browser.choose("change", "missing")
    assert browser.one("output").text == f"{MANY} of {len(report['findings'])}"
    browser.search("person-4711")
    assert browser.count("article") == 1


def test_hostile_names_do_nothing(browser, tmp_path):
    page, report = of_users(tmp_path, HOSTILE)
    assert len([f for f in report["findings"] if f["change"] == "missing"]) == len(HOSTILE)
    browser.open(page)
    assert not browser.has_dialog()
    assert browser.said() == []
    assert browser.requests() == [page.as_uri()]
    assert browser.driver.title == "driftline report"
    elements, handlers = browser.run("""
        const all = [...document.querySelectorAll("*")];
        const handlers = all.flatMap((e) => e.getAttributeNames()).filter((name) => /^on|^(href|src|srcdoc|action)$/.test(name));
        return [[...new Set(all.map((e) => e.localName))], handlers];
    """)
    assert set(elements) <= ELEMENTS
    assert handlers == []
    assert browser.count("form") == 1 and browser.count("article") == len(report["findings"])
    titles = browser.run("return [...document.querySelectorAll('h3')].map((h) => h.textContent)")
    for name in HOSTILE[:-2]:
        assert any(name.replace("`", "") in title.replace("`", "") for title in titles), name
    # What would reorder the line is shown as what it is.
    assert any("\\u{202e}txt.exe\\u{200b}\\u{1b}[31m" in title for title in titles)
    browser.search("onerror=alert(1)")
    assert browser.count("article") == 1
    assert not browser.has_dialog()
