"""One comment on an emulator of GitHub that others made."""

from concurrent.futures import ThreadPoolExecutor


def none(report):
    report["findings"], report["gaps"] = [], []


def test_it_is_made_changed_and_settled(github, comment):
    pull = github.pull()
    code, said = comment(pull)
    assert (code, "is made" in said) == (0, True), said
    [made] = pull.comments()
    assert made["user"]["login"] == "driftline-bot"
    assert "**critical** added" in made["body"]
    assert "says so already" in comment(pull)[1]
    code, said = comment(pull, minute=2, edit=none)
    assert (code, "up to date" in said) == (0, True), said
    [settled] = pull.comments()
    assert settled["id"] == made["id"]
    assert "**resolved**" in settled["body"]


def test_nothing_is_said_where_nothing_is_to_be_said(github, comment):
    pull = github.pull()
    code, said = comment(pull, edit=none)
    assert (code, "nothing to look at" in said) == (0, True), said
    assert pull.comments() == []


def test_what_another_wrote_stays_and_long_lists_are_read_to_the_end(github, comment):
    pull = github.pull()
    comment(pull)
    [made] = pull.comments()
    # Another account with our marker, and more comments than a page holds before and behind ours.
    copy = pull.say(made["body"])
    for at in range(105):
        pull.say(f"remark {at}")
    code, said = comment(pull, minute=2)
    assert (code, "up to date" in said) == (0, True), said
    all = pull.comments() + github.ask(
        "GET", f"/repos/ada/infra/issues/{pull.number}/comments?per_page=100&page=2")
    assert len(all) == 107
    same = next(one for one in all if one["id"] == copy["id"])
    assert (same["user"]["login"], same["body"]) == ("ada", made["body"])
    # The other account does not take ours for its own either.
    code, said = comment(pull, minute=3, token="ada-token")
    assert (code, "up to date" in said) == (0, True), said
    mine = next(one for one in pull.comments() if one["id"] == made["id"])
    assert "u002d21T03:02" in mine["body"]


def test_a_target_has_its_own(github, comment):
    pull = github.pull()
    for target in ["prod", "stage", "a --> `@x`"]:
        assert comment(pull, "--target", target)[0] == 0
        assert "says so already" in comment(pull, "--target", target)[1]
    assert len(pull.comments()) == 3


def test_older_runs_and_older_commits_write_nothing(github, comment):
    pull = github.pull()
    comment(pull, minute=5)
    [made] = pull.comments()
    assert "a newer run" in comment(pull, minute=4)[1]
    before = pull.head
    github.push(pull.branch)
    if pull.head == before:
        # The emulator keeps the head of a request that was pushed to; any other commit stands for it.
        before = "f" * 40
    code, said = comment(pull, minute=6, head=before)
    assert (code, "is at commit" in said) == (0, True), said
    assert pull.comments() == [made]


def test_runs_that_race_leave_one(github, comment):
    for _ in range(4):
        pull = github.pull()
        with ThreadPoolExecutor(4) as pool:
            runs = list(pool.map(lambda minute: comment(pull, minute=minute), [1, 2, 3, 4]))
        assert all(code == 0 for code, _ in runs), runs
        [left] = pull.comments()
        assert left["user"]["login"] == "driftline-bot"
        # Whoever came last says what the newest run says.
        comment(pull, minute=4)
        [left] = pull.comments()
        assert "u002d21T03:04" in left["body"]


def test_comments_on_the_diff_are_taken_back(github, comment, report):
    pull = github.pull()
    assert comment(pull, "--review")[0] == 0
    marker = pull.comments()[0]["body"].splitlines()[0]
    of_finding = marker.replace('"target":""', '"target":"","finding":"0123456789ab"')
    assert of_finding != marker
    pull.remark(f"{of_finding}\nold", "bot-token")
    pull.remark(f"{of_finding}\nnot ours", "ada-token")
    code, said = comment(pull, "--review", minute=2)
    assert (code, "1 taken back" in said) == (0, True), said
    [left] = pull.remarks()
    assert left["user"]["login"] == "ada"


def test_the_wrong_request_is_told(github, comment):
    pull = github.pull()
    pull.number, number = 9999, pull.number
    code, said = comment(pull, head="f" * 40)
    assert (code, "check `--repository` and `--number`" in said) == (1, True), said
    pull.number = number
    assert pull.comments() == []
