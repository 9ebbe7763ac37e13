// A picture of four cities, for people: node cities.mjs BUILD FILE.  "make
// screenshots" calls it.  It starts "make cities", measures how long events
// from Frankfurt take to each city's page, cuts Madrid off, and draws what the
// pages show then around a map.  With pngquant FILE becomes conf/cities.png.
// Madrid collects, too, so that each page says since when events are missing.

import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {geoMercator, geoPath} from 'd3-geo';
import {feature} from 'topojson-client';
import {withBrowser} from './browser.mjs';

const [build, file] = process.argv.slice(2);
const EVENTS = 100;
const LATE_S = 90;
const [WIDTH, HEIGHT] = [390, 440]; // of a page, as on a telephone
const [MAP_WIDTH, MAP_HEIGHT] = [420, 560];
const CITIES = {
    ams: {name: 'Amsterdam', at: [4.9, 52.37], words: [12, -8]},
    fra: {name: 'Frankfurt', at: [8.68, 50.11], words: [-2, -12]},
    mad: {name: 'Madrid', at: [-3.7, 40.42], words: [14, 6]},
    par: {name: 'Paris', at: [2.35, 48.86], words: [-52, 6]},
};
const names = Object.keys(CITIES);

const start = async () => {
    const cities = spawn('tests/cities', [build], {
        stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({input: cities.stdout})[
        Symbol.asyncIterator
    ]();
    const next = async () => (await lines.next()).value;
    const told = {city: {}, edge: {}, trip: {fra: 0}};
    for (;;) {
        const line = await next();
        if (line === undefined) throw Error('make cities does not start');
        if (line.startsWith('ready')) break;
        const [, kind, name, url] =
            line.match(/^(city|edge) (\w+): (\S+)$/) ?? [];
        if (kind) told[kind][name] = url;
        for (const [, to, ms] of line.matchAll(/fra-(\w+) (\d+) ms/g))
            told.trip[to] = Number(ms);
    }
    const command = async (words) => {
        cities.stdin.write(`${words}\n`);
        const said = await next();
        if (said !== `done: ${words}`) throw Error(said);
    };
    const ended = new Promise((resolve) => cities.on('exit', resolve));
    const stop = () => {
        cities.stdin.end();
        return ended;
    };
    return {...told, command, stop};
};

// When an event was sent, and when each page had it, by one clock.
const send = async (edge, n) => {
    const at = Date.now();
    const {status} = await fetch(edge, {
        method: 'POST',
        headers: {
            'User-Agent':
                'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 ' +
                'Firefox/133.0',
            'Accept-Language': 'en',
            'Accept-Encoding': 'gzip',
            'X-Forwarded-For': `203.0.113.${1 + (n % 40)}`,
        },
        body: JSON.stringify({
            n: 'pageview',
            u: `http://a.example/${n % 7}`,
            d: 'a.example',
        }),
    });
    if (status !== 202) throw Error(`the answer is ${status}`);
    return at;
};

const open = async (browser, url) => {
    const page = await browser.newPage({
        viewport: {width: WIDTH, height: HEIGHT},
    });
    await page.goto(url);
    await page.waitForSelector('#state[data-state=live]');
    await page.evaluate(() => {
        const figure = document.getElementById('today-pageviews');
        window.seen = [];
        new MutationObserver(() => window.seen.push(Date.now())).observe(
            figure,
            {childList: true, characterData: true, subtree: true},
        );
    });
    return page;
};

const measure = async (edge, pages) => {
    const took = Object.fromEntries(names.map((name) => [name, []]));
    for (let n = 0; n < EVENTS; n += 1) {
        for (const name of names)
            await pages[name].evaluate(() => (window.seen = []));
        const at = await send(edge, n);
        for (const name of names) {
            await pages[name].waitForFunction(() => window.seen.length > 0);
            took[name].push(
                (await pages[name].evaluate(() => window.seen[0])) - at,
            );
        }
    }
    for (const name of names) took[name].sort((a, b) => a - b);
    return (name, share) => took[name][Math.floor(share * (EVENTS - 1))];
};

const drawMap = (trip) => {
    const world = JSON.parse(
        readFileSync(
            new URL(
                '../../node_modules/world-atlas/countries-50m.json',
                import.meta.url,
            ),
            'utf8',
        ),
    );
    const projection = geoMercator().fitExtent(
        [
            [0, 0],
            [MAP_WIDTH, MAP_HEIGHT],
        ],
        {
            type: 'MultiPoint',
            coordinates: [
                [-8, 38.5],
                [12.5, 55],
            ],
        },
    );
    const land = geoPath(projection)(
        feature(world, world.objects.countries),
    );
    const at = (name) => projection(CITIES[name].at).map(Math.round);
    const [x, y] = at('fra');
    const lines = names
        .filter((name) => name !== 'fra')
        .map((name) => {
            const [toX, toY] = at(name);
            const cut = name === 'mad' ? ' class="cut"' : '';
            const words = cut ? 'cut' : `${trip[name]} ms`;
            return (
                `<path d="M${x} ${y}L${toX} ${toY}"${cut}/>` +
                `<text x="${(x + toX) / 2 - 44}" y="${(y + toY) / 2 + 20}">` +
                `${words}</text>`
            );
        });
    const dots = names.map((name) => {
        const [cx, cy] = at(name);
        const [dx, dy] = CITIES[name].words;
        return (
            `<circle cx="${cx}" cy="${cy}" r="6"/><text class="name" ` +
            `x="${cx + dx}" y="${cy + dy}">${CITIES[name].name}</text>`
        );
    });
    return (
        `<svg width="${MAP_WIDTH}" height="${MAP_HEIGHT}"><path class="land" ` +
        `d="${land}"/>${lines.join('')}${dots.join('')}</svg>`
    );
};

const card = (name, picture, share, trip) =>
    `<figure class="${name}"><figcaption><b>${CITIES[name].name}</b> ` +
    `${trip[name] ? `${trip[name]} ms from Frankfurt` : 'primary'}<br>` +
    `event to page: ${share(name, 0.5)} ms, p99 ${share(name, 0.99)} ms` +
    '</figcaption>' +
    `<img src="data:image/png;base64,${picture.toString('base64')}"></figure>`;

const STYLE = `
body { margin: 0; padding: 16px; width: 1268px; background: #f4f5f3;
    font: 15px/1.35 system-ui, sans-serif; color: #1d2520; display: grid;
    grid-template: auto auto / ${WIDTH}px 1fr ${WIDTH}px; gap: 16px 30px; }
figure { margin: 0; } figcaption { padding: 0 2px 6px; }
img { display: block; border: 1px solid #b9c1bb; border-radius: 8px; }
.ams, .mad { grid-column: 1; } .fra, .par { grid-column: 3; }
.ams, .fra { grid-row: 1; } .mad, .par { grid-row: 2; }
.mad img { border: 2px solid #b3402e; }
main { grid-column: 2; grid-row: 1 / 3; align-self: center; }
main p { margin: 12px 0 0; }
svg { border-radius: 8px; background: #dfe8ee; }
svg path { fill: none; stroke: #2b6b4c; stroke-width: 2; }
svg .land { fill: #fff; stroke: #c4ccc6; stroke-width: .7; }
svg .cut { stroke: #b3402e; stroke-dasharray: 6 5; }
svg circle { fill: #1d2520; } svg text { font-size: 14px; fill: #1d2520;
    paint-order: stroke; stroke: #fff; stroke-width: 3px; }
svg .name { font-weight: 700; }`;

const draw = async (browser, pictures, share, trip) => {
    const page = await browser.newPage({
        viewport: {width: 1300, height: 1000},
    });
    const cards = names.map((name) => card(name, pictures[name], share, trip));
    await page.setContent(
        `<!doctype html><style>${STYLE}</style>${cards.join('')}<main>` +
            `${drawMap(trip)}<p>One site, four cities: PostgreSQL streams ` +
            'from Frankfurt, and each city answers its readers by itself. ' +
            'Madrid is cut off: its page goes on with what it has, the others ' +
            'without what Madrid collects, and all say so.' +
            '</p></main>',
    );
    await page.screenshot({path: file, fullPage: true});
};

const cities = await start();
await withBrowser(
    async ({browser}) => {
        const pages = {};
        await send(cities.edge.fra, 0); // the first visitor
        for (const name of names)
            pages[name] = await open(browser, cities.city[name]);
        const share = await measure(cities.edge.fra, pages);
        await cities.command('cut mad');
        for (let n = 0; n < 5; n += 1) await send(cities.edge.fra, n);
        for (const name of names)
            await pages[name].waitForFunction(
                () =>
                    [...document.querySelectorAll('#notices .notice')].some(
                        (one) => one.textContent.includes('Events since'),
                    ),
                null,
                {timeout: LATE_S * 1000},
            );
        const pictures = {};
        for (const name of names)
            pictures[name] = await pages[name].screenshot();
        await draw(browser, pictures, share, cities.trip);
    },
    {driven: true, limit_ms: 240000},
);
await cities.stop();
