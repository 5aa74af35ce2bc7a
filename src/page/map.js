/* map.js - every film a point, written straight into an image: 45,000 of them take a few milliseconds.
 *
 * The file (api/v1/map): "KMAP", then u32 films, u32 genres, u32 0, f64 ids[], i16 places[][2] (in 1 / 32767), u8
 * genre[] (255: none), u8 decade[] ((year - 1870) / 10, 255: unknown), then the genres' names, each ended by a zero byte. */
const $ = selector => document.querySelector(selector);
const sky = $('.sky'), canvas = $('#sky'), tip = $('.tip');
const pen = canvas.getContext('2d', { alpha: false });
const still = matchMedia('(prefers-reduced-motion: reduce)');
const NO = 255, GREY = '#8f877b', NIGHT = '#0f0e0d';
const GENRES = ('#ff9a76 #7fb8ff #ffd866 #8fd694 #e58fd0 #66d9d0 #ff6f7d #b7a2ff #d3e26f #e0b089 #6fa8a0 #c98cff ' +
  '#ffb3c1 #9fc5e8 #b6d7a8 #f6b26b #a2c4c9 #d5a6bd #ffe599 #93c47d').split(' ');
const DECADES = ('#4b5bd6 #4a72dc #4889dd #46a0d8 #47b5cb #50c7b6 #66d59c #88df80 #aee668 #d3e85a #f2e057 #fcc656 ' +
  '#fda658 #fb845d #f36366 #e4476f').split(' ');

let n = 0, ids, x, y, genre, decade, names = [], colour = 'genre', only = -1;
let view = { x: 0, y: 0, scale: 1 }, goal = null, hover = -1, wanted = 0, ratio = 1, grid;
const titles = new Map(), lit = new Map();   // id -> title; index -> 1: near, 2: the film itself

for (const link of document.querySelectorAll('[data-film]'))
  titles.set(+link.dataset.film, link.dataset.title);

/* ---- reading ---- */

function read(buffer) {
  const head = new DataView(buffer);
  n = head.getUint32(4, true);
  const genres = head.getUint32(8, true);
  if (head.getUint32(0, false) !== 0x4b4d4150 || buffer.byteLength < 16 + 14 * n)
    throw new Error('not a map');
  ids = new Float64Array(buffer, 16, n);   // of kino's own they are beyond 2^32
  const places = new Int16Array(buffer, 16 + 8 * n, 2 * n);
  x = Float32Array.from({ length: n }, (_, i) => places[2 * i] / 32767);
  y = Float32Array.from({ length: n }, (_, i) => -places[2 * i + 1] / 32767);
  genre = new Uint8Array(buffer, 16 + 12 * n, n);
  decade = new Uint8Array(buffer, 16 + 13 * n, n);
  names = new TextDecoder().decode(new Uint8Array(buffer, 16 + 14 * n)).split('\0').slice(0, genres);
}

/* The films by the cells of a grid over the plane, so that the nearest of a point is found at once. */
const CELLS = 96;
const cell = v => Math.max(0, Math.min(CELLS - 1, Math.floor((v + 1) / 2 * CELLS)));
function sort() {
  const start = new Uint32Array(CELLS * CELLS + 1), films = new Uint32Array(n);
  for (let i = 0; i < n; i++)
    start[cell(y[i]) * CELLS + cell(x[i]) + 1]++;
  for (let c = 0; c < CELLS * CELLS; c++)
    start[c + 1] += start[c];
  const at = start.slice();
  for (let i = 0; i < n; i++)
    films[at[cell(y[i]) * CELLS + cell(x[i])]++] = i;
  grid = { start, films };
}

function indexOf(id) {
  let low = 0, high = n;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (ids[mid] < id) low = mid + 1; else high = mid;
  }
  return low < n && ids[low] === id ? low : -1;
}

/* ---- drawing ---- */

const group = i => colour === 'genre' ? genre[i] : decade[i];
const shade = g => g === NO ? GREY : colour === 'genre' ? GENRES[g % GENRES.length]
                                                        : DECADES[Math.min(g, DECADES.length - 1)];
const bytes = hex => 0xff000000 | parseInt(hex.slice(5, 7), 16) << 16 | parseInt(hex.slice(3, 5), 16) << 8 |
                     parseInt(hex.slice(1, 3), 16);
const unit = () => Math.min(canvas.width, canvas.height) / 2 * view.scale;
const toX = v => (v - view.x) * unit() + canvas.width / 2;
const toY = v => (v - view.y) * unit() + canvas.height / 2;

