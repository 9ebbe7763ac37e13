// Payloads on every view: node hostile.mjs http://127.0.0.1:PORT PAYLOADS.json
//
// Each view is loaded with the page's policy switched off, so that what would
// run does, and is looked through for what could: an attribute on..., an
// address of a script, an element that is none of ours.  Then the first view
// with the policy on.

import {readFileSync} from 'node:fs';
import {withBrowser} from './browser.mjs';
import {control, inspect, watch} from './could_run.mjs';

const base = `${process.argv[2]}/glinto/a.example`;
const payloads = JSON.parse(readFileSync(process.argv[3], 'utf8'));
const LIMIT_MS = 110000;
const TABS = 4; // pages that are loaded at a time

const escaped = (text) => text.replace(/[\\|]/g, '\\$&');
const address = (pairs) =>
    `?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')}`;
const filters = (payload) =>
    [
        'visit:source',
        'visit:utm_source',
        'visit:utm_medium',
        'visit:utm_campaign',
        'visit:utm_content',
        'visit:utm_term',
        'visit:browser',
        'visit:os',
        'visit:city',
        'event:name',
        // a dimension ends at the first comma
        ...(payload.includes(',') ? [] : [`event:props:${payload}`]),
    ].map((by) => ['f', `is,${by},${escaped(payload)}`]);

// The views, each with how often the payload stands in it at least.
const views = (payload) => [
    [
        address([['period', '7d'], ...filters(payload)]),
        filters(payload).length,
    ],
    [
        address([
            ['period', '7d'],
            ['f', `is,visit:utm_campaign,${escaped(payload)}`],
            ['sources', 'campaigns'],
            ['pages', 'exits'],
            ['places', 'cities'],
            ['devices', 'systems'],
        ]),
        4,
    ],
    [
        address([
            ['period', '7d'],
            ['detail', 'campaigns'],
            ['q', payload],
        ]),
        1,
    ],
    [address([['f', `is,event:${payload},${payload}`]]), 0],
];

const faults = [];
const fault = (view, what) => faults.push(`${view}: ${what}`);

const load = async (page, payload, [view, least]) => {
    await page.goto(base + view);
    const {bad, n} = await page.evaluate(inspect, payload);
    for (const what of bad) fault(view, what);
    if (n < least) fault(view, `${n} times there, not ${least}`);
};

// WORK on each of LIST, by some pages of a context at a time.
const each = async (browser, options, list, work) => {
    const context = await browser.newContext(options);
    const left = [...list];
    const run = async () => {
        const page = watch(await context.newPage(), fault);
        while (left.length) await work(page, left.shift());
        await page.close();
    };
    await Promise.all(Array.from({length: TABS}, run));
    await context.close();
};

await withBrowser(
    async ({browser}) => {
        await control(browser, base);
        await each(browser, {bypassCSP: true}, payloads, async (page, payload) => {
            for (const view of views(payload)) await load(page, payload, view);
        });
        await each(browser, {}, payloads, (page, payload) =>
            load(page, payload, views(payload)[0]),
        );
        if (faults.length) throw Error(`\n${faults.join('\n')}`);
    },
    {driven: true, limit_ms: LIMIT_MS},
);
