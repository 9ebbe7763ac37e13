// The page of a site while visits come: node follow.mjs http://127.0.0.1:PORT
// A line "/PATH" on standard output asks follow.t for a pageview of that path.

import {withBrowser} from './browser.mjs';
import {figures, rows, walk} from './walk.mjs';

const site = `${process.argv[2]}/glinto/a.example`;
const {must, same, checks} = walk();

const shows = (page, path) =>
    page.waitForFunction(
        (want) =>
            [...document.querySelectorAll('#pages .rows a')].some(
                (link) => link.textContent === want,
            ),
        path,
    );
const lastPoint = (page) =>
    page.locator('#plot g').last().getAttribute('data-n');

await withBrowser(
    async ({page}) => {
        let asked = 0;
        page.on('request', (request) => {
            if (request.resourceType() === 'xhr') asked += 1;
        });
        await page.goto(`${site}?period=day&metric=pageviews`);
        await page.waitForSelector('#state[data-state=live]');
        const before = Number((await figures(page))[2]);
        must(before >= 1, 'there was a visit');
        await page.evaluate(() => (window.loadedOnce = true));
        const link = page.locator('#pages .rows a').first();
        const href = await link.getAttribute('href');
        await link.focus();
        same(asked, 0, 'a page asks for nothing by itself');

        console.log('/second');
        await shows(page, '/second');
        same(Number((await figures(page))[2]), before + 1, 'the headline');
        same(Number(await lastPoint(page)), before + 1, 'the last point');
        must(
            (await page.locator('.figure[data-metric=pageviews] .moved')
                .count()) === 1,
            'what has changed glints',
        );
        same(
            await page.evaluate(() =>
                document.activeElement.getAttribute('href'),
            ),
            href,
            'the focus is where it was',
        );
        same(asked, 1, 'by one request');

        // so soon after that it has to wait, and is not forgotten
        console.log('/third');
        await shows(page, '/third');
        same((await rows(page, 'pages')).length, 3, 'each of the pages');
        same(asked, 2, 'by another');
        must(await page.evaluate(() => window.loadedOnce), 'it was one page');
        console.log(`ok ${checks()}`);
    },
    {driven: true},
);
