"""The page in a real browser: what a person does, and what a hostile catalogue tries. TAP on stdout.

    page.py KINO DIR         KINO serves a catalogue made in DIR of the sample and some films of bad manners
    page.py URL              a server that is there already, with such a catalogue

Each check waits for what it expects, for at most WAIT seconds; how long it took decides nothing."""
import csv
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

WAIT = 30
RTL = "\u202e\u05e1\u05e8\u05d8 \u05e8\u05e2 (1999) <b>"
LONG = "Supercalifragilistic" * 15
IMG = "<img src=x onerror=\"document.title='owned'\"> & 'quotes\""
HOSTILE = {990001: IMG, 990002: RTL, 990003: LONG, 990004: "</script><script>document.title='owned'</script>"}
POSTERS = ["/missing.jpg", "javascript:alert(1)", "/../../x.jpg", "//evil.example/x.jpg"]
AXE = os.environ.get("KINO_AXE", "build/axe/axe.min.js")


def make_catalogue(kino, folder):
    with open("data/sample.csv", newline="", encoding="utf-8") as source:
        rows = list(csv.reader(source))
    head = rows[0]
    for number, (film, title) in enumerate(HOSTILE.items()):
        row = list(next(r for r in rows if r[head.index("title")] == "Alien"))
        row[head.index("id")], row[head.index("imdb_id")] = str(film), ""
        row[head.index("title")] = row[head.index("original_title")] = title
        row[head.index("overview")] += f" {title}"
        row[head.index("poster_path")] = POSTERS[number]
        rows.append(row)
    path = os.path.join(folder, "films.csv")
    with open(path, "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    subprocess.run([kino, "build", path, "--data", os.path.join(folder, "catalogue"), "-q"], check=True)


def play_tmdb():
    """A TMDB with invented films, and what kino has to know of it."""
    mock = subprocess.Popen([sys.executable, "tests/mock_tmdb.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    port = int(mock.stdout.readline().split()[0])
    return mock, dict(os.environ, TMDB_API_KEY="0123456789abcdef" * 2, KINO_TMDB_URL=f"http://127.0.0.1:{port}/3",
                      KINO_TMDB_IMAGES_URL=f"http://127.0.0.1:{port}/t/p")


def serve(kino, folder, environment):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([kino, "serve", "--port", str(port), "--allow-writes", "--data",
                               os.path.join(folder, "catalogue")], env=environment, stdout=subprocess.DEVNULL,
                              stderr=open(os.path.join(folder, "serve.log"), "w"))
    url = f"http://127.0.0.1:{port}/"
    for _ in range(10 * WAIT):
        try:
            urllib.request.urlopen(url).read()
            return server, url
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(.1)
    server.kill()
    sys.exit("Bail out! the server does not answer: " + open(os.path.join(folder, "serve.log")).read())


class Page:
    def __init__(self, url):
        options = webdriver.ChromeOptions()
        options.binary_location = os.environ["KINO_CHROMIUM"]
        for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
                     "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(os.environ["KINO_CHROMEDRIVER"]))
        self.driver.set_script_timeout(WAIT)
        self.url = url
        self.count = self.failed = 0
        self.noise = []
        self.size(1280, 900)

    def cdp(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def size(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def theme(self, name):
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def open(self, path=""):
        self.driver.get(self.url + path)

    def js(self, code, *arguments):
        return self.driver.execute_script(f"return ({code})", *arguments)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def texts(self, css):
        return self.js("[...document.querySelectorAll(arguments[0])].map(e => e.textContent)", css)

    def query(self):
        return urllib.parse.parse_qs(urllib.parse.urlsplit(self.driver.current_url).query)

    def type(self, *keys):
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def wait(self, condition):
        end = time.monotonic() + WAIT
        while True:
            try:
                if condition():
                    return True
            except Exception as fault:  # a page that is being replaced
                self.last = fault
            if time.monotonic() > end:
                return False
            time.sleep(.05)

    def log(self):
        """Messages of the console but those of posters, for which there is no network here, and of pages that are none."""
        for entry in self.driver.get_log("browser"):
            if "image.tmdb.org" not in entry["message"] and "status of 404" not in entry["message"]:
                self.noise.append(entry["message"])

    def check(self, name, condition):
        good = self.wait(condition) if callable(condition) else bool(condition)
        self.log()
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}", flush=True)
        if not good:
            print(f"#   at {self.driver.current_url}")
            print(f"#   status: {self.texts('#status')}, films: {self.texts('.card .name')[:4]}", flush=True)

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}", flush=True)


def names(p):
    return p.texts(".card .name")


def chips(p):
    return p.texts(".chip > span")


def first_paint(p):
    html = urllib.request.urlopen(p.url + "?like=348").read().decode()
    p.check("the first page has the films in it already", html.count('class="card"') >= 10 and "Aliens" in html)
    p.check("no inline script, style or handler", not re.search(
        r"<style|<script>|<script [^>]*>[^<]|<[a-z][^>]* (style|on[a-z]+)=", html))
    p.open("?like=348")
    p.check("and TMDB's notice", lambda: "not endorsed or certified by TMDB" in p.one(".foot").text)


def finding(p):
    p.open()
    p.type("/")
    p.check("/ puts the focus into the search", lambda: p.js("document.activeElement.id") == "q")
    p.type("spirted awya")
    p.check("a title with typos is found", lambda: "Spirited Away" in p.texts("#found [role=option] span"))
    p.check("the list is announced", lambda: p.one("#q").get_attribute("aria-expanded") == "true" and
            "choose" in p.one("#status").get_attribute("textContent"))
    p.type(Keys.ARROW_DOWN)
    p.check("arrow down marks the first", lambda: p.js(
        "document.getElementById(document.getElementById('q').getAttribute('aria-activedescendant')).ariaSelected")
        == "true")
    p.type(Keys.ESCAPE)
    p.check("Escape closes the list and keeps the text", lambda: p.js("document.getElementById('found').hidden") and
            p.one("#q").get_attribute("value") == "spirted awya")
    p.type(Keys.ESCAPE)
    p.check("Escape once more empties it", lambda: p.one("#q").get_attribute("value") == "")
    p.type("spirted awya")
    p.wait(lambda: p.one("#q").get_attribute("aria-expanded") == "true")
    p.type(Keys.ARROW_DOWN, Keys.ENTER)
    p.check("Enter takes it: chip, films, URL", lambda: "Spirited Away" in chips(p)[0] and len(names(p)) >= 10 and
            p.query()["like"])
    p.check("the films are like it", lambda: "Howl's Moving Castle" in names(p))
    p.check("their number is announced", lambda: "films" in p.one("#status").get_attribute("textContent"))


def hamlets(p):
    p.open()
    p.type("/")
    p.type("hamlet")
    p.check("several Hamlets, each with its year", lambda: len({o for o in p.texts("#found [role=option]")}) >= 4)
    year = p.texts("#found [role=option] small")[2]
    p.type(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ENTER)
    p.check("the third was taken", lambda: year in chips(p)[0])
    p.open("?q=Hamlet")
    p.check("asked by name alone: which one is meant?", lambda: len(p.all(".list a")) >= 4)
    p.all(".list a")[1].click()
    p.check("a choice goes on to the films", lambda: "Hamlet" in chips(p)[0] and len(names(p)) >= 10)
    p.open("?q=zzzz%20qqqq%20xxxx")
    p.check("an unknown title is said to be unknown", lambda: "zzzz" in p.one(".fault").text)


def refining(p):
    p.open("?like=348")
    before = names(p)
    p.all(".card .more")[0].click()
    p.check("like on a card: a second chip, other films", lambda: len(chips(p)) == 2 and names(p) != before)
    p.check("the liked film is no longer among them", lambda: before[0] not in names(p))
    p.check("the focus stays among the cards", lambda: p.js("!!document.activeElement.closest('.card')"))
    second = names(p)
    p.all(".card .less")[1].click()
    p.check("not like: a third chip, on the other side", lambda: len(p.all(".chip.not")) == 1 and
            len(p.query()["not"]) == 1)
    p.check("and what was disliked is gone", lambda: second[1] not in names(p))
    p.driver.back()
    p.check("back: two chips and their films", lambda: len(chips(p)) == 2 and names(p) == second)
    p.driver.back()
    p.check("back once more: the first question", lambda: len(chips(p)) == 1 and names(p) == before)
    p.driver.forward()
    p.check("forward", lambda: len(chips(p)) == 2 and names(p) == second)
    p.one(".chip .side").click()
    p.check("a chip changes its side", lambda: len(p.all(".chip.not")) == 1 and "348" in p.query()["not"])
    p.one(".chip.not .drop").click()
    p.check("and goes", lambda: len(chips(p)) == 1)
    p.open("?like=348")
    p.wait(lambda: p.one("#further")) and p.one("#further").click()
    p.check("more films: twice as many, the first the same", lambda: len(names(p)) == 48 and names(p)[0] == before[0])
    p.open("?like=348")
    p.one(".why summary").click()
    p.check("the reasons open, and add up to the score", lambda: abs(sum(float(t) for t in p.texts(
        ".why[open] .n")) - float(p.one(".why[open] summary").text.split()[-1])) < .06)


def filters(p):
    p.open("?like=348")
    before = names(p)
    p.one(".dials summary").click()
    p.one("label.no:has([name=no_genre][value=Horror])").click()
    p.check("without a genre", lambda: p.query()["no_genre"] == ["Horror"] and
            all("Horror" not in t for t in p.texts(".facts")))
    p.one("label.yes:has([name=genre][value=Horror])").click()
    p.check("with it: not both", lambda: p.query().get("genre") == ["Horror"] and "no_genre" not in p.query() and
            len(names(p)) > 0)
    year = p.one("#year")
    year.send_keys("1980-1989")
    p.check("years", lambda: p.query()["year"] == ["1980-1989"] and
            all(1980 <= int(t) <= 1989 for t in p.texts(".card .year")))
    p.js("arguments[0].value = '0.8', arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
         p.one("#diversity"))
    p.check("diversity", lambda: p.query()["diversity"] == ["0.8"])
    address, films = p.driver.current_url, names(p)
    p.driver.get("about:blank")
    p.driver.get(address)
    p.check("the URL brings everything back", lambda: names(p) == films and p.one("#year").get_attribute("value") ==
            "1980-1989" and p.one("[name=genre][value=Horror]").is_selected() and
            p.one("#diversity").get_attribute("value") == "0.8" and p.one(".dials").get_attribute("open"))
    p.one("#about").send_keys("a haunted house")
    p.check("words beside the films", lambda: p.query()["about"] == ["a haunted house"])
    p.open("?like=348&year=1890-1891")
    p.check("filters that nothing passes say so", lambda: "No film passes" in p.one("#answer").text)
    p.open("?like=348")
    p.check("and without them it is as before", lambda: names(p) == before)


def keyboard(p):
    p.open("?like=348")
    seen = []
    for _ in range(80):
        p.type(Keys.TAB)
        seen.append(p.js("(e => e.id || e.className || e.tagName)(document.activeElement)"))
        if seen.count("less") > 1:
            break
    p.check("tab reaches search, chip, filters, films and what they offer", {
        "q", "side", "drop", "about", "name", "more", "less", "press"} <= set(seen))
    p.check("the focus is seen", p.js("parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"))
    before = names(p)
    p.type(Keys.ENTER)
    p.check("Enter on 'not like' refines", lambda: len(p.all(".chip.not")) == 1 and names(p) != before)
    p.check("and the focus is still somewhere", lambda: p.js("document.activeElement !== document.body"))
    p.open("?surprise=1")
    p.check("surprise me: some film and its like", lambda: len(chips(p)) == 1 and len(names(p)) >= 10)


def hostile(p):
    for film, title in HOSTILE.items():
        p.open(f"?like={film}")
        wanted = " ".join(title.split())
        p.check(f"a hostile title is text: {title[:12]!r}", lambda: " ".join(
            p.one(".chip bdi").get_attribute("textContent").split()) == wanted and "owned" != p.driver.title)
        p.check("and makes no element", lambda: p.js(
            "!document.querySelector('bdi *, [onerror], img[src=x], main script')"))
        p.check("nothing sticks out", lambda: p.js("document.documentElement.scrollWidth <= innerWidth"))
    p.open("?like=348")
    p.check("posters come from TMDB or not at all", p.js(
        "[...document.images].every(i => i.src.startsWith('https://image.tmdb.org/t/p/w342/'))"))
    p.check("where a poster does not come its drawing has the title", lambda: p.js(
        "[...document.querySelectorAll('.poster')].every(e => e.querySelector('span').textContent && !e.querySelector("
        "'img') && e.getBoundingClientRect().height > 100)"))
    p.type("/")
    p.type("supercalifra")
    p.check("in the list too", lambda: LONG in p.texts("#found span"))
    p.open("?" + urllib.parse.urlencode({"q": IMG + "\u202e\x01", "about": "\"><script>alert(1)</script>"}))
    p.check("what is asked is text as well", lambda: p.js("!document.querySelector('main script, main [onerror]')") and
            p.one("#about").get_attribute("value") == "\"><script>alert(1)</script>")


def elsewhere(p):
    p.open("?like=348")
    p.one("#q").send_keys("Paper Harbour", Keys.ENTER)
    p.check("an unknown title may be looked for at TMDB", lambda: "Look for it" in p.one("#elsewhere button").text)
    p.one("#elsewhere button").click()
    p.check("it is added, and the page goes on with it", lambda: "Paper Harbour" in chips(p)[1] and len(names(p)) >= 10)
    p.open("?q=The%20Silver%20Tide")
    p.one("#elsewhere button").click()
    p.check("of several one is chosen", lambda: len(p.all("#elsewhere li")) == 3)
    year = p.texts("#elsewhere li bdi")[1].split()[-1].strip("()")
    p.all("#elsewhere li button")[1].click()
    p.check("and added", lambda: "The Silver Tide" in chips(p)[0] and year in chips(p)[0])
    p.open("?q=zzzz%20qqqq%20xxxx")
    p.one("#elsewhere button").click()
    p.check("what TMDB has not is said", lambda: "zzzz" in p.one("#elsewhere .note").text)
    p.noise = [n for n in p.noise if "api/v1/movies" not in n]  # the console has each 404 as well


def widths(p):
    for width in (320, 768, 1920):
        p.size(width, 900)
        for path in ("", "?like=348&like=129&not=990003&genre=Horror&about=fear", "?q=Hamlet", "map?like=348", "film/348",
                     "film/990003"):
            p.open(path)
            p.check(f"{width} px, {path[:9] or 'empty'}: no sideways scrolling", lambda: p.js(
                "document.documentElement.scrollWidth <= innerWidth && document.body.scrollWidth <= innerWidth"))
    p.size(1280, 900)


def themes(p):
    axe = open(AXE, encoding="utf-8").read() if os.path.exists(AXE) else None
    grounds = []
    for theme in ("light", "dark"):
        p.theme(theme)
        for path in ("", "?like=348&not=129&genre=Horror", "?q=Hamlet", "map?like=348", "film/348", "film/nothing"):
            p.open(path)
            name = f"axe, {theme}, {path[:9] or 'empty'}: no serious issue"
            if not axe:
                p.skip(name, "axe-core is not there")
                continue
            p.js("document.querySelectorAll('details').forEach(d => { d.open = true })")
            p.driver.execute_script(axe)
            found = p.driver.execute_async_script(
                "const done = arguments[0]; axe.run().then(r => done(r.violations.map(v => [v.impact, v.id,"
                " v.nodes.slice(0, 3).map(n => n.html.slice(0, 120) + ' ' + n.failureSummary.slice(0, 160))])))")
            bad = [v for v in found if v[0] in ("serious", "critical")]
            p.check(name, not bad)
            for violation in bad:
                print("#   " + json.dumps(violation)[:600])
        grounds.append(p.js("getComputedStyle(document.body).backgroundColor"))
    p.check("dark is another theme", grounds[0] != grounds[1])
    p.theme("light")


def films(p):
    p.open("?like=348")
    p.one(".card .name").click()
    p.check("a card leads to the page of its film", lambda: "/film/" in p.driver.current_url and len(p.all("h1")) == 1)
    p.open("film/348")
    p.check("which tells what is known", lambda: "Alien" in p.one("h1").text and "Horror" in p.one(".known").text and
            "117 min" in p.one(".facts").text)
    p.check("and films like it, with reasons", lambda: len(names(p)) >= 10 and
            "like Alien" in "".join(p.texts(".why p")))
    p.check("what programs read of it is JSON", lambda: p.js(
        "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)['@type']") == "Movie" and
            p.js("document.querySelector('meta[property=\"og:title\"]').content") == "Alien")
    p.check("its links go where they should", lambda: p.js(
        "[...document.querySelectorAll('.known a')].some(a => a.href === 'https://www.themoviedb.org/movie/348')"))
    p.one(".known a[href*='genre=Horror']").click()
    p.check("a genre leads to its films", lambda: "genre=Horror" in p.driver.current_url and len(names(p)) >= 10)
    p.open("film/348")
    p.one(".acts .more").click()
    p.check("from it to films like it", lambda: p.query().get("like") == ["348"] and len(names(p)) >= 10)
    p.open("film/990003")
    p.check("a hostile film has a page that is text", lambda: p.js("!document.querySelector('main script, main [onerror], bdi *')")
            and p.all("h1"))
    for path in ("film/1", "film/x", "person/Nobody%20Anywhere"):
        p.open(path)
        p.check("there is no " + path, lambda: "no such page" in p.one("h1").text and p.js(
            "getComputedStyle(document.querySelector('.mark')).textDecorationLine") == "none")


def the_map(p):
    p.open("map?like=348")
    p.check("the map is drawn", lambda: p.one(".sky").get_attribute("data-ready") == "yes")
    p.check("in more colours than its ground", lambda: p.js(
        "new Set(new Uint32Array(document.querySelector('#sky').getContext('2d').getImageData(0, 0, 900, 500)"
        ".data.buffer)).size > 8"))
    p.check("its legend has the genres", lambda: "Drama" in p.texts("#legend button"))
    p.js("document.querySelector('.legend').open = true")
    p.one("[name=colour][value=decade]").click()
    p.check("or the decades", lambda: "1980s" in p.texts("#legend button"))
    p.check("as a list: the film and its neighbours", lambda: len(p.all(".list a")) >= 10 and
            "Alien" in p.texts(".list a")[0])
    canvas = p.one("#sky")
    picture = "document.querySelector('#sky').toDataURL().length"
    before = p.js(picture)
    canvas.send_keys("+", "+", Keys.ARROW_LEFT)
    p.check("keys zoom and move it", lambda: p.js(picture) != before)
    p.open("map?like=348")
    p.wait(lambda: p.one(".sky").get_attribute("data-ready") == "yes")
    p.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    p.open("map?like=348")
    p.wait(lambda: p.one(".sky").get_attribute("data-ready") == "yes")
    middle = p.js("(r => [r.x + r.width / 2, r.y + r.height / 2])"
                  "(document.querySelector('#sky').getBoundingClientRect())")
    for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
        p.cdp("Input.dispatchMouseEvent", type=kind, x=middle[0], y=middle[1], clickCount=1,
              button="none" if kind == "mouseMoved" else "left")
        if kind == "mouseMoved":
            p.check("a point under the pointer says its title", lambda: p.texts(".tip")[0] and
                    p.js("!document.querySelector('.tip').hidden"))
    p.check("and leads to its films when clicked", lambda: len(chips(p)) == 1 and len(names(p)) >= 10)
    p.cdp("Emulation.setEmulatedMedia", features=[])


def without(p):
    p.cdp("Emulation.setScriptExecutionDisabled", value=True)
    p.open()
    p.one("#q").send_keys("Alien", Keys.ENTER)
    p.check("without JavaScript: the form answers", lambda: len(p.all(".card")) >= 10)
    p.one(".card .more").click()
    p.check("a card refines", lambda: len(p.all(".chip")) == 2)
    p.one(".dials summary").click()
    p.one("label.yes:has([name=genre][value=Horror])").click()
    p.one(".press").click()
    p.check("filters filter", lambda: p.query().get("genre") == ["Horror"] and len(p.all(".chip")) == 2 and
            all("Horror" in e.text for e in p.all(".facts")[:3]))
    p.open("map?like=348")
    p.check("the map is a list", lambda: len(p.all(".list a")) >= 10)
    p.cdp("Emulation.setScriptExecutionDisabled", value=False)
    p.open("?like=348")
    films = names(p)
    p.cdp("Network.enable")
    p.cdp("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
    p.log()
    p.one(".card .more").click()
    p.check("when the server is gone the page says so and keeps the films", lambda: "does not answer" in p.one(
        "#status").get_attribute("textContent") and names(p) == films)
    p.check("in sight of everybody", lambda: p.js("(b => b.width > 200 && b.height > 20 && b.bottom <= innerHeight)"
                                                  "(document.getElementById('status').getBoundingClientRect())"))
    p.one("#q").send_keys("alie")
    p.check("to who types as well", lambda: "does not answer" in p.one("#status").text)
    p.noise = [n for n in p.noise if "ERR_INTERNET_DISCONNECTED" not in n]
    p.cdp("Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1)
    p.one(".card .more").click()
    p.check("and goes on when it is back", lambda: len(chips(p)) == 2)
    p.check("without the alarm", lambda: p.js("document.getElementById('status').getBoundingClientRect().width <= 1"))


def main():
    server = mock = None
    if sys.argv[1].startswith("http"):
        url = sys.argv[1]
    else:
        make_catalogue(sys.argv[1], sys.argv[2])
        mock, environment = play_tmdb()
        server, url = serve(sys.argv[1], sys.argv[2], environment)
    page = None
    try:
        page = Page(url)
        for part in (first_paint, finding, hamlets, refining, filters, keyboard, hostile, elsewhere, films, widths, themes,
                     the_map, without):
            if len(sys.argv) < 4 or part.__name__ in sys.argv[3:]:
                part(page)
        page.check("nothing on the console, nothing that the CSP refused", not page.noise)
        for message in page.noise:
            print("#   " + message)
        print(f"1..{page.count}")
        return page.failed != 0
    finally:
        if page:
            page.driver.quit()
        if mock:
            mock.stdin.close()
        if server:
            server.terminate()
            server.wait(10)


sys.exit(main())
