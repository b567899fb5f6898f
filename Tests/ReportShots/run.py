# SPDX-License-Identifier: Apache-2.0
"""Shows reports of the real program in a real browser and looks at the pictures.

Tests/ReportShots/run.py PEERCOACH PEERCOACHD INTO [FILE.html ...]

Makes a rich report and a group's review with real processes on a moved clock, unless files are
named, and puts pictures of each into INTO: wide and narrow, light and dark, and as a PDF. Ends with
0 when each page is as it should be, and also where there is no browser, which it says.
"""

import pathlib
import re
import sys
import tempfile

import browser
import picture
import sample

WIDTHS = {"wide": 1200, "narrow": 390}
# How bright a page is on the whole, from 0 to 1.
BRIGHTNESS = {"light": (0.75, 1.0), "dark": (0.0, 0.3)}


def check(page, file, into):
    """Looks at one file and gives what is wrong with it."""
    wrong = []
    for theme, (least, most) in BRIGHTNESS.items():
        for name, width in WIDTHS.items():
            place = into / f"{file.stem}-{name}-{theme}.png"
            wide, high = page.open(file, width, theme)
            place.write_bytes(page.shot(width, high))
            whole = picture.Picture(place.read_bytes())
            small = picture.Picture(page.shot(width, high, scale=0.2))
            mean, colors = small.look()
            print(f"  {place.name}: {whole.width} x {whole.height}, brightness {mean:.2f}")
            what = f"{file.name}, {name}, {theme}"
            if (whole.width, whole.height) != (width, high):
                wrong.append(f"{what}: the picture is not of the whole page")
            if wide > width:
                wrong.append(f"{what}: {wide - width} columns stand out to the right")
            if colors < 16:
                wrong.append(f"{what}: nearly nothing is on it")
            if not least <= mean <= most:
                wrong.append(f"{what}: brightness {mean:.2f}, not {least} to {most}")
            wrong += [f"{what}: the browser says: {text}" for text in page.complaints()]
            wrong += [f"{what}: it asks for {url}" for url in page.asked_for()]
            pictures, bare = page.unnamed_pictures()
            if bare:
                wrong.append(f"{what}: {bare} of {pictures} pictures have no name to be read out")
            tiny = page.evaluate(SMALL_LETTERS)
            if tiny:
                wrong.append(f"{what}: letters of {tiny} pixels")
    # What is printed, in one piece, as it is laid out on A4; then on its pages.
    place = into / f"{file.stem}-paper.png"
    wide, high = page.open(file, 794, "dark", media="print")
    place.write_bytes(page.shot(wide, high))
    mean, _ = picture.Picture(page.shot(wide, high, scale=0.2)).look()
    if mean < BRIGHTNESS["light"][0]:
        wrong.append(f"{file.name}: dark on paper")
    hidden = page.evaluate(HIDDEN_TABLES)
    if hidden:
        wrong.append(f"{file.name}: {hidden} tables are not printed")
    paper = page.paper()
    (into / f"{file.stem}.pdf").write_bytes(paper)
    pages = len(re.findall(rb"/Type\s*/Page\b", paper))
    print(f"  {file.stem}.pdf: {pages} pages")
    if not paper.startswith(b"%PDF") or pages < 1:
        wrong.append(f"{file.name}: cannot be printed")
    return wrong


# The smallest letters on the page in pixels, if they are under nine; of charts as they are drawn.
SMALL_LETTERS = """
(() => {
  let least = 99;
  for (const one of document.querySelectorAll('p,td,th,li,dt,dd,figcaption,summary,svg text')) {
    if (!one.getClientRects().length) continue;
    let size = parseFloat(getComputedStyle(one).fontSize);
    const matrix = one.getScreenCTM && one.getScreenCTM();
    if (matrix) size *= Math.hypot(matrix.a, matrix.b);
    least = Math.min(least, size);
  }
  return least < 9 ? Math.round(least * 10) / 10 : 0;
})()
"""


# Tables of which nothing is shown.
HIDDEN_TABLES = """
[...document.querySelectorAll('table')].filter((one) => !one.checkVisibility({
  contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true
})).length
"""


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    peercoach, peercoachd, into = (pathlib.Path(one).resolve() for one in sys.argv[1:4])
    into.mkdir(parents=True, exist_ok=True)
    files = [pathlib.Path(one) for one in sys.argv[4:]]
    path = browser.find()
    if not path:
        print("report-shots is skipped: there is no Chromium here.")
        return
    if not files:
        files = sample.make(peercoach, peercoachd, into)
        if not files:
            return
    with tempfile.TemporaryDirectory() as folder:
        page = browser.Browser(path, folder)
        try:
            wrong = [one for file in files for one in check(page, file, into)]
        finally:
            page.close()
    for one in wrong:
        print(f"report-shots: {one}")
    if wrong:
        sys.exit(1)
    print(f"report-shots: look at them in {into}")


main()
