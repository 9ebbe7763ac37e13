// Totals of another product on the page: node totals.mjs
// http://127.0.0.1:PORT DATE, that of the totals.  The line "events" on
// standard output asks totals.t for three visits of the day before yesterday.

import {withBrowser} from './browser.mjs';
import {figures, rows, texts, walk} from './walk.mjs';

const [base, date] = process.argv.slice(2);
const site = `${base}/glinto/a.example`;
const {must, same, checks} = walk();
const hint = (page) => texts(page, '#imported');
const until = async (page, want) => {
    for (;;) {
        await page.goto(`${site}?period=28d`);
        if ((await figures(page))[0] === want) return;
    }
};


// Texts that run into each other, at WIDTH: headline and lists.
const collisions = async (page, width) => {
    await page.setViewportSize({width, height: 800});
    return page.evaluate(() => {
        const box = (element) => {
            const range = document.createRange();
            range.selectNodeContents(element);
            return {text: element.textContent, ...range.getBoundingClientRect().toJSON()};
        };
        const meet = (a, b) =>
            a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        const all = [...document.querySelectorAll('.figure .number, .rows td.amount')].map(box);
        return all.flatMap((one, i) =>
            all.slice(i + 1)
                .filter((other) => one.width > 0 && meet(one, other))
                .map((other) => `${one.text} ${other.text}`));
    });
};

await withBrowser(
    async ({browser}) => {
        const context = await browser.newContext({javaScriptEnabled: false});
        const page = await context.newPage();
        await page.goto(`${site}?period=28d`);
        same(
            (await figures(page)).slice(0, 3),
            ['40', '50', '100'],
            'totals alone are no empty page',
        );
        must(/^With totals/.test((await hint(page))[0]), 'and are named');
        await page.goto(`${site}?period=all`);
        must(
            (await page.locator('#plot g').first().getAttribute('data-from'))
                .startsWith(date),
            'all time begins with them',
        );
        console.log('events');
        await until(page, '43');
        same(
            await rows(page, 'devices'),
            [
                ['Safari', '40', '93%'],
                ['Firefox', '3', '7%'],
            ],
            'in a list',
        );
        await page.click('#devices >> text=Firefox');
        same((await figures(page))[0], '3', 'and under a filter of theirs');
        await page.click('#sources >> text=Direct');
        same((await figures(page))[0], '3', 'not under two');
        must(/^Without totals/.test((await hint(page))[0]), 'which is said');
        await page.goto(`${base}/glinto/big.example?period=28d`);
        same((await figures(page))[2], '1,278,245,456', 'a thousand millions');
        for (const width of [1280, 1030, 800, 360])
            same(await collisions(page, width), [], `apart at ${width}`);
        console.log(`ok ${checks()}`);
    },
    {driven: true},
);
