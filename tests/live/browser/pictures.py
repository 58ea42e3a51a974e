"""The README's pictures: what the program prints, as a terminal and as a pull request show it."""

import fcntl
import io
import json
import os
import pty
import struct
import sys
import tempfile
import termios
from pathlib import Path

from markdown_it import MarkdownIt
from PIL import Image, PngImagePlugin
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from browser import DRIFTLINE, ROOT, Browser, driftline

PICTURES = ROOT / "docs/pictures"
DEMO = ROOT / "testdata/demo"
COLUMNS = 100
# Columns that stay free at the right.
MARGIN = 2

LIVE = ("identity", "databases", "--live", "live.snapshot.json")
ONLY = ("--only", "aws/iam/attachment,postgres/grant/database")
# Exceptions are judged by the day, and the pictures are to stay what they are.
DAY = {"DRIFTLINE_AS_OF": "2026-11-27"}

# What the plan is made for, by title: ids hold the cluster's, which is another one at each recording.
RECONCILED = ("attached to role `deploy`", "role `liam`", "user `grace` in group `team-on-call`")


def reconciled():
    """The ids."""
    report = json.loads(driftline("check", *LIVE, "--format", "json", cwd=DEMO, env=DAY))
    return [next(one["id"] for one in report["findings"] if one["title"].endswith(title)) for title in RECONCILED]


TERMINAL = {
    "check.svg": ("check", *LIVE, *ONLY),
    "reconcile.svg": ("reconcile", *LIVE, "--only", ",".join(reconciled())),
}
COMMENT = ("check", *LIVE, *ONLY, "--format", "markdown")

THEME = TerminalTheme(
    (22, 27, 34), (201, 209, 217),
    [(72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34), (88, 166, 255), (188, 140, 255), (57, 197, 207), (177, 186, 196)],
    [(110, 118, 129), (255, 161, 152), (86, 211, 100), (227, 179, 65), (121, 192, 255), (210, 168, 255), (86, 212, 221), (255, 255, 255)],
)

# As rich draws a terminal, without the font that it would fetch.
DRAWN = """<svg class="rich-terminal" viewBox="0 0 {terminal_width} {height}" xmlns="http://www.w3.org/2000/svg">
    <style>
    .{unique_id}-matrix {{
        font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
        font-size: {char_height}px;
        line-height: {line_height}px;
    }}
    {styles}
    </style>
    <defs>
    <clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
    {lines}
    </defs>
    <rect fill="#161b22" x="0" y="0" width="{terminal_width}" height="{height}" rx="8"/>
    <g transform="translate(9, 9)" clip-path="url(#{unique_id}-clip-terminal)">
    {backgrounds}
    <g class="{unique_id}-matrix">
    {matrix}
    </g>
    </g>
</svg>
"""

PAGE = """<!DOCTYPE html><meta charset="utf-8"><style>{style}
body {{ margin: 0; padding: 16px; background: #fff; }}
.box {{ border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden; }}
.head {{ background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 8px 16px; font: 14px sans-serif; color: #59636e; }}
.markdown-body {{ padding: 16px; }}
</style><div class="box"><div class="head"><b>driftline</b> commented on the pull request</div>
<div class="markdown-body">{body}</div></div>"""


def on_terminal(*arguments):
    """What the program writes on a terminal, with its colours."""
    pid, master = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
        os.chdir(DEMO)
        os.execve(DRIFTLINE, [str(DRIFTLINE), *arguments], {"HOME": str(DEMO), "TERM": "xterm-256color", **DAY})
    shown = b""
    while True:
        try:
            read = os.read(master, 65536)
        except OSError:
            break
        if not read:
            break
        shown += read
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(master)
    assert code in (0, 3), shown.decode()
    return shown.decode().replace("\r\n", "\n")


def drawn(arguments):
    """The run as SVG, in which long lines go on below as on a terminal."""
    console = Console(record=True, width=COLUMNS + MARGIN, file=io.StringIO(), force_terminal=True, color_system="truecolor",
                      no_color=False)
    typed = (f"$ driftline {' '.join(arguments)}", "bold")
    shown = Text.assemble(typed, "\n\n", Text.from_ansi(on_terminal(*arguments).rstrip()))
    for line in shown.split(allow_blank=True):
        for part in line.divide(range(COLUMNS, len(line), COLUMNS)):
            console.print(part, soft_wrap=True)
    return console.export_svg(theme=THEME, code_format=DRAWN, unique_id="terminal")


def comment():
    """The body of the comment."""
    return driftline(*COMMENT, cwd=DEMO, env=DAY)


def photographed(body):
    """The comment as PNG. Its text goes along in the file, so that one can tell whether it is still what is printed."""
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(body)
    page = Path(tempfile.mkdtemp()) / "comment.html"
    page.write_text(PAGE.format(style=Path(os.environ["DRIFTLINE_COMMENT_STYLE"]).read_text(), body=html))
    browser = Browser()
    try:
        browser.size(920, 600)
        browser.open(page)
        browser.size(920, browser.run("return document.documentElement.scrollHeight"))
        image = Image.open(io.BytesIO(browser.driver.get_screenshot_as_png()))
    finally:
        browser.stop()
    text = PngImagePlugin.PngInfo()
    text.add_itxt("Source", body, zip=True)
    png = io.BytesIO()
    image.convert("RGB").quantize(128).save(png, "PNG", optimize=True, pnginfo=text)
    return png.getvalue()


def source_of(png):
    return Image.open(png).text["Source"]


def main():
    for name, arguments in TERMINAL.items():
        (PICTURES / name).write_text(drawn(arguments))
    (PICTURES / "comment.png").write_bytes(photographed(comment()))
    for picture in sorted(PICTURES.iterdir()):
        print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size // 1024} KiB", file=sys.stderr)


if __name__ == "__main__":
    main()
