// Pictures of the demo's dashboard, for people: node screenshots.mjs
// http://127.0.0.1:PORT FOLDER WELCOME.  "make screenshots" calls it.  WELCOME
// is the first owner's link.  picture*.png are those of the README: with
// pngquant they become files of aggregator/dashboard.

import {withBrowser} from './browser.mjs';

const [base, folder, welcome] = process.argv.slice(2);
const site = `${base}/glinto/demo.example`;
const LOOKS = [
    {name: 'light', width: 1280, height: 900, colorScheme: 'light'},
    {name: 'dark', width: 1280, height: 900, colorScheme: 'dark'},
    {name: 'phone', width: 390, height: 844, colorScheme: 'light'},
    {name: 'phone-dark', width: 390, height: 844, colorScheme: 'dark'},
];
// Of one view alone: what changes is the width.
const WIDTHS = [
    {name: 'wide', width: 2560, height: 1300, colorScheme: 'light'},
    {name: 'small', width: 360, height: 740, colorScheme: 'light'},
];
// Of the first view, wide and on a telephone.
const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl'];
const VIEWS = {
    overview: '',
    filtered:
        '?period=91d&f=is,visit:country,DE&f=contains,event:page,recipes',
    today: '?period=day&metric=pageviews&sources=channels&pages=entries',
    details: '?period=12mo&detail=pages',
    funnel: '?period=91d&behaviour=funnels&places=countries',
    goal: '?period=28d&f=is,event:goal,Order&metric=conversion_rate',
    served: '?period=day&behaviour=served',
    retention: '?period=91d&behaviour=retention&sources=campaigns',
};

// Of the README, cut off below: a file, its look and view, its height.
const CUT = [
    ['picture', LOOKS[0], VIEWS.overview, 1900],
    ['picture-dark', LOOKS[1], VIEWS.filtered, 1300],
    ['picture-phone', LOOKS[2], VIEWS.overview, 1700],
    ['picture-german', LOOKS[0], '?lang=de', 1300],
];
// Of who has signed in.
const OWN = {
    sites: '/glinto/',
    week: '/glinto/demo.example/summary',
    receipt: '/glinto/demo.example/rows?period=7d',
    settings: '/glinto/demo.example/settings',
    collection: '/glinto/demo.example/settings/collection',
    reports: '/glinto/demo.example/settings/reports',
    changes: '/glinto/demo.example/settings/changes',
};

// Visits of the demo's pages, of which nginx tells, too: with our script, and
// with a browser that blocks it.
const visit = async (browser) => {
    for (let i = 1; i <= 12; i += 1) {
        const context = await browser.newContext({
            extraHTTPHeaders: {'X-Forwarded-For': `10.1.0.${i}`},
        });
        const page = await context.newPage();
        const blocks = i % 3 === 0;
        if (blocks) await page.route('**/js/**', (route) => route.abort());
        for (const path of ['/', '/pricing.html', '/about.html'].slice(i % 2))
            await Promise.all([
                blocks || page.waitForResponse('**/api/event'),
                page.goto(base + path, {waitUntil: 'load'}),
            ]);
        if (i % 5 === 0) await page.goto(`${base}/recipes/gone.html`);
        await context.close();
    }
};

const cut = async (browser) => {
    for (const [file, {width, colorScheme}, query, height] of CUT) {
        const page = await browser.newPage({
            viewport: {width, height},
            colorScheme,
        });
        await page.goto(site + query);
        await page.waitForSelector('#state[data-state=live]');
        await page.screenshot({path: `${folder}/${file}.png`});
        await page.close();
    }
};

const own = async (browser) => {
    const page = await browser.newPage();
    await page.goto(base + welcome);
    await page.getByLabel('Password').fill('three words and more');
    await Promise.all([
        page.waitForURL('**/glinto/'),
        page.getByRole('button', {name: 'Save and sign in'}).click(),
    ]);
    for (const {name, width, height, colorScheme} of LOOKS) {
        await page.setViewportSize({width, height});
        await page.emulateMedia({colorScheme});
        for (const [view, path] of Object.entries(OWN)) {
            await page.goto(base + path);
            await page.screenshot({
                path: `${folder}/${view}-${name}.png`,
                fullPage: true,
            });
        }
    }
};

await withBrowser(({browser}) => visit(browser));
await withBrowser(
    async ({browser}) => {
        await cut(browser);
        await own(browser);
        for (const {name, width, height, colorScheme} of [
            ...LOOKS,
            ...WIDTHS,
        ]) {
            const views = WIDTHS.some((one) => one.name === name)
                ? [['overview', VIEWS.overview]]
                : Object.entries(VIEWS);
            const context = await browser.newContext({
                viewport: {width, height},
                colorScheme,
            });
            const page = await context.newPage();
            for (const [view, query] of views) {
                await page.goto(site + query);
                await page.waitForSelector('#state[data-state=live]');
                await page.screenshot({
                    path: `${folder}/${view}-${name}.png`,
                    fullPage: true,
                });
            }
            await context.close();
        }
        for (const {name, ...look} of [LOOKS[0], LOOKS[2]]) {
            const page = await browser.newPage({
                viewport: {width: look.width, height: look.height},
                colorScheme: look.colorScheme,
            });
            for (const language of LANGUAGES) {
                await page.goto(`${site}?lang=${language}`);
                await page.waitForSelector('#state[data-state=live]');
                await page.screenshot({
                    path: `${folder}/language-${language}-${name}.png`,
                    fullPage: true,
                });
            }
            await page.close();
        }
    },
    {driven: true, limit_ms: 180000},
);
