/*
 * Another view of the same site without a new page: a link or form that stays
 * on it fetches that page, and its report takes the place of this one.  The
 * address says all, so that back, forward and a reload show the same.  Also
 * menus and the keyboard.
 *
 * The browser itself makes a document of what comes (XMLHttpRequest): no text
 * of ours becomes markup.  The page is complete without this file.
 */
'use strict';

(() => {
  const FRESH_MS = 4000; // between two reports for the sake of live numbers
  const LOOK_MS = 1000; // whether the reader has let go
  const COMING_MS = 2000; // whether a report that was being counted is there
  const SLOW_MS = 100; // what comes before that is not waited for in grey
  const EARLY_MS = 1000; // for so long an answer is as good as a new one

  const byId = (id) => document.getElementById(id);
  const keys = byId('keys');
  let asked = null; // the request under way
  let early = null; // {href, atMs, request}: of a link that is being pressed
  let nextMs = 0; // the next one for the sake of live numbers, at the earliest
  let timer = 0;
  let slow = 0; // timer, too
  let coming = 0; // and this
  let written = false; // in a field of the report
  let told = null; // pageviews of today, as told last
  let shown = today(document); // as the report has them

  // Pageviews of today when the report of PAGE was made, which may be older than
  // the numbers above it.
  function today(page) {
    const text = page.querySelector('#report [data-open]')?.dataset.open ?? '';
    return text === '' ? null : Number(text);
  }

  // The first view may be a minute old; this one is of now.
  const fresh = () => (location.search.replace(/^\?lang=\w+$/, '') ? location.href : `${location.search || '?'}${location.search && '&'}fresh`);

  const isHere = (url) => url.origin === location.origin && url.pathname === location.pathname;

  // ---- another report ----

  // What has the focus, to be found again: a link by where it goes.
  function focused() {
    const active = document.activeElement?.closest('#report *');
    return active && {id: active.closest('[id]').id, href: active.getAttribute('href')};
  }

  function focusAgain({id, href}) {
    if (href && document.activeElement?.getAttribute('href') === href) return;
    const within = byId(id);
    if (!within) return;
    const links = [...within.querySelectorAll('a')];
    const link = href && links.find((one) => one.getAttribute('href') === href);
    (link ?? within.querySelector('summary, a') ?? within).focus({preventScroll: true});
  }

  // Numbers of the report by what they are of.
  function numbers() {
    const report = byId('report');
    const figures = [...report.querySelectorAll('.figure')].map((one) => [one.dataset.metric, one.querySelector('.number')]);
    const rows = [...report.querySelectorAll('.list .rows tbody tr')].map((row) => [row.querySelector('a')?.getAttribute('href') ?? row.querySelector('th').textContent, row.querySelector('.amount')]);
    return [...figures, ...rows];
  }

  // The chart as one.
  const tableOf = (within, how = '') => within.querySelector(`.course .table${how}`);

  const texts = () => new Map(numbers().map(([key, node]) => [key, node.textContent]));

  // What has moved since BEFORE glints once: as another element, since of one
  // that has glinted the motion would not begin again.
  function glint(before) {
    for (const [key, node] of numbers()) {
      if (before.get(key) === node.textContent) continue;
      const moved = node.cloneNode(true);
      moved.classList.add('moved');
      node.replaceWith(moved);
    }
  }

  function put(fetched, isFresh) {
    const focus = focused();
    const before = isFresh && texts();
    if (tableOf(document, '[open]')) tableOf(fetched)?.setAttribute('open', '');
    become(byId('report'), fetched);
    if (written) byId('report').querySelectorAll('form').forEach((form) => form.reset());
    written = false;
    if (isFresh) glint(before);
    if (focus) focusAgain(focus);
  }

  // The chart's table is open, and came without its rows.
  function fillTable() {
    if (tableOf(document, '[open][data-brief]') && !asked) load(location.href);
  }

  // The report of HREF alone, without the rows of the chart's table while that
  // is closed: they are half of it.  The first view glintod has made already.
  function ask(href) {
    const isMade = !/[?&](?!lang=|fresh$)./.test(new URL(href, location.href).search);
    const request = new XMLHttpRequest();
    request.open('GET', isMade || tableOf(document, '[open]') ? href : `${href}&part=report`);
    request.responseType = 'document';
    request.send();
    return request;
  }

  const isPressed = () => early !== null && performance.now() - early.atMs < EARLY_MS;

  // What was asked for HREF when the button went down, or a new request.
  function begun(href) {
    const request = isPressed() && early.href === href ? early.request : ask(href);
    if (early && early.request !== request) early.request.abort();
    early = null;
    return request;
  }

  // IS_NEW: an address that becomes the page's when its report is there: a
  // browser has work with it, and the reader waits for the report.
  function load(href, {isFresh = false, isNew = false} = {}) {
    const of = told;
    asked?.abort();
    const request = begun(href);
    asked = request;
    clearTimeout(slow);
    if (!isFresh) {
      byId('report').setAttribute('aria-busy', 'true');
      slow = setTimeout(() => byId('report').classList.add('slow'), SLOW_MS);
    }
    const done = () => {
      if (asked !== request) return;
      asked = null;
      clearTimeout(slow);
      const report = request.response?.getElementById('report');
      nextMs = Date.now() + FRESH_MS * (1 + Math.random() / 2); // not all pages at once
      if (isFresh && isPressed()) { // or the link would be gone before the click
        freshen();
      } else if (report) {
        shown = today(request.response) ?? of;
        put(report, isFresh);
        freshen();
        // What is done now need not be when the next picture is due.
        byId('report').getBoundingClientRect();
        if (isNew) history.pushState(null, '', href);
        fillTable();
        followUp();
      } else if (!isFresh) {
        location.assign(href); // whatever it is, the browser shows it
      } else {
        followUp();
      }
    };
    if (request.readyState === XMLHttpRequest.DONE) queueMicrotask(done);
    else request.onloadend = done;
  }

  function turn(href) {
    load(new URL(href, location.href).href, {isNew: true});
  }

  const isPlain = (event) => !event.defaultPrevented && !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

  // Another view of the site in place of this one, where LINK goes; null: LINK
  // goes elsewhere.
  function viewOf(link) {
    if (!link.closest('#report') || link.hasAttribute('download')) return null;
    const url = new URL(link.href.baseVal ?? link.href, location.href);
    return isHere(url) ? url.href : null;
  }

  function clicked(event) {
    const link = event.target.closest('a');
    if (!link || !isPlain(event)) return;
    if (link.getAttribute('href')?.startsWith('#keys')) {
      event.preventDefault();
      keys.showModal();
      return;
    }
    if (link.hreflang) { // of the view of now
      const view = new URL(location.href);
      view.searchParams.set('lang', link.hreflang);
      event.preventDefault();
      location.assign(view);
      return;
    }
    const href = viewOf(link);
    if (href === null) return;
    event.preventDefault();
    turn(href);
  }

  // A button that goes down comes up a tenth of a second later: asked for then,
  // the report is there with the click.  A finger may be about to scroll; on
  // the chart, one may be about to drag.
  function pressing(event) {
    const link = event.target.closest('a');
    if (!link || !isPlain(event) || event.pointerType === 'touch' || link.closest('#plot')) return;
    const href = viewOf(link);
    if (href === null) return;
    early?.request.abort();
    early = {href, atMs: performance.now(), request: ask(href)};
  }

  function submitted(event) {
    const form = event.target;
    if (!form.closest('#report') || form.method === 'post') return;
    event.preventDefault();
    turn(`?${new URLSearchParams(new FormData(form))}`);
  }

  // The reader has hold of something that another report would take away.
  const isHeld = () => isPressed() || document.querySelector('.menu[open], #plot:hover, #plot[data-drag]') || document.activeElement?.matches('input, select');

  // Visits have come: a report of today is no longer whole.
  function freshen() {
    clearTimeout(timer);
    if (told === shown || asked || document.hidden || !byId('report').querySelector('[data-open]')) return;
    const wait = Math.max(nextMs - Date.now(), isHeld() ? LOOK_MS : 0);
    if (wait > 0) timer = setTimeout(freshen, wait);
    else load(fresh(), {isFresh: true});
  }

  // A report that is still being counted follows, whether visits come or not.
  function followUp() {
    clearTimeout(coming);
    if (!byId('coming')) return;
    coming = setTimeout(() => {
      if (asked || document.hidden) followUp();
      else if (byId('coming')) load(fresh(), {isFresh: true});
    }, COMING_MS * (1 + Math.random() / 2)); // not all pages at once
  }

  function news(pageviews) {
    const waiting = byId('waiting');
    told = pageviews;
    shown ??= pageviews;
    if (waiting && pageviews) {
      waiting.textContent = waiting.dataset.seen;
      load(fresh(), {isFresh: true});
    } else {
      freshen();
    }
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

  // The one behind the current, round and round.
  function nextInterval() {
    const links = [...document.querySelectorAll('.intervals a')];
    return links[(links.findIndex((link) => link.hasAttribute('aria-current')) + 1) % links.length];
  }

  // The Nth of the reader's sites, in the order of the list; 0 is the list.
  function toSite(n) {
    const request = new XMLHttpRequest();
    const list = document.querySelector('.brand').href; // in the reader's language
    if (n === 0) {
      location.assign(list);
      return;
    }
    request.open('GET', list);
    request.responseType = 'document';
    request.onload = () => {
      const links = [...(request.response?.querySelectorAll('.sites a') ?? [])];
      const paths = [...new Set(links.map((link) => link.getAttribute('href')))];
      if (n <= paths.length) location.assign(paths[n - 1]);
    };
    request.send();
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
    'i': () => follow(nextInterval()),
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
    const act = /^\d$/.test(name) ? () => toSite(Number(name)) : acts[name];
    const period = document.querySelector(`#period a[data-key="${CSS.escape(name.toUpperCase())}"]`);
    if (!act && !period) return;
    if (name.startsWith('Arrow') && event.target.closest('#chart, .scroll, .snippet')) return;
    event.preventDefault();
    if (act) act();
    else follow(period);
  }

  document.addEventListener('click', (event) => {
    closeMenus(event.target.closest('.menu'));
    clicked(event);
  });
  // Who goes on by keyboard leaves no menu open behind him.
  document.addEventListener('focusin', (event) => closeMenus(event.target.closest('.menu')));
  document.addEventListener('pointerdown', pressing);
  document.addEventListener('submit', submitted);
  document.addEventListener('input', () => (written = true));
  document.addEventListener('toggle', fillTable, true);
  document.addEventListener('keydown', pressed);
  document.addEventListener('glinto:live', (event) => news(event.detail));
  document.addEventListener('glinto:turn', (event) => (event.detail ? turn(event.detail) : load(location.href)));
  document.addEventListener('visibilitychange', freshen);
  addEventListener('popstate', () => load(location.href));
  byId('shortcuts').hidden = false;
  followUp();
})();
