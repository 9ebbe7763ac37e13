// Dragging over the chart, annotations, segments, groups: node drag.mjs
// http://127.0.0.1:PORT.  What visits there are, drag.t says.

import {withBrowser} from './browser.mjs';
import {chips, figures, query, rows, texts, walk} from './walk.mjs';

const site = `${process.argv[2]}/glinto/a.example`;
const {must, same, checks} = walk();

// The last of the points, the one before it and so on.
const middle = async (page, back) => {
    const all = page.locator('#plot g');
    const box = await all.nth((await all.count()) - back).boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
};
const showsVisitors = (page, n) =>
    page.waitForFunction(
        (want) =>
            document.querySelector('.figure .number')?.textContent === want,
        `${n}`,
    );
const everything = async (page) => [
    await figures(page),
    await rows(page, 'pages'),
    await rows(page, 'places'),
    await rows(page, 'sources'),
];

const days = async (page, browser) => {
    await page.goto(`${site}?period=28d&compare=off`);
    const first = page.url();
    await page.evaluate(() => (window.loadedOnce = true));
    await page.mouse.move(...(await middle(page, 4)));
    await page.mouse.down();
    await page.mouse.move(...(await middle(page, 3)));
    await showsVisitors(page, 4 + 3);
    same(page.url(), first, 'it is not let go yet');
    same(await page.locator('#plot g').count(), 28, 'the chart stays');
    same(await page.locator('#plot g.chosen').count(), 2, 'two days of it');
    await page.mouse.move(...(await middle(page, 2)));
    await showsVisitors(page, 4 + 3 + 2);
    same(
        await rows(page, 'pages'),
        [
            ['/day4', '4', '44%'],
            ['/day3', '3', '33%'],
            ['/day2', '2', '22%'],
        ],
        'lists follow while it moves',
    );
    const seen = await everything(page);
    await page.mouse.up();
    await page.waitForFunction(() => location.search.includes('custom'));
    await page.waitForFunction(
        () => document.querySelectorAll('#plot g').length === 3,
    );
    same(await everything(page), seen, 'let go, it is the page of them');
    const fresh = await browser.newPage();
    await fresh.goto(page.url());
    same(await everything(fresh), seen, 'and of its address');
    await fresh.context().close();
    await page.goBack();
    await showsVisitors(page, 45);
    must(await page.evaluate(() => window.loadedOnce), 'it was one page');

    await page.mouse.move(...(await middle(page, 4)));
    await page.mouse.down();
    await page.mouse.move(...(await middle(page, 3)));
    await showsVisitors(page, 7);
    await page.keyboard.press('Escape');
    await showsVisitors(page, 45);
    await page.mouse.up();
    same(page.url(), first, 'Esc gives up');

    await page.mouse.click(...(await middle(page, 3)));
    await showsVisitors(page, 3);
    same(query(page).get('period'), 'day', 'a click is one day');
};

const hours = async (page) => {
    const before = query(page).get('date');
    const all = page.locator('#plot g');
    const box = async (hour) => (await all.nth(hour).boundingBox());
    const from = await box(12);
    const to = await box(13);
    await page.mouse.move(from.x + from.width / 2, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width / 2, to.y + 20);
    await showsVisitors(page, 2);
    await page.mouse.up();
    await page.waitForFunction(
        () => document.querySelectorAll('#plot g').length === 2,
    );
    same(query(page).get('period'), 'hours', 'hours of the day');
    must(query(page).get('from').startsWith(`${before}T12:00:00`), 'from');
    must(query(page).get('to').startsWith(`${before}T13:59:59`), 'to');
    must(
        /, 12:00 – 14:00$/.test(
            await page.locator('#period summary span').last().innerText(),
        ),
        'as people say it',
    );
    await page.keyboard.press('i');
    await page.waitForFunction(
        () => document.querySelectorAll('#plot g').length === 120,
    );
    same(query(page).get('interval'), 'minute', 'minutes of them');
    await page.keyboard.press('ArrowRight');
    await showsVisitors(page, 1);
    await page.keyboard.press('ArrowLeft');
    await showsVisitors(page, 2);
};

const notes = async (page) => {
    await page.goto(`${site}?period=28d`);
    same(
        (await texts(page, '.notes li')).map((text) =>
            text.replace(/\s+/g, ' ')),
        [await page.locator('#plot g').nth(25).getAttribute('data-text')
            .then((day) => `1 ${day} A letter went out`)],
        'annotations of this time',
    );
    same(
        await page.locator('.note-mark').getAttribute('cx'),
        await page.locator('#plot g').nth(25).locator('.dot')
            .getAttribute('cx'),
        'on their day',
    );
    await page.goto(`${site}?period=12mo`);
    must((await page.locator('.note-mark').count()) <= 1, 'of a month');
};

const segments = async (page) => {
    await page.goto(`${site}?period=28d`);
    await page.click('#filter summary');
    await page.click('#filter >> text=Third day');
    await showsVisitors(page, 3);
    same(await chips(page), ['Segment is Third day'], 'by its name');
    must(/^is,segment,\d+$/.test(query(page).get('f')), 'an address');
};

const groups = async (page) => {
    await page.goto(`${site}?period=28d&f=is,event:page,/day3`);
    await page.click('#filter summary');
    await page.selectOption('[name=fd]', 'event:page');
    await page.selectOption('[name=fo]', 'is');
    await page.selectOption('[name=fg]', {label: 'or Page is /day3'});
    await page.fill('[name=fv]', '/day4');
    await page.click('#filter button');
    await showsVisitors(page, 7);
    same(await page.locator('.chip').count(), 1, 'one of two');
    same(await chips(page), ['Page is /day3', 'Page is /day4'], 'as one');
    await page.click('#places >> text=Germany');
    await page.waitForFunction(
        () => document.querySelectorAll('.chip').length === 2,
    );
    same(query(page).getAll('f1').length, 2, 'an address');
    await page.click('[aria-label="Remove the filter Page is /day3"]');
    await showsVisitors(page, 4);
};

await withBrowser(
    async ({browser, page}) => {
        for (const part of [days, hours, notes, segments, groups])
            await part(page, browser);
        console.log(`ok ${checks()}`);
    },
    {driven: true},
);
