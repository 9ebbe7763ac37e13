// Where Tab leads: node tab.mjs BASE WELCOME SITE; which site, tab.t says

import {withBrowser} from './browser.mjs';

const [base, welcome, site] = process.argv.slice(2);
const page_of = `/glinto/${site}`;
const PUBLIC = [
    '/glinto/sign-in',
    '/glinto/none.example',
    page_of,
    '/glinto/new.example',
    '/glinto/new.example?behaviour=goals',
];
const OWN = [
    '/glinto/',
    '/glinto/me',
    page_of,
    `${page_of}?period=91d&f=is,visit:country,DE&places=countries`,
    `${page_of}?period=28d&detail=pages`,
    `${page_of}?period=28d&behaviour=funnels&sources=channels`,
    `${page_of}?period=28d&behaviour=journeys&from=/`,
    `${page_of}?behaviour=retention&period=91d`,
    `${page_of}?behaviour=served`,
    `${page_of}/summary`,
    `${page_of}/rows?period=7d`,
    `${page_of}/settings`,
    `${page_of}/settings/collection`,
    `${page_of}/settings/reports`,
    `${page_of}/settings/changes`,
];
const WIDTHS = [1280, 390];
const PASSWORD = 'three words and more';
// A field of a date is a stop for each of its parts, and its calendar's.
const PARTS = 4;
const faults = [];

// In the page: all that is shown and can be reached, in its order, and a look
// at each when the next Tab comes.
const watch = () => {
    const all = [...document.querySelectorAll('a[href], button, summary, ' +
        'input:not([type=hidden]), select, textarea, [tabindex]')]
        .filter((one) => one.tabIndex >= 0 &&
            one.checkVisibility({visibilityProperty: true}));
    const seen = [];
    let before = null;
    // Of what is in sight of it.
    const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
    const wrong = (one) => {
        const {outlineStyle, outlineWidth, opacity} = getComputedStyle(one);
        const box = one.getClientRects()[0];
        const there = document.elementFromPoint(
            middle(box.left, box.right, innerWidth),
            middle(box.top, box.bottom, innerHeight));
        const [top, bottom] = [box.top + scrollY, box.bottom + scrollY];
        const up = before && bottom <= before.top && box.left < before.right;
        before = {top, right: box.right};
        if (outlineStyle === 'none' || parseFloat(outlineWidth) < 1)
            return 'no outline';
        if (opacity === '0') return 'not seen';
        if (!there) return 'not in sight';
        if (!one.contains(there) && !there.contains(one))
            return `behind ${there.tagName}.${there.className}`;
        return up ? 'above the one before' : '';
    };
    const look = () => {
        const one = document.activeElement;
        const at = all.indexOf(one);
        if (one === document.body || at === seen.at(-1)?.at) return;
        const text = `${one.tagName} ${one.id || one.textContent.trim()}`;
        seen.push({at, text: text.slice(0, 60), fault: wrong(one)});
    };
    document.addEventListener('keydown', look, true);
    window.looked = () => {
        look();
        return seen;
    };
    const dates = all.filter(({type}) => type === 'date').length;
    return {n: all.length, dates};
};

// Each of a page's stops once, in their order, then out of the page.
const walk = async (page, name) => {
    const {n, dates} = await page.evaluate(watch);
    const presses = n + (PARTS - 1) * dates;
    await Promise.all(Array.from({length: presses}, () =>
        page.keyboard.press('Tab')));
    const seen = await page.evaluate(() => window.looked());
    seen.forEach(({at, text, fault}, i) => {
        if (at !== i) faults.push(`${name}: ${text} is ${at}, not ${i}`);
        if (fault) faults.push(`${name}: ${text}: ${fault}`);
    });
    if (seen.length !== n) faults.push(`${name}: ${seen.length} of ${n}`);
};

// Into a menu that the keyboard opens, through it, and out; Esc goes back.
const menus = async (page, name) => {
    const focused = () => page.evaluate(() => document.activeElement.id ||
        document.activeElement.parentElement.id);
    for (const id of ['period', 'compare', 'filter']) {
        await page.focus(`#${id} summary`);
        await page.keyboard.press('Enter');
        await page.keyboard.press('Tab');
        const inside = await page.evaluate((menu) =>
            document.activeElement.closest(`#${menu} .drop`) !== null, id);
        if (!inside) faults.push(`${name}: Tab does not go into ${id}`);
        await page.keyboard.press('Escape');
        if (await page.locator('.menu[open]').count())
            faults.push(`${name}: Esc does not close ${id}`);
        if (await focused() !== id)
            faults.push(`${name}: Esc in ${id} leads to ${await focused()}`);
    }
    await page.focus('#period summary');
    await page.keyboard.press('?');
    await page.keyboard.press('Escape');
    if (await page.locator('dialog[open]').count())
        faults.push(`${name}: Esc does not close the keys`);
    if (await focused() !== 'period')
        faults.push(`${name}: the keys lead to ${await focused()}`);
};

// The path of a link to the site that asks for a password.
const locked = async (page) => {
    await page.goto(`${base}${page_of}/settings`);
    await page.fill('#share-password', PASSWORD);
    await page.getByRole('button', {name: 'Make a link'}).click();
    return new URL(await page.locator('.secret code').innerText(), base)
        .pathname;
};

const visit = async (page, path) => {
    await page.goto(base + path);
    if (await page.locator('#state').count())
        await page.waitForSelector('#state[data-state=live]');
};

await withBrowser(
    async ({browser}) => {
        const mine = await browser.newContext();
        const page = await mine.newPage();
        await page.goto(base + welcome);
        await walk(page, 'welcome');
        await page.getByLabel('Password').fill(PASSWORD);
        await Promise.all([
            page.waitForURL('**/glinto/'),
            page.getByRole('button', {name: 'Save and sign in'}).click(),
        ]);
        const stranger = await browser.newPage();
        const shared = await locked(page);
        for (const [who, paths] of [[stranger, [...PUBLIC, shared]],
            [page, OWN]])
            for (const width of WIDTHS) {
                await who.setViewportSize({width, height: 800});
                for (const path of paths) {
                    await visit(who, path);
                    await walk(who, `${path} at ${width}`);
                }
            }
        await visit(page, page_of);
        await menus(page, page_of);
    },
    {driven: true, limit_ms: 150000},
);
if (faults.length) {
    console.log(faults.join('\n'));
    process.exit(1);
}
