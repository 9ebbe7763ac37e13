// How many pictures a second follow the pointer that is dragged over the chart:
//
//     node dragging.mjs http://127.0.0.1:PORT SITE PERIOD SECONDS AUTHORIZATION
//
// A picture is a frame of the browser before which the numbers have changed.
// Each must be of one range: all links of the headline and the lists name the
// same, and all of its numbers are the Stats API's for it.  Prints {pictures,
// seconds, ranges, gap_ms: [...], wrong: [...]} as JSON.

import {withBrowser} from './browser.mjs';

const [origin, site, period, seconds, authorization] = process.argv.slice(2);
const WRONG_MAX = 5;

// In the page: what each new picture shows, from now on.
const record = () => {
    window.pictures = [];
    let isNew = false;
    new MutationObserver((changes) => {
        const parts = '.figures, .cards';
        isNew ||= changes.some(
            ({target, addedNodes}) =>
                target.parentElement.closest(parts) ||
                [...addedNodes].some((node) => node.matches?.(parts)),
        );
    }).observe(document.getElementById('report'), {
        attributeFilter: ['href'],
        characterData: true,
        childList: true,
        subtree: true,
    });
    const pairs = (link) =>
        new URL(link.getAttribute('href'), location.href).searchParams;
    const rows = () =>
        [...document.querySelectorAll('.cards .rows tbody tr')].map((row) => [
            pairs(row.querySelector('a[href^="?"]')).getAll('f').at(-1),
            row.querySelector('.amount').textContent,
        ]);
    const spans = () =>
        [
            ...document.querySelectorAll(
                '.figures a[href^="?"], .cards a[href^="?"]',
            ),
        ].map(
            (link) => `${pairs(link).get('from')} ${pairs(link).get('to')}`,
        );
    const figures = () =>
        [...document.querySelectorAll('.figure')].map((one) => [
            one.dataset.metric,
            one.querySelector('.number').textContent,
        ]);
    const look = (at) => {
        if (isNew) {
            window.pictures.push({
                at,
                spans: [...new Set(spans())],
                figures: figures(),
                rows: rows(),
            });
        }
        isNew = false;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
};

// Over all points but the first, there and back, a point a move.
const drag = async (page) => {
    const boxes = await page.evaluate(() =>
        [...document.querySelectorAll('#plot g .hit')].map((hit) => {
            const {left, width, top, height} = hit.getBoundingClientRect();
            return [left + width / 2, top + 0.8 * height]; // no text is there
        }),
    );
    await page.mouse.move(...boxes[0]);
    await page.mouse.down();
    const begun = performance.now();
    const last = boxes.length - 1;
    for (let i = 0; performance.now() - begun < 1000 * seconds; i += 1) {
        const at = i % (2 * last);
        await page.mouse.move(...boxes[at <= last ? at : 2 * last - at]);
    }
    const took = performance.now() - begun;
    return {took, pictures: await page.evaluate(() => window.pictures)};
};

const number = (text) => Number(text.replaceAll(',', ''));

// What the API says to the same: of one range, all questions of a picture.
const ask = async (span, dimensions) => {
    const counted = {metrics: ['visitors', 'visits', 'pageviews']};
    const answer = await fetch(`${origin}/api/v2/query`, {
        method: 'POST',
        headers: {authorization, 'content-type': 'application/json'},
        body: JSON.stringify({
            site_id: site,
            date_range: span.split(' '),
            queries: [
                {...counted, dimensions: []},
                ...dimensions.map((dimension) => ({
                    ...counted,
                    dimensions: [dimension],
                    pagination: {limit: 1000},
                })),
            ],
        }),
    });
    const {answers, error} = await answer.json();
    if (error) throw Error(error);
    const [all, ...lists] = answers.map(({results}) => results);
    return {
        figures: all[0].metrics,
        lists: new Map(
            lists.map((results, i) => [
                dimensions[i],
                new Map(results.map((row) => [row.dimensions[0], row.metrics[0]])),
            ]),
        ),
    };
};

// What is wrong with PICTURE; KNOWN: answers by range.
const faults = async ({spans, figures, rows}, known) => {
    if (spans.length !== 1) return [`of ${spans.length} ranges: ${spans}`];
    const pairs = rows.map(([filter, n]) => {
        const [, dimension, ...value] = filter.split(',');
        return [dimension, value.join(','), number(n)];
    });
    const dimensions = [...new Set(pairs.map(([dimension]) => dimension))];
    if (dimensions.length < 4) return [`${dimensions.length} lists`];
    const key = `${spans[0]} ${dimensions}`;
    if (!known.has(key)) known.set(key, await ask(spans[0], dimensions));
    const {figures: counted, lists} = known.get(key);
    const wrong = figures
        .slice(0, 3)
        .filter(([, n], i) => number(n) !== counted[i])
        .map(([metric, n]) => `${spans[0]}: ${n} ${metric}, not ${counted}`);
    for (const [dimension, value, n] of pairs) {
        const said = lists.get(dimension).get(value);
        if (said !== n)
            wrong.push(`${spans[0]}: ${value}: ${n}, the API says ${said}`);
    }
    return wrong;
};

await withBrowser(
    async ({page}) => {
        await page.goto(`${origin}/glinto/${site}?period=${period}`);
        await page.waitForSelector('#state[data-state=live]');
        await page.evaluate(record);
        const {took, pictures} = await drag(page);
        const known = new Map();
        const wrong = [];
        for (const picture of pictures)
            wrong.push(...(await faults(picture, known)));
        console.log(
            JSON.stringify({
                pictures: pictures.length,
                seconds: took / 1000,
                ranges: known.size,
                gap_ms: pictures
                    .slice(1)
                    .map(({at}, i) => at - pictures[i].at),
                wrong: wrong.slice(0, WRONG_MAX),
            }),
        );
    },
    {driven: true},
);