let image = null;
const ROUND = 2500;  /* points that are drawn as discs; more of them are written as squares */

function squares(groups, table, size, u, dx, dy) {
  const w = canvas.width, h = canvas.height;
  if (image?.width !== w || image.height !== h)
    image = new ImageData(w, h);
  const out = new Int32Array(image.data.buffer).fill(bytes(NIGHT) | 0), hues = Int32Array.from(table, bytes);
  for (let pass = only < 0 ? 1 : 0; pass < 2; pass++)
    for (let i = 0; i < n; i++) {
      const px = Math.round(x[i] * u + dx - size / 2), py = Math.round(y[i] * u + dy - size / 2);
      if (px < 0 || py < 0 || px + size > w || py + size > h || (only >= 0 && (groups[i] === only) !== (pass === 1)))
        continue;
      const hue = hues[groups[i]];
      for (let r = py * w + px, end = r + size * w; r < end; r += w)
        for (let p = r; p < r + size; p++)
          out[p] = hue;
    }
  pen.putImageData(image, 0, 0);
}

function discs(groups, table, size, u, dx, dy, seen) {
  pen.fillStyle = NIGHT;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const order = [...new Set(seen.map(i => groups[i]))].sort((a, b) => (a === only) - (b === only));
  for (const g of order) {
    pen.beginPath();
    for (const i of seen)
      if (groups[i] === g) {
        const px = x[i] * u + dx, py = y[i] * u + dy;
        pen.moveTo(px + size, py);
        pen.arc(px, py, size, 0, 7);
      }
    pen.fillStyle = table[g];
    pen.fill();
  }
}

function points() {
  const w = canvas.width, h = canvas.height, u = unit(), dx = w / 2 - view.x * u, dy = h / 2 - view.y * u, seen = [];
  for (let i = 0; i < n; i++) {
    const px = x[i] * u + dx, py = y[i] * u + dy;
    if (px > -9 && py > -9 && px < w + 9 && py < h + 9)
      seen.push(i);
  }
  const groups = colour === 'genre' ? genre : decade, room = Math.sqrt(w * h / (seen.length + 200));
  const table = Array.from({ length: 256 }, (_, g) => only >= 0 && g !== only ? '#33302b' : shade(g));
  if (seen.length <= ROUND)
    discs(groups, table, Math.max(1.6 * ratio, Math.min(5 * ratio, room / 14)), u, dx, dy, seen);
  else
    squares(groups, table, Math.max(1, Math.round(Math.min(3 * ratio, room / 5))), u, dx, dy);
}

function rays() {
  const here = [...lit].find(([, kind]) => kind === 2);
  if (!here)
    return;
  pen.beginPath();
  for (const [i] of lit) {
    pen.moveTo(toX(x[here[0]]), toY(y[here[0]]));
    pen.lineTo(toX(x[i]), toY(y[i]));
  }
  pen.lineWidth = ratio;
  pen.strokeStyle = '#f0ebe22e';
  pen.stroke();
}

function ring(i, radius, fill) {
  pen.beginPath();
  pen.arc(toX(x[i]), toY(y[i]), radius * ratio, 0, 7);
  pen.fillStyle = fill;
  pen.fill();
  pen.lineWidth = 1.5 * ratio;
  pen.strokeStyle = NIGHT;
  pen.stroke();
}

function label(i, taken) {
  const text = titles.get(ids[i]);
  if (!text)
    return;
  const cut = text.length > 34 ? text.slice(0, 33) + '…' : text, width = pen.measureText(cut).width;
  const left = toX(x[i]) + 10 * ratio, top = toY(y[i]) - 9 * ratio, height = 18 * ratio;
  if (taken.some(t => left < t[2] && left + width > t[0] && top < t[3] && top + height > t[1]))
    return;
  taken.push([left, top, left + width, top + height]);
  pen.lineWidth = 4 * ratio;
  pen.strokeStyle = '#0f0e0dcc';
  pen.strokeText(cut, left, toY(y[i]) + 5 * ratio);
  pen.fillStyle = '#f0ebe2';
  pen.fillText(cut, left, toY(y[i]) + 5 * ratio);
}

