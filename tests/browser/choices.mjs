// What one may choose on the page of a site: node choices.mjs
// http://127.0.0.1:PORT DAY, which is the date three days ago; choices.t says
// what visits there are.

import {withBrowser} from './browser.mjs';
import {chips, figures, query, rows, texts, walk} from './walk.mjs';

const [base, day] = process.argv.slice(2);
const site = `${base}/glinto/a.example`;
const {must, same, checks} = walk();
const before = (n) => {
    const date = new Date(`${day}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() - n);
    return date.toISOString().slice(0, 10);
};
const was = async (page) =>
    Number(/was (\d+)/.exec(
        await page.locator('.figure .against').first().innerText())?.[1]);

// ---- time ----

const calendar = async (page) => {
    await page.goto(`${site}?period=7d`);
    same((await figures(page))[0], '3', 'seven days');
    await page.click('#period summary');
    await page.fill('#period [name=from]', before(7));
    await page.fill('#period [name=to]', before(6));
    await page.click('#period button');
    same(query(page).get('period'), 'custom', 'any dates');
    same((await figures(page))[0], '1', 'and their visitors');
    same(await page.locator('#plot g').count(), 48, 'hour by hour');
    await page.click('#earlier');
    same(query(page).get('to'), before(8), 'the two before');
    same((await figures(page))[0], '0', 'had none');
};

const comparisons = async (page) => {
    await page.goto(`${site}?period=7d`);
    same(await was(page), 1, 'with the days before');
    for (const [text, n] of [
        ['Previous period, same weekdays', 1],
        ['A year before', 3],
        ['A year before, same weekdays', 2],
    ]) {
        await page.click('#compare summary');
        await page.locator('#compare').getByRole('link', {name: text,
            exact: true}).click();
        same(await was(page), n, text);
        must((await page.locator('#compare summary').innerText())
            .includes(text), 'which it says');
    }
    await page.click('#compare summary');
    await page.fill('[name=compare_from]', before(17));
    await page.fill('[name=compare_to]', before(16));
    await page.click('#compare .drop button');
    same(await was(page), 5, 'with any dates');
};

const intervals = async (page) => {
    const offered = () =>
        texts(page, '.intervals a');
    for (const [period, all] of [
        ['period=24h', ['Hours']],
        ['period=28d', ['Days', 'Weeks']],
        ['period=12mo', ['Weeks', 'Months']],
    ]) {
        await page.goto(`${site}?${period}`);
        const texts = await offered();
        must(all.every((text) => texts.includes(text)),
            `${period}: ${texts}, not ${all}`);
        for (const text of texts) {
            await page.locator('.intervals').getByText(text).click();
            same(await page.locator('.intervals [aria-current]').innerText(),
                text, `${period} by ${text}`);
            must((await page.locator('#plot g').count()) > 0, 'has points');
            same((await figures(page)).length, 6, 'and its headline');
        }
    }
    await page.goto(`${site}?period=custom&from=${day}&to=${day}`);
    await page.click('.table summary');
    await page.locator('.table tbody th a').nth(12).click();
    same(await page.locator('#plot g').count(), 60, 'an hour by minutes');
    same((await figures(page))[0], '3', 'with its visitors');
};

// ---- lists ----

const lists = async (page) => {
    const shows = async (card, tabs, row) => {
        await page.goto(`${site}?period=7d`);
        for (const tab of tabs)
            await page.locator(`#${card} .tabs`).getByRole('link', {name: tab,
                exact: true}).click();
        const seen = (await rows(page, card)).map(([text, n]) => [text, n]);
        must(seen.some((one) => `${one}` === `${row}`),
            `${card}, ${tabs}: ${JSON.stringify(seen)}, not ${row}`);
    };
    await shows('sources', ['Channels'], ['Organic Search', '2']);
    await shows('sources', ['Sources'], ['Google', '2']);
    await shows('sources', ['Referrers'], ['google.com/search', '2']);
    await shows('sources', ['Campaigns'], ['spring', '1']);
    for (const [tab, text] of [['Source', 'letter'], ['Medium', 'email'],
        ['Content', 'top'], ['Term', 'bread']])
        await shows('sources', ['Campaigns', `UTM ${tab.toLowerCase()}`],
            [text, '1']);
    await shows('pages', ['Top pages'], ['/', '3']);
    await shows('pages', ['Entry pages'], ['/', '3']);
    await shows('pages', ['Exit pages'], ['/end', '1']);
    await shows('pages', ['Hostnames'], ['a.example', '3']);
    await shows('places', ['Countries'], ['Germany', '2']);
    await shows('places', ['Regions'], ['Berlin', '2']);
    await shows('places', ['Cities'], ['Berlin', '2']);
    await shows('devices', ['Browsers'], ['Firefox', '3']);
    await shows('devices', ['Systems'], ['Linux', '3']);
    await shows('devices', ['Devices'], ['Desktop', '3']);
    await shows('devices', ['Languages'], ['German (Austria)', '3']);

    // referrers of a source
    await page.goto(`${site}?period=7d`);
    await page.click('#sources .rows >> text=Google');
    same((await rows(page, 'sources'))[0].slice(0, 2), ['google.com/search', '2'],
        'a source as filter: its referrers');

    // the map, and the list beside it
    await page.goto(`${site}?period=7d`);
    same(await page.locator('#world a use').count(), 2, 'two countries drawn');
    same((await rows(page, 'places'))[0][0], 'Germany', 'and told');
    same(await page.locator('#places .flag').first().innerText(), '🇩🇪',
        'with flags');
    await page.locator('#world a').first().click({force: true});
    same((await chips(page)).length, 1, 'a country of the map is a filter');
};

