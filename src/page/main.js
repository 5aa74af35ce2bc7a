/* main.js - the page as the server sends it, without loading it anew: links and the form fetch the next page and put
 * its parts in place. So all films are written by the server alone, and the URL says everything. */
import { combobox } from './combobox.js';

const $ = (selector, root = document) => root.querySelector(selector);
/* Tells what screen readers read out; in sight as well where it is nothing that the page shows. */
function say(text, seen = false) {
  const status = $('#status');
  status.textContent = text;
  status.className = seen ? 'alarm' : 'away';
}
const GONE = 'kino does not answer. Is it still running?';
let running = null, timer = 0;

/* The question that the form asks, without what is empty or as usual. */
function asked() {
  const form = $('#ask'), query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const field = form.elements[name];
    if (value.trim() && value !== field?.dataset?.usual)
      query.append(name, value.trim());
  }
  return query;
}

function addressOf(query) {
  return new URL(query.size ? `?${query}` : './', document.baseURI);
}

/* ---- putting a page in place ---- */

/* Where the focus is, in words that hold in the next page. */
function focused() {
  const at = document.activeElement;
  const card = at?.closest?.('.card, .chip'), list = card?.parentElement;
  if (!card)
    return at?.id ? () => document.getElementById(at.id) : () => null;
  const group = card.className.split(' ')[0], index = [...list.children].indexOf(card), kind = at.className;
  return () => {
    const same = document.getElementById(card.id), all = document.querySelectorAll(`.${group}`);
    const next = same || all[Math.min(index, all.length - 1)];
    return next && ((kind && next.querySelector(`.${CSS.escape(kind)}`)) || $('h3 a, a', next)) || $('#q');
  };
}

function place(page, keepForm) {
  const refocus = focused(), whole = $('.whole');
  whole.className = $('.whole', page).className;
  $('#answer').replaceWith($('#answer', page));
  if (keepForm) {
    $('#chips').replaceWith($('#chips', page));
  } else {
    const open = $('.dials').open;
    $('#ask').replaceWith($('#ask', page));
    $('.dials').open ||= open;
    prepareForm();
  }
  $('.top nav').replaceWith($('.top nav', page));
  document.title = page.title;
  const at = refocus();
  if (at && at !== document.activeElement)
    at.focus({ preventScroll: true });
  mend();
  offerElsewhere();
  say($('#status', page).textContent);
}

async function go(address, { keepForm = false, history: how = 'push', fresh = false } = {}) {
  running?.abort();
  clearTimeout(timer);
  const mine = running = new AbortController();
  document.body.classList.add('busy');
  try {
    const answer = await fetch(address, { signal: mine.signal, headers: { Accept: 'text/html' },
                                          cache: fresh ? 'no-store' : 'default' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!$('#answer', page))
      throw new Error('not a page of ours');
    const name = $('link[rel=canonical]', page)?.getAttribute('href');
    const url = name ? new URL(name, document.baseURI) : new URL(answer.url);
    if (how === 'push' && url.href !== location.href)
      history.pushState(null, '', url);
    else if (how !== 'none')
      history.replaceState(null, '', url);
    place(page, keepForm);
  } catch (fault) {
    if (fault.name !== 'AbortError')
      say(GONE, true);
  } finally {
    if (running === mine)
      document.body.classList.remove('busy');
  }
}

/* ---- the form ---- */

function toTop() {
  if ($('#answer').getBoundingClientRect().top < 0)
    scrollTo({ top: 0 });
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(() => go(addressOf(asked()), { keepForm: true }), ms);
}

function prepareForm() {
  const form = $('#ask');
  combobox($('#q'), $('#found'), {
    say,
    lost: () => say(GONE, true),
    choose(film) {
      const query = asked();
      query.delete('q');
      if (!query.getAll('like').includes(String(film.id)))
        query.append('like', film.id);
      $('#q').value = '';
      go(addressOf(query));
    },
  });
  form.addEventListener('submit', event => {
    event.preventDefault();
    go(addressOf(asked()));
  });
  form.addEventListener('input', event => {
    const field = event.target;
    if (field.id === 'q')
      return;
    if (field.type === 'checkbox' && field.checked)  /* wanted, or not wanted: not both */
      for (const other of field.closest('.genre').querySelectorAll('input'))
        other.checked = other === field;
    const told = field.id && $(`output[for=${field.id}]`);
    if (told)
      told.value = field.value;
    if (form.checkValidity())
      later(field.type === 'text' || field.type === 'number' ? 350 : field.type === 'range' ? 60 : 0);
  });
}

/* ---- a film that the catalogue has not ---- */

function button(text, act) {
  const node = document.createElement('button');
  node.type = 'button';
  node.className = 'press';
  node.textContent = text;
  node.addEventListener('click', act);
  return node;
}

/* Adds the film that TMDB has under this title or id, and goes on with it; or shows which ones it has. */
async function add(box, film) {
  say('Asking TMDB');
  for (const other of box.querySelectorAll('button'))
    other.disabled = true;
  const answer = await fetch('api/v1/movies', { method: 'POST', body: JSON.stringify(film),
                                                headers: { 'Content-Type': 'application/json' } }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  const added = answer?.ok && (told?.movie ?? told)?.id;
  if (added) {
    const query = asked();
    query.delete('q');
    query.append('like', added);
    return go(addressOf(query));
  }
  const note = document.createElement('p'), list = document.createElement('ul');
  note.className = 'note';
  note.textContent = told?.error?.message ?? GONE;
  list.className = 'list';
  for (const one of told?.candidates ?? []) {
    const item = document.createElement('li'), name = document.createElement('bdi');
    name.textContent = one.year ? `${one.title} (${one.year}) ` : `${one.title} `;
    item.append(name, button('Add and go on', () => add(box, { tmdb: one.id })));
    list.append(item);
  }
  box.replaceChildren(note, list);
  box.querySelector('button')?.focus();
  say(note.textContent);
}

function offerElsewhere() {
  const box = $('#elsewhere');
  if (box)
    box.append(button('Look for it at TMDB', () => add(box, { title: box.dataset.title })));
}

/* ---- the whole ---- */

const held = event => event.metaKey || event.ctrlKey || event.altKey;

/* What lies behind a poster that does not come is drawn already. */
function mend() {
  for (const image of document.querySelectorAll('.poster img'))
    if (image.complete && !image.naturalWidth)
      image.remove();
}

document.addEventListener('error', event => {
  if (event.target.matches?.('.poster img'))
    event.target.remove();
}, true);

document.addEventListener('click', event => {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button || held(event) || event.shiftKey)
    return;
  const to = new URL(link.href);
  if (to.origin !== location.origin || to.pathname !== new URL('./', document.baseURI).pathname || link.hash)
    return;
  event.preventDefault();
  const stays = link.closest('.acts, .chip, .further');
  go(to, { fresh: to.searchParams.has('surprise') }).then(() => stays || toTop());
});

document.addEventListener('keydown', event => {
  if (event.key !== '/' || held(event) || event.target.closest?.('input, select, textarea'))
    return;
  event.preventDefault();
  $('#q').focus();
  $('#q').select();
});

addEventListener('popstate', () => go(location.href, { history: 'none' }));
prepareForm();
mend();
offerElsewhere();
