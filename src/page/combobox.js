/* combobox.js - an editable combobox with a list, after the ARIA Authoring Practices: the text stays the user's, arrows
 * move a virtual focus, Enter takes, Escape closes and then empties. Answers that come late are dropped. */

const WAIT = 120, MOST = 10;

export function combobox(input, list, { choose, say, lost }) {
  let films = [], active = -1, timer = 0, running = null;
  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-expanded', 'false'],
                               ['aria-controls', list.id], ['aria-haspopup', 'listbox']])
    input.setAttribute(name, value);

  function close() {
    clearTimeout(timer);
    running?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }

  function mark(index) {
    const options = list.querySelectorAll('[role=option]');
    options[active]?.setAttribute('aria-selected', 'false');
    active = index;
    const option = options[active];
    if (!option)
      return input.removeAttribute('aria-activedescendant');
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', option.id);
  }

  function piece(tag, text) {
    const node = document.createElement(tag);
    node.textContent = text;
    node.dir = 'auto';
    return node;
  }

  function show(found) {
    films = found;
    active = -1;
    input.removeAttribute('aria-activedescendant');
    list.replaceChildren(...films.map((film, index) => {
      const option = document.createElement('li');
      option.id = `found-${index}`;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      option.append(piece('span', film.title || '(untitled)'), piece('small', film.year ?? ''));
      if (film.original_title && film.original_title !== film.title)
        option.append(piece('small', film.original_title));
      option.addEventListener('pointerdown', event => event.preventDefault());
      option.addEventListener('pointermove', () => active !== index && mark(index));
      option.addEventListener('click', () => take(index));
      return option;
    }));
    list.hidden = !films.length;
    input.setAttribute('aria-expanded', String(!list.hidden));
    say(films.length ? `${films.length} ${films.length === 1 ? 'film' : 'films'} to choose from`
                     : 'No film of that name here; Enter looks further');
  }

  function take(index) {
    const film = films[index];
    close();
    choose(film);
  }

  async function look() {
    const text = input.value.trim();
    running?.abort();
    if (!text)
      return close();
    const mine = running = new AbortController();
    try {
      const query = new URLSearchParams({ q: text, limit: MOST });
      const answer = await fetch(`api/v1/find?${query}`, { signal: mine.signal });
      const found = answer.ok ? (await answer.json()).results : [];
      if (running === mine && input.value.trim() === text && document.activeElement === input)
        show(found);
    } catch (fault) {
      if (fault.name !== 'AbortError') {
        close();
        lost();
      }
    }
  }

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  input.addEventListener('blur', close);
  input.addEventListener('keydown', event => {
    if (event.isComposing)
      return;
    const open = !list.hidden, last = films.length - 1;
    switch (event.key) {
    case 'ArrowDown':
      if (!open)
        look();
      else if (!event.altKey)
        mark(active === last ? 0 : active + 1);
      break;
    case 'ArrowUp':
      if (open)
        mark(active <= 0 ? last : active - 1);
      break;
    case 'Enter':
      if (!open || active < 0)
        return close();
      take(active);
      break;
    case 'Escape':
      if (!open)
        input.value = '';
      close();
      break;
    case 'Home':
    case 'End':
    case 'ArrowLeft':
    case 'ArrowRight':
      mark(-1);
      return;
    default:
      return;
    }
    event.preventDefault();
  });
}