// ---- filters ----

const filters = async (page) => {
    const add = async (dimension, operator, value, beside) => {
        await page.click('#filter summary');
        await page.selectOption('[name=fd]', dimension);
        await page.selectOption('[name=fo]', operator);
        await page.fill('[name=fv]', value);
        if (beside !== undefined) await page.selectOption('[name=fg]', beside);
        await page.click('#filter .drop button');
    };
    for (const [operator, value, n] of [
        ['is', '/end', '1'],
        ['is_not', '/end', '3'],
        ['contains', 'EN', '1'],
        ['contains_not', 'end', '3'],
        ['matches', '^/e', '1'],
        ['matches_not', '^/e', '3'],
    ]) {
        await page.goto(`${site}?period=7d`);
        await add('event:page', operator, value);
        same((await figures(page))[0], n, `a page ${operator} ${value}`);
    }
    await page.goto(`${site}?period=7d`);
    await add('visit:country', 'is', 'France');
    same((await figures(page))[0], '1', 'of one country');
    await add('event:page', 'is', '/end', '0');
    same((await figures(page))[0], '2', 'or at the end');
    await add('visit:browser', 'is', 'Chrome');
    same((await figures(page))[0], '0', 'and with a browser that nobody has');
    must(/no visit|nothing/i.test(
        await page.locator('#sources .none-yet').innerText()),
        'lists say so');
    await page.goBack();
    same((await figures(page))[0], '2', 'back');
    await page.goForward();
    same((await figures(page))[0], '0', 'and forward');
    const every = await page.locator('[name=fd] option').evaluateAll((all) =>
        all.map((one) => one.value));
    must(every.length >= 24, `${every.length} dimensions`);
    for (const dimension of every) {
        await page.goto(`${site}?period=7d`);
        await add(dimension, 'is', 'nobody has this');
        if (dimension === 'event:goal')
            must(/no goal/i.test(await page.locator('#fault-title + p')
                .innerText()), 'a goal is one that is defined');
        else same((await figures(page))[0], '0', `${dimension} is a filter`);
    }
};

// ---- what no peer has ----

const beside = async (page) => {
    await page.goto(`${site}?period=day&behaviour=uncounted`);
    must(/Known bots|bot/i.test(
        await page.locator('#behaviour').innerText()), 'bots, by reason');
    await page.goto(`${site}?period=28d&behaviour=retention`);
    must((await page.locator('.weeks tbody tr').count()) >= 2,
        'who came again, week by week');
};

await withBrowser(
    async ({browser}) => {
        const context = await browser.newContext({javaScriptEnabled: false});
        const page = await context.newPage();
        await calendar(page);
        await comparisons(page);
        await intervals(page);
        await lists(page);
        await filters(page);
        await beside(page);
        console.log(`ok ${checks()}`);
    },
    {driven: true, limit_ms: 120000},
);
