/*
 * Another view of the same site without a new page: a link or form that stays
 * on it fetches that page, and its report takes the place of this one.  The
 * address says all, so that back, forward and a reload show the same.  Also
 * menus, the keyboard, and what the pointer is at in the chart.
 *
 * The browser itself makes a document of what comes (XMLHttpRequest): no text
 * of ours becomes markup.  The page is complete without this file.
 */
'use strict';

(() => {
  const FRESH_MS = 15000; // between two reports for the sake of live numbers

  const byId = (id) => document.getElementById(id);
  const keys = byId('keys');
  let asked = null; // the request under way
  let loadedMs = Date.now();
  let seen = null; // pageviews of today when the report was made

  const isHere = (url) => url.origin === location.origin && url.pathname === location.pathname;

  // ---- another report ----

  function put(fetched) {
    const old = byId('report');
    const open = [...old.querySelectorAll('.table[open]')].length > 0;
    const focused = document.activeElement?.closest('#report [id]')?.id;
    old.replaceWith(document.adoptNode(fetched));
    if (open) byId('report').querySelector('.table')?.setAttribute('open', '');
    loadedMs = Date.now();
    seen = null;
    const again = focused && byId(focused);
    if (again) (again.querySelector('summary, a') ?? again).focus({preventScroll: true});
  }

  function load(href, ready) {
    const request = new XMLHttpRequest();
    asked?.abort();
    asked = request;
    byId('report').setAttribute('aria-busy', 'true');
    request.open('GET', href);
    request.responseType = 'document';
    request.onloadend = () => {
      if (asked !== request) return;
      asked = null;
      const report = request.response?.getElementById('report');
      if (!report) {
        location.assign(href); // whatever it is, the browser shows it
        return;
      }
      put(report);
      ready?.();
    };
    request.send();
  }

  function turn(href) {
    history.pushState(null, '', href);
    load(location.href);
  }

  function clicked(event) {
    const link = event.target.closest('a');
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const href = link.href.baseVal ?? link.href;
    if (link.getAttribute('href')?.startsWith('#keys')) {
      event.preventDefault();
      keys.showModal();
      return;
    }
    if (!link.closest('#report') || link.hasAttribute('download')) return;
    const url = new URL(href, location.href);
    if (!isHere(url)) return;
    event.preventDefault();
    turn(url.href);
  }

  function submitted(event) {
    const form = event.target;
    if (!form.closest('#report')) return;
    event.preventDefault();
    turn(`?${new URLSearchParams(new FormData(form))}`);
  }

  // Visits have come: a report of today is no longer whole.
  function freshen(pageviews) {
    const waiting = byId('waiting');
    if (waiting && pageviews) {
      waiting.textContent = 'First visit seen.';
      load(location.href);
      return;
    }
    if (byId('coming') && pageviews !== null && !asked) {
      load(location.href);
      return;
    }
    const before = seen;
    seen ??= pageviews;
    if (before === null || before === pageviews || asked || document.hidden) return;
    if (!byId('report').querySelector('[data-open]') || document.querySelector('.menu[open], #plot:hover')) return;
    if (Date.now() - loadedMs < FRESH_MS || document.activeElement?.matches('input, select')) return;
    load(location.href, () => { seen = pageviews; });
  }

  // ---- menus ----

  function closeMenus(but) {
    document.querySelectorAll('.menu[open]').forEach((menu) => {
      if (!menu.contains(but)) menu.removeAttribute('open');
    });
  }

  function openMenu(id, field) {
    const menu = byId(id);
    if (!menu) return;
    closeMenus(menu);
    menu.setAttribute('open', '');
    menu.querySelector(field).focus();
  }

  // ---- keyboard ----

  function follow(link) {
    if (!link) return false;
    turn(link.href);
    return true;
  }

  function escape() {
    if (document.querySelector('.menu[open]')) {
      const menu = document.querySelector('.menu[open]');
      closeMenus(null);
      menu.querySelector('summary').focus();
    } else {
      follow(byId('back') ?? byId('clear') ?? document.querySelector('.chip a'));
    }
  }

  const acts = {
    '?': () => keys.showModal(),
    '/': () => (byId('search') ? byId('search').focus() : openMenu('filter', 'select')),
    'c': () => openMenu('period', 'input[name=from]'),
    'x': () => openMenu('compare', 'a'),
    'r': () => byId('board').scrollIntoView({block: 'center'}),
    'Escape': escape,
    'ArrowLeft': () => follow(byId('earlier')),
    'ArrowRight': () => follow(byId('later')),
  };

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || keys.open) return;
    const typing = event.target.matches('input, select, textarea');
    if (typing && event.key !== 'Escape') return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = acts[name];
    const period = document.querySelector(`#period a[data-key="${CSS.escape(name.toUpperCase())}"]`);
    if (!act && !period) return;
    if (name.startsWith('Arrow') && event.target.closest('#chart, .scroll, .snippet')) return;
    event.preventDefault();
    if (act) act();
    else follow(period);
  }

  // ---- the chart under the pointer ----

  function pointed(event) {
    const point = event.target.closest?.('#plot g');
    const tip = byId('plot-tip');
    if (!tip) return;
    tip.hidden = !point;
    if (!point) return;
    const plot = byId('plot');
    const {text, n, was, wasText} = point.dataset;
    tip.textContent = `${n} · ${text}${was ? `\n${was} · ${wasText}` : ''}`;
    const box = point.getBoundingClientRect();
    const middle = box.left + box.width / 2 - plot.getBoundingClientRect().left;
    const half = tip.offsetWidth / 2;
    tip.style.left = `${Math.min(Math.max(middle, half), Math.max(plot.clientWidth - half, half))}px`;
  }

  document.addEventListener('click', (event) => {
    closeMenus(event.target.closest('.menu'));
    clicked(event);
  });
  document.addEventListener('submit', submitted);
  document.addEventListener('keydown', pressed);
  document.addEventListener('pointerover', pointed);
  document.addEventListener('pointerdown', pointed);
  document.addEventListener('glinto:live', (event) => freshen(event.detail));
  addEventListener('popstate', () => load(location.href));
})();
