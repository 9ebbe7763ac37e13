// Every view by axe-core and html-validate: node views.mjs http://127.0.0.1:PORT

import {withBrowser} from './browser.mjs';
import {faults, look, validate} from './look.mjs';

const base = process.argv[2];
const VIEWS = [
    '/glinto/',
    '/glinto/a.example',
    '/glinto/a.example?period=day&metric=bounce_rate&compare=off',
    '/glinto/a.example?period=91d&f=is,visit:country,DE&f=contains,event:page,a',
    '/glinto/a.example?period=12mo&detail=pages&q=a',
    '/glinto/a.example?period=28d&detail=countries&sort=name',
    '/glinto/a.example?behaviour=funnels&places=countries&sources=mediums',
    '/glinto/a.example?behaviour=properties&f1=is,visit:country,DE&f1=is,visit:os,iOS',
    '/glinto/a.example?period=month&f=is,event:goal,Order&metric=conversion_rate',
    '/glinto/a.example?behaviour=journeys&journey=/',
    '/glinto/a.example?behaviour=events&devices=languages&pages=hostnames',
    '/glinto/a.example?behaviour=retention&devices=systems&places=cities',
    '/glinto/a.example?behaviour=uncounted&period=day&interval=hour',
    '/glinto/a.example?behaviour=served&period=28d',
    '/glinto/a.example?detail=goals',
    '/glinto/a.example/summary',
    '/glinto/new.example?behaviour=goals',
    '/glinto/a.example?f=is,event:nothing,x',
    '/glinto/new.example',
    '/glinto/none.example',
];
// Colours are all that is different.
const DARK = VIEWS.filter((_, n) => n % 3 === 1);

// A browser each, and so its time.
for (const [colorScheme, views] of [
    ['light', VIEWS],
    ['dark', DARK],
])
    await withBrowser(
        async ({browser}) => {
            const context = await browser.newContext({colorScheme});
            const page = await context.newPage();
            for (const url of views) {
                const answer = await page.goto(base + url);
                if (colorScheme === 'light')
                    await validate(url, await answer.text());
                await look(page, `${colorScheme} ${url}`);
            }
            if (faults.length) throw Error(`\n${faults.join('\n')}`);
        },
        {driven: true},
    );
