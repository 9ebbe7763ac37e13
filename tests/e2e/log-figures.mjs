// What an access log says, counted by somebody who knows nothing of Glinto's
// code: node log-figures.mjs SITE FILE... prints figures as JSON.  The rules
// are those of conf/LOGS.md: GET, 200 or 304, no ending of a file, no bot; a
// visitor is address and agent on a UTC day; more than 30 minutes of silence end
// a visit; the site itself is no source.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const [site, ...files] = process.argv.slice(2);
const LINE = /^(\S+) \S+ (.+) \[(\d\d)\/(\w{3})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d\d)(\d\d)\] "((?:[^"\\]|\\.)*)" (\d{3}) (?:\d+|-) "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"/;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const FILES = /\.(css|js|png|jpe?g|gif|svg|ico|webp|woff2?|txt|xml|pdf|zip|json)$/i;
const BOTS = /bot\b|crawler|spider|^curl\/|python-requests|HeadlessChrome/i;
const kinds = {};
const note = kind => { kinds[kind] = (kinds[kind] ?? 0) + 1; };

function view(line) {
    const found = LINE.exec(line);
    if (!found)
        return note('unreadable');
    const [, address, , day, month, year, hour, minute, second, east, east2,
        request, status, referrer, agent] = found;
    const zone = Number(east) * 60 + (east[0] === '-' ? -1 : 1) * Number(east2);
    const at = Date.UTC(year, MONTHS.indexOf(month), day, hour, minute, second) -
        zone * 60000;
    const [method, uri] = request.split(' ');
    if (method !== 'GET')
        return note('other methods');
    const path = uri.split('?')[0];
    if (FILES.test(path))
        return note('assets');
    if (/^3/.test(status) && status !== '304')
        return note('redirects');
    if (/^4/.test(status))
        return note('4xx');
    if (/^5/.test(status))
        return note('5xx');
    if (BOTS.test(agent) || agent === '-' || agent === '')
        return note('bots');
    note('pageviews');
    const campaign = /[?&]utm_source=([^&]*)/.exec(uri);
    return { at, who: `${address} ${agent}`, path: decodeURIComponent(path),
        source: campaign ? campaign[1] : sourceOf(referrer) };
}

function sourceOf(referrer) {
    const host = referrer === '-' ? site : new URL(referrer).hostname;
    return host === site ? 'Direct / None' : host;
}

const views = [];
for (const file of files) {
    const bytes = readFileSync(file);
    const text = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
    for (const line of text.toString().split('\n').slice(0, -1)) {
        const seen = view(line);
        if (seen)
            views.push(seen);
    }
}
views.sort((a, b) => a.at - b.at || (a.path < b.path ? -1 : 1));

const DAY = 86400000, HALF_HOUR = 1800000;
const open = new Map(), visits = [];
for (const seen of views) {
    let visit = open.get(seen.who);
    if (!visit || seen.at - visit.last > HALF_HOUR) {
        visit = { first: seen.at, source: seen.source, entry: seen.path, n: 0,
            id: `${seen.who} ${Math.floor(seen.at / DAY)}` };
        visits.push(visit);
        open.set(seen.who, visit);
    }
    visit.last = seen.at;
    visit.exit = seen.path;
    visit.n++;
    seen.id = visit.id;
}

// {value: [distinct ids, how many]}
function table(list, key) {
    const rows = {};
    for (const item of list) {
        const row = rows[key(item)] ??= { ids: new Set(), n: 0 };
        row.ids.add(item.id);
        row.n++;
    }
    return Object.fromEntries(Object.entries(rows).map(([value, row]) =>
        [value, [row.ids.size, row.n]]));
}
const hour = at => new Date(Math.floor(at / 3600000) * 3600000).toISOString()
    .slice(0, 19).replace('T', ' ');
const seconds = visits.reduce((sum, visit) => sum + (visit.last - visit.first) / 1000, 0);
console.log(JSON.stringify({
    kinds, site,
    visitors: new Set(views.map(seen => seen.id)).size,
    visits: visits.length,
    pageviews: views.length,
    bounces: visits.filter(visit => visit.n === 1).length,
    seconds,
    pages: table(views, seen => seen.path),
    entries: table(visits, visit => visit.entry),
    exits: table(visits, visit => visit.exit),
    sources: table(visits, visit => visit.source),
    hours: table(views, seen => hour(seen.at)),
}));