function draw() {
  wanted = 0;
  if (goal) {
    for (const key of ['x', 'y', 'scale'])
      view[key] += (goal[key] - view[key]) * .22;
    const far = Math.hypot(goal.x - view.x, goal.y - view.y) * view.scale;
    if (Math.abs(goal.scale / view.scale - 1) < .002 && far < .002) {
      view = goal;
      goal = null;
    }
  }
  points();
  rays();
  pen.font = `600 ${14 * ratio}px Georgia, serif`;
  for (const [i, kind] of lit)
    if (kind === 1)
      ring(i, 5, shade(group(i)));
  for (const [i, kind] of lit)
    if (kind === 2)
      ring(i, 8, '#fff');
  const taken = [];
  for (const [i] of [...lit].sort((a, b) => b[1] - a[1]))
    label(i, taken);
  if (hover >= 0)
    ring(hover, 7, shade(group(hover)));
  if (goal)
    ask();
}

function ask() {
  wanted ||= requestAnimationFrame(draw);
}

function fly(to) {
  to.scale = Math.max(.6, Math.min(400, to.scale));
  to.x = Math.max(-1.2, Math.min(1.2, to.x));
  to.y = Math.max(-1.2, Math.min(1.2, to.y));
  if (still.matches) {
    view = to;
    goal = null;
  } else {
    goal = to;
  }
  ask();
}

function zoom(factor, px = canvas.width / 2, py = canvas.height / 2, now = false) {
  const from = goal || view, scale = Math.max(.6, Math.min(400, from.scale * factor));
  const u = Math.min(canvas.width, canvas.height) / 2;
  const cx = (px - canvas.width / 2) / u, cy = (py - canvas.height / 2) / u;
  const to = { scale, x: from.x + cx / from.scale - cx / scale, y: from.y + cy / from.scale - cy / scale };
  if (now) {
    view = to;
    goal = null;
    ask();
  } else {
    fly(to);
  }
}

function resize() {
  ratio = Math.min(2, devicePixelRatio || 1);
  canvas.width = Math.max(1, Math.round(sky.clientWidth * ratio));
  canvas.height = Math.max(1, Math.round(sky.clientHeight * ratio));
  draw();
}

/* ---- which film ---- */

function nearest(px, py) {
  const u = unit(), wx = (px - canvas.width / 2) / u + view.x, wy = (py - canvas.height / 2) / u + view.y;
  let reach = 14 * ratio / u, best = -1;
  for (let row = cell(wy - reach); row <= cell(wy + reach); row++)
    for (let c = row * CELLS + cell(wx - reach), end = row * CELLS + cell(wx + reach); c <= end; c++)
      for (let k = grid.start[c]; k < grid.start[c + 1]; k++) {
        const i = grid.films[k], far = Math.hypot(x[i] - wx, y[i] - wy);
        if (far < reach && (only < 0 || group(i) === only || lit.has(i))) {
          reach = far;
          best = i;
        }
      }
  return best;
}

let asking = 0;
async function titleOf(id) {
  if (!titles.has(id)) {
    const answer = await fetch(`api/v1/movie/${id}`);
    const film = answer.ok ? await answer.json() : {};
    const { title, year } = film.movie ?? film;
    titles.set(id, title ? (year ? `${title} (${year})` : title) : `film ${id}`);
  }
  return titles.get(id);
}

function point(px, py) {
  const i = px === null ? -1 : nearest(px, py);
  canvas.style.cursor = i < 0 ? '' : 'pointer';
  if (i === hover)
    return;
  hover = i;
  tip.hidden = true;
  clearTimeout(asking);
  ask();
  if (i < 0)
    return;
  asking = setTimeout(async () => {
    const text = await titleOf(ids[i]).catch(() => '');
    if (hover !== i || !text)
      return;
    tip.textContent = text;
    tip.hidden = false;
    const left = toX(x[i]) / ratio, top = toY(y[i]) / ratio;
    tip.style.left = `${Math.max(4, Math.min(left + 12, sky.clientWidth - tip.offsetWidth - 4))}px`;
    tip.style.top = `${Math.max(4, top - tip.offsetHeight - 12)}px`;
  }, titles.has(ids[i]) ? 0 : 60);
}

/* ---- hands ---- */

const fingers = new Map();
let moved = 0;
const spot = event => [event.offsetX * ratio, event.offsetY * ratio];

