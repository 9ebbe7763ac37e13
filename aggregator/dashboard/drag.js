/*
 * The chart and the map under the pointer: what it is at, and, dragged over the
 * chart, hours or days that all numbers and lists follow while it moves; let
 * go, the page is of these.  The server draws; this reads data- attributes of
 * what is there.  The page is complete without this file.
 */
'use strict';

(() => {
  const byId = (id) => document.getElementById(id);
  const points = () => [...document.querySelectorAll('#plot g')];
  const turn = (href) => document.dispatchEvent(new CustomEvent('glinto:turn', {detail: href}));

  // Over the chart: {first, from, to: numbers of points, wanted, shown:
  // addresses}.
  let drag = null;
  let request = null;

  // ---- what the pointer is at ----

  // TEXT in TIP of BOX, over TARGET and within the box.
  function tell(tip, box, target, text) {
    const at = target.getBoundingClientRect();
    const middle = at.left + at.width / 2 - box.getBoundingClientRect().left;
    tip.textContent = text;
    const half = tip.offsetWidth / 2;
    tip.style.left = `${Math.min(Math.max(middle, half), Math.max(box.clientWidth - half, half))}px`;
  }

  function pointedAtPoint(event) {
    const point = event.target.closest?.('#plot g');
    const tip = byId('plot-tip');
    if (!tip || drag?.wanted) return;
    tip.hidden = !point;
    if (!point) return;
    const {text, n, was, wasText} = point.dataset;
    tell(tip, byId('plot'), point, `${n} · ${text}${was ? `\n${was} · ${wasText}` : ''}`);
  }

  function pointedAtCountry(event) {
    const country = event.target.closest?.('#world a');
    const tip = byId('world-tip');
    if (!tip) return;
    tip.hidden = !country;
    if (!country) return;
    const {text, n} = country.dataset;
    const world = byId('world');
    tell(tip, world, country, `${text} · ${n}`);
    tip.style.top = `${country.getBoundingClientRect().top - world.getBoundingClientRect().top}px`;
  }

  // ---- dragging ----

  // The number of the point at X.
  function at(x) {
    const all = points();
    const box = all[0].querySelector('.hit').getBoundingClientRect();
    return Math.min(Math.max(Math.floor((x - box.left) / box.width), 0), all.length - 1);
  }

  function addressOf({from, to}) {
    const all = points();
    const url = new URL(location.href);
    for (const key of ['date', 'page', 'interval']) url.searchParams.delete(key);
    url.searchParams.set('period', byId('plot').dataset.span);
    url.searchParams.set('from', all[from].dataset.from);
    url.searchParams.set('to', all[to].dataset.to);
    return url.href;
  }

  // Numbers and lists of what is dragged over; the chart stays.  One request
  // at a time: when it is answered, the next is of where the pointer is then.
  function follow() {
    if (request || !drag || drag.shown === drag.wanted) return;
    const href = drag.wanted;
    request = new XMLHttpRequest();
    request.open('GET', `${href}&part=lists`);
    request.responseType = 'document';
    request.onloadend = () => {
      const page = request.response; // {figures, cards}, or a word on why not
      request = null;
      if (!drag) return;
      drag.shown = href;
      follow(); // is counted while this is laid out
      for (const part of ['.figures', '.cards']) {
        const fetched = page?.querySelector(part);
        const shown = document.querySelector(part);
        if (fetched && shown) become(shown, fetched);
      }
    };
    request.send();
  }

  function mark() {
    const all = points();
    const text = (i) => all[i].dataset.text;
    all.forEach((point, i) => point.classList.toggle('chosen', i >= drag.from && i <= drag.to));
    byId('plot-tip').hidden = false;
    tell(byId('plot-tip'), byId('plot'), all[drag.last], drag.from === drag.to ? text(drag.from) : `${text(drag.from)} – ${text(drag.to)}`);
  }

  function begin(event) {
    const point = event.target.closest?.('#plot g[data-from]');
    if (!point || event.button || !event.isPrimary) return;
    const first = points().indexOf(point);
    drag = {first, last: first, from: first, to: first, wanted: null, shown: null};
  }

  function move(event) {
    if (!drag) return;
    const last = at(event.clientX);
    if (last === drag.last) return;
    // Only now: a click without a move is the link's.
    byId('plot').setPointerCapture(event.pointerId);
    byId('plot').dataset.drag = '';
    drag.last = last;
    drag.from = Math.min(drag.first, last);
    drag.to = Math.max(drag.first, last);
    drag.wanted = addressOf(drag);
    mark();
    follow();
  }

  function end(keep) {
    const {wanted, from, to} = drag;
    drag = null;
    delete byId('plot').dataset.drag;
    points().forEach((point) => point.classList.remove('chosen'));
    if (wanted) turn(keep && from !== to ? wanted : null);
  }

  document.addEventListener('pointerover', (event) => {
    pointedAtPoint(event);
    pointedAtCountry(event);
  });
  document.addEventListener('pointerdown', (event) => {
    pointedAtPoint(event);
    begin(event);
  });
  document.addEventListener('pointermove', move);
  document.addEventListener('pointerup', () => drag && end(true));
  document.addEventListener('pointercancel', () => drag && end(false));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !drag?.wanted) return;
    event.preventDefault();
    end(false);
  }, true);
  // A link of the chart is not dragged out of the page.
  document.addEventListener('dragstart', (event) => event.target.closest?.('#plot, #world') && event.preventDefault());
})();
