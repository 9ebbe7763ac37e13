// What no other product has on the page of a site: node beside.mjs
// http://127.0.0.1:PORT WELCOME SITE; what there is, beside.t says.

import {withBrowser} from './browser.mjs';
import {texts, walk} from './walk.mjs';

const [base, welcome, name] = process.argv.slice(2);
const site = `${base}/glinto/${name}`;
const {must, same, checks} = walk();

// Rows of the table of the open tab that NOUN heads.
const table = (page, noun) =>
    page.locator('#behaviour table').evaluateAll(
        (all, text) =>
            [...(all.find((one) => one.caption.textContent === text)?.tBodies[0]
                .rows ?? [])].map((row) =>
                [...row.cells].map((cell) => cell.textContent.trim())),
        noun,
    );
const open = async (page, tab) => {
    const link = page.locator('#behaviour .tabs a', {hasText: tab});
    await link.click();
    await link.and(page.locator('[aria-current]')).waitFor();
};
const fits = async (page, what) => {
    const wide = await page.evaluate(() =>
        document.documentElement.scrollWidth - innerWidth);
    must(wide <= 0, `${what}: ${wide} pixels too wide`);
};

const served = async (page) => {
    await page.goto(`${site}?period=day`);
    await open(page, 'Pages served');
    const who = await table(page, 'Pages served');
    const of = Object.fromEntries(who.map(([text, ...n]) => [text, n]));
    same(of['Run the script'], ['3', '3'], 'who runs the script');
    same(of['Block scripts'], ['5', '5'], 'who blocks scripts');
    same(await table(page, 'Not found (404)'), [['/gone/away', '4']],
        'what was not found');
    same(await table(page, 'Failed (5xx)'), [['/fails', '2']],
        'errors of the server');
    const [slow] = await table(page, 'Slow pages');
    must(slow[0] === '/page/one' && /^\d+ ms$/.test(slow[2]), `${slow}`);
    same((await table(page, 'Assistants and crawlers of AI'))[0].slice(0, 2),
        ['OpenAI', '6'], 'who fetched for AI');
    await fits(page, 'pages served');
};

const uncounted = async (page) => {
    await page.goto(`${site}?period=day`);
    await open(page, 'Not counted');
    must((await table(page, 'Bots')).some(([text, n]) =>
        /agent of a bot/.test(text) && n === '7'), 'bots, by reason');
    must((await table(page, 'Left out')).some(([text, n]) =>
        /a host that is not/.test(text) && n === '5'),
    'what was left out, by reason');
    await fits(page, 'not counted');
};

const signIn = async (page) => {
    await page.goto(base + welcome);
    await page.getByLabel('Password').fill('three words and more');
    await Promise.all([
        page.waitForURL('**/glinto/'),
        page.getByRole('button', {name: 'Save and sign in'}).click(),
    ]);
};

// Numbers that no key reaches: of the headline, and the first of each row.
const unreached = () => {
    const reaches = (node) => node && node.tabIndex >= 0;
    return [
        ...[...document.querySelectorAll('.figures li')].filter((one) =>
            !reaches(one.querySelector('.figure'))
            || !reaches(one.querySelector('.proof'))),
        ...[...document.querySelectorAll('.cards .list[id]:not(#behaviour) .rows tbody tr')]
            .filter((row) => !reaches(row.querySelector('th a'))
                || !reaches(row.querySelector('td a'))),
    ].map((one) => one.textContent);
};

const receipts = async (page) => {
    await page.goto(`${site}?period=day`);
    same(await page.evaluate(unreached), [], 'a number that no key reaches');
    await page.locator('#pages .rows td a').first().focus();
    await Promise.all([
        page.waitForURL(/\/rows\?/),
        page.keyboard.press('Enter'),
    ]);
    same(await texts(page, '#visitors td').then((cells) =>
        cells.slice(0, 2)), ['3', '3'], 'and counted again: the same');
    same(await page.locator('#visitors .mark-good').count(), 1, 'as it says');
    same(await page.locator('#rows tbody tr').count(), 3, 'from three rows');
    must(/5/.test(await page.locator('.sums').innerText()), 'what was left out');
    await fits(page, 'a receipt');
};

await withBrowser(
    async ({browser, page}) => {
        for (const options of [
            {javaScriptEnabled: false},
            {viewport: {width: 360, height: 740}},
        ]) {
            const context = await browser.newContext(options);
            const one = await context.newPage();
            await served(one);
            await uncounted(one);
            await context.close();
        }
        await signIn(page);
        await receipts(page);
        await page.setViewportSize({width: 360, height: 740});
        await receipts(page);
        console.log(`ok ${checks()}`);
    },
    {driven: true},
);
