// Makes the page quicker: suggestions while typing, answers without a new page. Everything works without it.
const base = document.querySelector(".brand").href;
const $ = (selector) => document.querySelector(selector);
let film = $("#film"), list = $("#films"), options = [], active = -1, timer = 0, asked = 0, pending = null;

// ---- answers in place ----

async function go(url, push = true) {
  pending?.abort();
  pending = new AbortController();
  const mine = pending;
  document.body.classList.add("busy");
  try {
    const response = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine !== pending) return;
    if (push) history.pushState(null, "", response.url || url);
    document.title = page.title;
    const focused = document.activeElement?.id;
    const open = $(".filters").open;
    for (const id of ["ask", "status", "answer"]) $("#" + id).replaceWith(page.getElementById(id));
    $(".filters").open = open || $(".filters").open;
    start();
    if (focused) document.getElementById(focused)?.focus();
  } catch (error) {
    if (error.name !== "AbortError") $("#status").textContent = "The server does not answer.";
  } finally {
    if (mine === pending) document.body.classList.remove("busy");
  }
}

function address(form) {
  const url = new URL(base), data = new FormData(form);
  for (const [name, value] of data) {
    const dial = form.elements[name];
    if (value === "" || (dial?.type === "range" && value === dial.defaultValue && !new URL(location).searchParams.has(name)))
      continue;
    url.searchParams.append(name, value);
  }
  return url;
}

// ---- the combobox (ARIA Authoring Practices: editable, with a list) ----

function close() {
  list.hidden = true;
  film.setAttribute("aria-expanded", "false");
  film.removeAttribute("aria-activedescendant");
  active = -1;
}

function mark(index) {
  [...list.children].forEach((item, i) => item.setAttribute("aria-selected", i === index));
  active = index;
  if (index < 0) film.removeAttribute("aria-activedescendant");
  else {
    film.setAttribute("aria-activedescendant", "film-" + index);
    list.children[index].scrollIntoView({ block: "nearest" });
  }
}

function choose(index) {
  const url = address($("#ask"));
  const likes = url.searchParams.getAll("like").filter((value) => value !== film.value);
  url.searchParams.delete("like");
  for (const like of [...likes, options[index].id]) url.searchParams.append("like", like);
  film.value = "";
  close();
  go(url);
}

async function suggest() {
  const text = film.value.trim(), turn = ++asked;
  if (!text) return close();
  const response = await fetch(new URL("api/v1/find?limit=8&q=" + encodeURIComponent(text), base));
  const found = response.ok ? (await response.json()).results : [];
  if (turn !== asked || document.activeElement !== film) return;  // a later letter was quicker
  options = found;
  list.replaceChildren(...found.map((one, i) => {
    const item = document.createElement("li");
    item.id = "film-" + i;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dir = "auto";
    item.textContent = one.title + (one.year ? ` (${one.year})` : "");
    item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(i); });
    return item;
  }));
  list.hidden = !found.length;
  film.setAttribute("aria-expanded", String(found.length > 0));
  mark(-1);
}

function keys(event) {
  if (event.key === "Escape") {
    if (list.hidden) film.value = "";
    close();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) return suggest();
    const step = event.key === "ArrowDown" ? 1 : -1, n = options.length;
    mark(active < 0 && step < 0 ? n - 1 : (active + step + n) % n);
  } else if (event.key === "Enter" && !list.hidden && active >= 0) {
    event.preventDefault();
    choose(active);
  }
}

// ---- a film that the catalogue does not have ----

async function learn(button) {
  button.disabled = true;
  $("#status").textContent = "Asking TMDB …";
  const response = await fetch(new URL("api/v1/movies", base), {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ title: button.dataset.title }),
  });
  const answer = await response.json();
  if (response.ok) return go(new URL("?like=" + answer.movie.id, base));
  $("#status").textContent = answer.error.message;
  button.disabled = false;
}

// ---- wiring, again after each answer ----

function start() {
  film = $("#film");
  list = $("#films");
  film.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, 120); });
  film.addEventListener("keydown", keys);
  film.addEventListener("blur", close);
  $("#ask").addEventListener("submit", (event) => { event.preventDefault(); go(address(event.target)); });
  for (const dial of document.querySelectorAll("input[type=range]"))
    dial.addEventListener("change", () => {
      const url = address($("#ask"));
      url.searchParams.set(dial.name, dial.value);
      go(url);
    });
  $("#fetch")?.addEventListener("click", (event) => learn(event.target));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("main a[href]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(link.href);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/input|textarea/i.test(event.target.tagName)) {
    event.preventDefault();
    film.focus();
  }
});
// A poster that does not come leaves the drawing with the title behind it.
document.addEventListener("error", (event) => { if (event.target.tagName === "IMG") event.target.remove(); }, true);
addEventListener("popstate", () => go(location.href, false));
start();
