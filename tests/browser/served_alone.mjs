// The page of a site without an event, of which nginx has served pages: node
// served_alone.mjs http://127.0.0.1:PORT.  A line "visit N" on standard output
// asks served_alone.t for one pageview.

import {withBrowser} from './browser.mjs';
import {all, figures, walk} from './walk.mjs';

const [base] = process.argv.slice(2);
const site = `${base}/glinto/a.example`;
const {must, same, checks} = walk();
const lines = (page, n) =>
    all(page, `#behaviour .sides section:nth-child(${n}) tbody tr`, (rows) =>
        rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim())),
    );
const open = (page) => page.locator('#behaviour [aria-current]').innerText();
const blocked = [
    ['Run the script', '0', '0'],
    ['Block scripts', '2', '2'],
    ['Unexplained clients', '1', '1'],
    ['Told by the script', '0', '0'],
];

const settled = (page) =>
    page.waitForSelector('#report:not([aria-busy])', {state: 'attached'});

const sees = async (page, what) => {
    must(await page.locator('.snippet').first().isVisible(), `${what}: how`);
    same(await open(page), 'Pages served', `${what}: that tab`);
    same(await lines(page, 1), blocked, `${what}: who blocks scripts`);
    const [slow] = await lines(page, 3);
    same([slow[0], slow[1]], ['/about', '3'], `${what}: what is slow`);
    must(/^\d+ ms$/.test(slow[4]), `${what}: its upstream, ${slow[4]}`);
    same(await lines(page, 4), [['/none', '1']], `${what}: not found`);
    same(await page.locator('.figure').count(), 0, `${what}: no headline`);
};

await withBrowser(
    async ({browser, page}) => {
        const plain = await browser.newContext({javaScriptEnabled: false});
        const still = await plain.newPage();
        await still.goto(site);
        await sees(still, 'without a script');
        await still.click('#behaviour >> text=Goals');
        await still.waitForSelector('.advice'); // another tab

        await page.goto(site);
        await sees(page, 'with one');
        await page.click('#period summary');
        await page.click('#period >> text=Yesterday');
        await settled(page);
        await page.waitForSelector('#behaviour .none-yet');
        same(await lines(page, 1), [], 'another time');
        await page.click('#later');
        await settled(page);
        await page.waitForSelector('#behaviour .sides td');
        await sees(page, 'and back');

        console.log('visit 1');
        await page.waitForSelector('.figure .number');
        same((await figures(page))[0], '1', 'the first visit');
        same(await page.locator('#empty').count(), 0, 'and all of the report');
        await page.click('#behaviour >> text=Pages served');
        await settled(page);
        await page.waitForSelector('#behaviour .sides');
        console.log('visit 2');
        await page.waitForFunction(
            () => document.querySelector('.figure .number').innerText === '2',
        );
        same(await open(page), 'Pages served', 'the tab stays open');
        same(
            (await lines(page, 1))[3],
            ['Told by the script', '2', '2'],
            'and goes on',
        );
        console.log(`ok ${checks()}`);
    },
    {driven: true},
);
