// Payloads on every view: node hostile.mjs http://127.0.0.1:PORT PAYLOADS.json
//
// Each view is loaded with the page's policy switched off, so that what would
// run does, and is looked through for what could: an attribute on..., an
// address of a script, an element that is none of ours.  Then the first view
// with the policy on.

import {readFileSync} from 'node:fs';
import {withBrowser} from './browser.mjs';

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

// In the page: what could run, and how often PAYLOAD stands there as text.
const inspect = (payload) => {
    const bad = [];
    const own = (src) => new URL(src, location).pathname.startsWith('/glinto/');
    for (const element of document.querySelectorAll('*')) {
        const name = element.localName;
        if (/^(iframe|object|embed|base|template|math|animate|audio|video)$/.test(name))
            bad.push(`<${name}>`);
        if (name === 'script' && !(element.src && own(element.src)))
            bad.push('a script of its own');
        for (const {name: key, value} of element.attributes) {
            if (/^on/i.test(key)) bad.push(`<${name} ${key}>`);
            if (
                /^(href|src|action|formaction|xlink:href)$/i.test(key) &&
                /^\s*(javascript|data|vbscript):/i.test(value)
            )
                bad.push(`<${name} ${key}="${value}">`);
        }
    }
    return {bad, n: document.body.textContent.split(payload).length - 1};
};

const load = async (page, payload, [view, least]) => {
    await page.goto(base + view);
    const {bad, n} = await page.evaluate(inspect, payload);
    for (const what of bad) fault(view, what);
    if (n < least) fault(view, `${n} times there, not ${least}`);
};

const watch = (page) => {
    page.on('dialog', (dialog) => {
        fault(page.url(), 'it ran');
        return dialog.dismiss();
    });
    page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text()))
            fault(page.url(), message.text());
    });
    return page;
};

// WORK on each of LIST, by some pages of a context at a time.
const each = async (browser, options, list, work) => {
    const context = await browser.newContext(options);
    const left = [...list];
    const run = async () => {
        const page = watch(await context.newPage());
        while (left.length) await work(page, left.shift());
        await page.close();
    };
    await Promise.all(Array.from({length: TABS}, run));
    await context.close();
};

// A payload that is markup does run where it is let in: the test can see it.
const control = async (browser) => {
    const context = await browser.newContext({bypassCSP: true});
    const page = await context.newPage();
    await page.goto(base);
    const [dialog] = await Promise.all([
        page.waitForEvent('dialog'),
        page.evaluate(() => {
            document.body.innerHTML = '<img src=x onerror=alert(1)>';
        }),
    ]);
    await dialog.dismiss();
    await context.close();
};

await withBrowser(
    async ({browser}) => {
        await control(browser);
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