canvas.addEventListener('pointerdown', event => {
  canvas.setPointerCapture(event.pointerId);
  fingers.set(event.pointerId, spot(event));
  moved = 0;
});
canvas.addEventListener('pointermove', event => {
  const was = fingers.get(event.pointerId), [px, py] = spot(event);
  if (!was)
    return point(px, py);
  const two = [...fingers.values()].find(other => other !== was);
  moved += Math.hypot(px - was[0], py - was[1]);
  if (two) {
    zoom(Math.hypot(px - two[0], py - two[1]) / Math.max(1, Math.hypot(was[0] - two[0], was[1] - two[1])),
         (px + two[0]) / 2, (py + two[1]) / 2, true);
  } else if (moved > 4 * ratio) {
    view = { scale: view.scale, x: view.x - (px - was[0]) / unit(), y: view.y - (py - was[1]) / unit() };
    goal = null;
    point(null);
    ask();
  }
  fingers.set(event.pointerId, [px, py]);
});
function lift(event) {
  fingers.delete(event.pointerId);
  if (event.type !== 'pointerup' || moved > 4 * ratio || fingers.size)
    return;
  const i = nearest(...spot(event));
  if (i >= 0)
    location.href = `./?like=${ids[i]}`;
}
canvas.addEventListener('pointerup', lift);
canvas.addEventListener('pointercancel', lift);
canvas.addEventListener('pointerleave', () => point(null));
canvas.addEventListener('wheel', event => {
  event.preventDefault();
  zoom(Math.exp(-event.deltaY * (event.deltaMode ? .05 : .0016)), ...spot(event), true);
}, { passive: false });
canvas.addEventListener('keydown', event => {
  const from = goal || view, step = .25 / from.scale;
  const to = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
  if (to)
    fly({ scale: from.scale, x: from.x + to[0], y: from.y + to[1] });
  else if (event.key === '+' || event.key === '=')
    zoom(1.6);
  else if (event.key === '-')
    zoom(1 / 1.6);
  else if (event.key === '0')
    fly({ x: 0, y: 0, scale: 1 });
  else
    return;
  event.preventDefault();
});
$('#closer').addEventListener('click', () => zoom(2));
$('#away').addEventListener('click', () => zoom(.5));
$('#whole').addEventListener('click', () => fly({ x: 0, y: 0, scale: 1 }));

/* ---- legend ---- */

function legend() {
  const count = new Map();
  for (let i = 0; i < n; i++)
    count.set(group(i), (count.get(group(i)) ?? 0) + 1);
  const shown = [...count.keys()].sort((a, b) => a - b);
  $('#legend').replaceChildren(...shown.map(g => {
    const item = document.createElement('li'), button = document.createElement('button');
    const dot = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const disc = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
    for (const [name, value] of [['cx', 5], ['cy', 5], ['r', 5], ['fill', shade(g)]])
      disc.setAttribute(name, value);
    dot.setAttribute('viewBox', '0 0 10 10');
    dot.setAttribute('aria-hidden', 'true');
    dot.append(disc);
    button.type = 'button';
    button.setAttribute('aria-pressed', String(only === g));
    button.append(dot, g === NO ? 'unknown' : colour === 'genre' ? names[g] : `${1870 + 10 * g}s`);
    button.title = `${count.get(g).toLocaleString('en')} films`;
    button.addEventListener('click', () => {
      only = only === g ? -1 : g;
      for (const other of $('#legend').querySelectorAll('button'))
        other.setAttribute('aria-pressed', String(other === button && only === g));
      ask();
    });
    item.append(button);
    return item;
  }));
}
for (const choice of document.querySelectorAll('[name=colour]'))
  choice.addEventListener('change', () => {
    colour = choice.value;
    only = -1;
    legend();
    ask();
  });

/* ---- begin ---- */

async function begin() {
  $('.legend').open = innerWidth > 700;
  const answer = await fetch('api/v1/map');
  if (!answer.ok)
    throw new Error(`the map does not come (${answer.status})`);
  read(await answer.arrayBuffer());
  sort();
  for (const link of document.querySelectorAll('[data-film]')) {
    const i = indexOf(+link.dataset.film);
    if (i >= 0)
      lit.set(i, link.hasAttribute('data-here') ? 2 : 1);
  }
  resize();
  new ResizeObserver(resize).observe(sky);
  legend();
  const here = [...lit].find(([, kind]) => kind === 2);
  if (here) {
    const far = [...lit.keys()].map(i => Math.hypot(x[i] - x[here[0]], y[i] - y[here[0]])).sort((a, b) => a - b);
    fly({ x: x[here[0]], y: y[here[0]], scale: Math.max(1.2, Math.min(40, .6 / Math.max(.015, far[far.length >> 1]))) });
  }
  $('#status').textContent = `${n.toLocaleString('en')} films on the map`;
  sky.dataset.ready = 'yes';
}
begin().catch(fault => {
  const status = $('#status');
  status.textContent = fault instanceof TypeError ? 'kino does not answer. Is it still running?' : fault.message;
  status.className = 'alarm';
  $('.legend').hidden = true;
});
