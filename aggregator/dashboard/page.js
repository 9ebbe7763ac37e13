/*
 * Moves the numbers of a site's page: a WebSocket brings the newest state, and
 * what has changed is written as text.  The page is complete without this file.
 * Text goes in by textContent and attributes only, never as HTML.
 */
'use strict';

(() => {
  const FIRST_WAIT_MS = 1000;
  const LONGEST_WAIT_MS = 30000;
  const MINUTES = 30;

  const byId = (id) => document.getElementById(id);
  const language = document.documentElement.lang;
  // Made when they are needed: the first picture waits for none of them.
  const once = (make) => {
    let made = null;
    return () => (made ??= make());
  };
  const number = once(() => new Intl.NumberFormat(language));
  const depth = once(() => new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }));
  const clock = once(() => new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { timeStyle: 'short', hourCycle: 'h23' }));
  const plurals = once(() => new Intl.PluralRules(language));
  const board = byId('board');
  if (!board) return; // the view of a segment has no live numbers
  const chart = byId('chart');
  const tip = byId('tip');
  const bars = [...chart.querySelectorAll('g')];
  const site = document.querySelector('.site').textContent;
  const address = location.origin.replace(/^http/, 'ws') + location.pathname.replace(/\/$/, '') + '/live';

  let minutes = bars.map((bar) => ('n' in bar.dataset ? Number(bar.dataset.n) : null));
  let atMs = Date.now();
  let chosen = -1;
  let tries = 0;
  let timer = 0;
  let socket = null;

  // ---- numbers ----

  function put(id, text) {
    const node = byId(id);
    if (node.textContent !== text) node.textContent = text;
  }

  // A message of the page, as language/say.h has it, with its places filled.
  function say(key, places) {
    return document.body.dataset[key].replace(/\{(\w+)((?:\|[^{}]*)?)\}/g, (all, name, forms) => {
      const value = places[name];
      if (!forms) return typeof value === 'number' ? number().format(value) : value;
      const category = plurals().select(Number(value) || 0);
      return forms.split('|').find((form) => form.startsWith(`${category}:`)).replace(/^\w+: ?/, '');
    });
  }

  // null: the storage tells no number just now.
  function figure(n) {
    return n === null ? '–' : number().format(n);
  }

  function ago(i) {
    const n = MINUTES - 1 - i;
    const at = clock().format(new Date(atMs - n * 60000));
    return say(n === 0 ? 'thisMinute' : 'minutesAgo', {clock: at, n});
  }

  // How high each bar is, in thousandths of the chart, the server says.
  function draw({top, heights}) {
    const percent = (thousandths) => `${thousandths / 10}%`;
    bars.forEach((bar, i) => {
      const fill = bar.querySelector('.fill');
      fill.setAttribute('y', percent(1000 - heights[i]));
      fill.setAttribute('height', percent(heights[i]));
      bar.classList.toggle('none', !minutes[i]);
    });
    byId('scale-top').textContent = number().format(top);
  }

  // What to know beside the numbers.  What stays is left alone: a screen
  // reader says each sentence once.
  function notice(conditions) {
    const box = byId('notices');
    const said = (condition) => condition.texts?.[language] ?? condition.text;
    const texts = conditions.map(said);
    [...box.children].filter((node) => !texts.includes(node.textContent)).forEach((node) => node.remove());
    conditions.forEach((condition, i) => {
      if (box.children[i]?.textContent === said(condition)) return;
      const node = document.createElement('p');
      node.className = 'notice';
      node.dataset.kind = condition.kind;
      node.textContent = said(condition);
      box.insertBefore(node, box.children[i] ?? null);
    });
  }

  function show(news) {
    const today = news.today;
    atMs = news.at;
    minutes = news.pageviews_30m;
    put('visitors', figure(news.visitors));
    put('recent', figure(minutes.includes(null) ? null : minutes.reduce((sum, n) => sum + n, 0)));
    put('today-visitors', figure(today.visitors));
    put('today-visits', figure(today.visits));
    put('today-pageviews', figure(today.pageviews));
    put('today-depth', today.visits ? depth().format(today.pageviews / today.visits) : '–');
    notice(news.conditions);
    board.toggleAttribute('data-quiet', !news.visitors);
    document.title = say('titleNow', {visitors: figure(news.visitors), site});
    draw(news.bars);
    if (chosen >= 0) choose(chosen);
    document.dispatchEvent(new CustomEvent('glinto:live', {detail: today.pageviews}));
  }

  // ---- one minute ----

  function choose(i) {
    bars.forEach((bar, k) => bar.classList.toggle('chosen', k === i));
    chosen = i;
    tip.hidden = i < 0;
    if (i < 0) return;
    tip.textContent = `${say('minutePageviews', {n: minutes[i] ?? '–'})} · ${ago(i)}`;
    const half = tip.offsetWidth / 2;
    const middle = ((i + 0.5) / MINUTES) * chart.clientWidth;
    const left = Math.min(Math.max(middle, half), Math.max(chart.clientWidth - half, half));
    tip.style.left = `${left}px`;
  }

  function pointed(event) {
    const box = chart.getBoundingClientRect();
    const i = Math.floor(((event.clientX - box.left) / box.width) * MINUTES);
    choose(i >= 0 && i < MINUTES ? i : -1);
  }

  function keyed(event) {
    const moves = { ArrowLeft: chosen - 1, ArrowRight: chosen + 1, Home: 0, End: MINUTES - 1 };
    if (event.key === 'Escape') return choose(-1);
    if (!(event.key in moves)) return undefined;
    event.preventDefault();
    const from = chosen < 0 ? MINUTES - 1 : moves[event.key];
    choose(Math.min(Math.max(from, 0), MINUTES - 1));
    byId('readout').textContent = tip.textContent;
    return undefined;
  }

  // ---- connection ----

  function live() {
    tries = 0;
    byId('state').dataset.state = 'live';
    byId('state-text').textContent = say('live');
    byId('notice').hidden = true;
    byId('away').hidden = true;
    board.removeAttribute('data-stale');
    board.setAttribute('data-pulse', '');
  }

  function paused() {
    const state = byId('state');
    if (state.dataset.state === 'paused') return;
    state.dataset.state = 'paused';
    byId('state-text').textContent = say('paused');
    byId('notice').textContent = say('pausedSince', {clock: clock().format(new Date())});
    byId('notice').hidden = false;
    byId('away').hidden = true;
    board.setAttribute('data-stale', '');
  }

  // Twice as long each time, and never all pages at once.
  function again() {
    const wait = Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS);
    tries += 1;
    clearTimeout(timer);
    timer = setTimeout(connect, wait / 2 + Math.random() * (wait / 2));
  }

  function connect() {
    clearTimeout(timer);
    const mine = new WebSocket(address);
    socket = mine;
    mine.onmessage = (message) => {
      live();
      show(JSON.parse(message.data));
    };
    mine.onclose = () => {
      if (socket !== mine) return;
      socket = null;
      paused();
      again();
    };
  }

  function now() {
    if (socket === null) {
      tries = 0;
      connect();
    }
  }

  chart.addEventListener('pointermove', pointed);
  chart.addEventListener('pointerdown', pointed);
  chart.addEventListener('pointerleave', () => choose(-1));
  chart.addEventListener('blur', () => choose(-1));
  chart.addEventListener('keydown', keyed);
  addEventListener('online', now);
  addEventListener('offline', () => socket && socket.close());
  document.addEventListener('visibilitychange', () => document.hidden || now());
  // Behind the first picture.
  if (document.readyState === 'complete') connect();
  else addEventListener('load', () => setTimeout(now));
})();
