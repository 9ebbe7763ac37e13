// The settings of a site, by an owner in a browser: node settings.mjs BASE
// WELCOME SITE
//
// Each form of each page is filled in as a person does it, what it made is
// seen, taken back where that can be, and stands in the list of changes.  The
// pages, with something on each, by axe-core and html-validate; light, dark and
// on a telephone.

import {withBrowser} from './browser.mjs';
import {faults, look, validate} from './look.mjs';
import {texts} from './walk.mjs';

const [base, welcome, site] = process.argv.slice(2);
const settings = `${base}/glinto/${site}/settings`;
const PAGES = ['', '/collection', '/reports', '/changes'];
const PASSWORD = 'three words and more';

const must = (is, what) => {
    if (!is) throw Error(what);
};

// FIELDS (by label) of the form of CARD that ends with BUTTON, which is
// pressed; a menu's by the text that is chosen.
const fill = async (page, card, fields, button) => {
    const section = page.locator(`#${card}`);
    const form = section.locator('form').filter({
        has: page.getByRole('button', {name: button, exact: true}),
    });
    for (const more of await form.locator('details:not([open])').all())
        await more.locator('summary').click();
    for (const [label, value] of Object.entries(fields)) {
        const field = form.getByLabel(label, {exact: true});
        const kind = await field.evaluate((one) => one.type ?? one.tagName);
        if (kind === 'select-one') await field.selectOption({label: value});
        else if (kind === 'checkbox') await field.setChecked(value);
        else await field.fill(value);
    }
    await Promise.all([
        page.waitForNavigation(),
        form.getByRole('button', {name: button, exact: true}).click(),
    ]);
    must((await page.locator('#fault').count()) === 0,
        `${card}: ${await texts(page, '#fault')}`);
};
const things = (page, card) =>
    texts(page, `#${card} .things li div`);
const has = async (page, card, pattern) => {
    const all = await things(page, card);
    must(all.some((text) => pattern.test(text)), `${card}: ${all}, ${pattern}`);
};
// The one thing of CARD with TEXT goes.
const remove = async (page, card, text) => {
    const one = page.locator(`#${card} .things li`).filter({hasText: text});
    await Promise.all([
        page.waitForNavigation(),
        one.getByRole('button').click(),
    ]);
    must(!(await things(page, card)).some((other) => other.includes(text)),
        `${card}: ${text} is still there`);
};
const value = (page, id) => page.locator(`#${id}`).inputValue();

// What ann, who has LINK, sees as an editor, and as a viewer.
const roles = async (page, link) => {
    const context = await page.context().browser().newContext();
    const ann = await context.newPage();
    await ann.goto(link);
    await ann.getByLabel('Password').fill(PASSWORD);
    await Promise.all([
        ann.waitForURL('**/glinto/'),
        ann.getByRole('button', {name: 'Save and sign in'}).click(),
    ]);
    await ann.goto(settings);
    must((await ann.locator('#shares').count()) === 1, 'an editor: links');
    must((await ann.locator('#people, #tokens').count()) === 0,
        'neither people nor tokens');
    await fill(page, 'people', {Name: 'ann', Role: 'Viewer',
        'Who is that?': 'somebody who can sign in'}, 'Add or change');
    must((await ann.goto(settings)).status() === 403, 'a viewer: no settings');
    await ann.goto(`${base}/glinto/${site}`);
    await ann.waitForSelector('.figure'); // the first view may have none yet
    must((await ann.locator('.figure').count()) === 6, 'but the numbers');
    must((await ann.locator('a[href$="/settings"]').count()) === 0,
        'and no way there');
    await context.close();
};

const onSite = async (page) => {
    await page.goto(settings);
    await fill(page, 'site', {
        'Who sees its page': 'Everybody',
        'Time zone': 'Europe/Vienna',
        'Hosts whose events count, with commas between': 'shop.a.example',
    }, 'Save');
    must((await value(page, 'timezone')) === 'Europe/Vienna', 'a time zone');
    must((await value(page, 'hosts')) === 'shop.a.example', 'hosts');
    must((await value(page, 'public')) === 'yes', 'public');
    await fill(page, 'shares', {'What it is for': 'the board',
        'Days until it ends': '30', Password: 'open it please'},
        'Make a link');
    must(/\/glinto\/share\/[\w-]{22}$/.test(
        await page.locator('#told code').innerText()), 'a link, once');
    await has(page, 'shares', /^the board .*password/);
    await fill(page, 'people', {Name: 'ann', Role: 'Editor'}, 'Add or change');
    const link = await page.locator('#told code').innerText();
    must(/\/glinto\/welcome\//.test(link), 'a link for ann');
    await has(page, 'people', /^ann editor of this site/);
    await roles(page, link.replace(/^.*(?=\/glinto\/)/, base));
    await fill(page, 'tokens', {'What it is for': 'a script'}, 'Make a token');
    must(/^gl_/.test(await page.locator('#told code').innerText()), 'a token');
    await has(page, 'tokens', /^a script stats:read/);
};

const onCollection = async (page) => {
    await page.goto(`${settings}/collection`);
    await page.fill('#block_addresses', '192.0.2.7, 2001:db8::/32');
    await page.fill('#block_countries', 'KP');
    await page.fill('#block_pages', '/draft/**');
    await fill(page, 'blocked', {}, 'Save');
    must((await value(page, 'block_addresses')).includes('192.0.2.7'),
        'addresses');
    must((await value(page, 'block_countries')) === 'KP', 'a country');
    must((await value(page, 'block_pages')) === '/draft/**', 'pages');
    for (const word of ['screen', 'language']) {
        await page.selectOption(`#keep_${word}`, 'no');
    }
    await fill(page, 'kept', {}, 'Save');
    must((await value(page, 'keep_screen')) === 'no', 'screens are left out');
    must((await value(page, 'keep_title')) === 'yes', 'the rest is kept');
    await page.fill('#retention_days', '400');
    await fill(page, 'stay', {}, 'Save');
    must((await value(page, 'retention_days')) === '400', 'for 400 days');
};

const onReports = async (page) => {
    await page.goto(`${settings}/reports`);
    await page.fill('#goal-event', 'Order');
    await fill(page, 'goals', {}, 'Add goal');
    await has(page, 'goals', /^Order/);
    await page.fill('#goal-page', '/thanks/**');
    await page.locator('#goals summary').click();
    await page.fill('#goal-name', 'Thanks');
    await fill(page, 'goals', {}, 'Add goal');
    await has(page, 'goals', /^Thanks/);
    await page.fill('#funnel-name', 'Sale');
    await page.fill('#funnel-steps', '/\n/pricing\nOrder');
    await fill(page, 'funnels', {}, 'Add funnel');
    await has(page, 'funnels', /^Sale \/ → \/pricing → Order/);
    await page.fill('#annotation-date', '2026-11-02');
    await page.fill('#annotation-text', 'A letter');
    await fill(page, 'annotations', {}, 'Add annotation');
    await has(page, 'annotations', /^A letter 2 Nov 2026/);
    // a segment: of the filters of the site's page
    await page.goto(`${base}/glinto/${site}?f=is,visit:country,DE`);
    await page.locator('form:has([value="segment.add"])').evaluate((form) => {
        form.closest('details')?.setAttribute('open', '');
    });
    await page.fill('form:has([value="segment.add"]) [name=name]', 'Germans');
    await Promise.all([
        page.waitForURL(/f=is,segment,\d+/),
        page.click('form:has([value="segment.add"]) button'),
    ]);
    await page.goto(`${settings}/reports`);
    await has(page, 'segments', /^Germans Country is Germany/);
};

// A click on a number: its rows, and the number counted again from them.
const receipt = async (page) => {
    await page.goto(`${base}/glinto/${site}`
        + '?period=custom&from=2026-11-20&to=2026-11-20');
    await Promise.all([
        page.waitForURL(/\/rows\?/),
        page.locator('#pages .rows td.amount a').first().click(),
    ]);
    await validate('receipt', await page.evaluate(() =>
        fetch(location.href).then((answer) => answer.text())));
    must((await page.locator('#visitors .mark-good').count()) === 1,
        'the same number');
    must((await page.locator('#rows tbody tr').count()) === 5, 'five rows');
    await look(page, 'receipt');
    await page.setViewportSize({width: 360, height: 800});
    const cut = await page.locator('.scroll').first().evaluate((box) =>
        box.scrollWidth - box.clientWidth);
    must(cut <= 0, `${cut} pixels of the numbers are cut off`);
    await page.setViewportSize({width: 1280, height: 800});
};

const everyLook = async (page) => {
    for (const [colorScheme, width] of [['light', 1280], ['dark', 1280],
        ['light', 360]]) {
        await page.emulateMedia({colorScheme});
        await page.setViewportSize({width, height: 800});
        for (const path of PAGES) {
            const name = `${path} ${colorScheme} ${width}`;
            const answer = await page.goto(settings + path);
            if (colorScheme === 'light')
                await validate(name, await answer.text());
            await look(page, name);
            const wide = await page.evaluate(() =>
                document.documentElement.scrollWidth - innerWidth);
            must(wide <= 0, `${name}: ${wide} pixels too wide`);
        }
    }
    await page.setViewportSize({width: 1280, height: 800});
};

const takenBack = async (page) => {
    await page.goto(`${settings}/reports`);
    for (const [card, text] of [['funnels', 'Sale'], ['goals', 'Order'],
        ['goals', 'Thanks'], ['segments', 'Germans'],
        ['annotations', 'A letter']])
        await remove(page, card, text);
    await page.goto(settings);
    for (const [card, text] of [['shares', 'the board'], ['people', 'ann'],
        ['tokens', 'a script']])
        await remove(page, card, text);
};

// Each of these stands there, by the owner.
const CHANGES = [
    ['Setting changed', 'Time zone Europe/Vienna'],
    ['Setting changed', 'between shop.a.example'],
    ['Setting changed', 'Who sees its page Everybody'],
    ['Setting changed', '2001:db8::/32 192.0.2.7'],
    ['Setting changed', 'as DE or FR KP'],
    ['Setting changed', '** anything /draft/**'],
    ['Setting changed', 'Screen is left out'],
    ['Setting changed', 'Language is left out'],
    ['Setting changed', '(0: for ever) 400'],
    ['Link taken back', 'the board'],
    ['Token revoked', 'a script'],
    ['Goal removed', 'Thanks'],
    ['Funnel removed', 'Sale'],
    ['Segment removed', 'Germans'],
    ['Annotation removed', '2026-11-02 A letter'],
    ...['Link made', 'Person added', 'Role changed', 'Token made', 'Goal added',
        'Funnel added', 'Segment saved', 'Annotation added',
    ].map((what) => [what, '']),
];
const audited = async (page) => {
    await page.goto(`${settings}/changes`);
    const rows = await page.locator('#changes tbody tr').evaluateAll((all) =>
        all.map((row) => [...row.cells].map((cell) =>
            cell.textContent.replace(/\s+/g, ' ').trim())));
    for (const [what, about] of CHANGES)
        must(rows.some(([when, who, did, of]) => /\d\d:\d\d/.test(when)
            && who === 'owner' && did === what && of.includes(about)),
        `${what} ${about} is not among ${JSON.stringify(rows)}`);
    must(!JSON.stringify(rows).includes('open it please'), 'no password');
};

await withBrowser(
    async ({page}) => {
        await page.goto(base + welcome);
        await page.getByLabel('Password').fill(PASSWORD);
        await Promise.all([
            page.waitForNavigation(),
            page.getByRole('button', {name: 'Save and sign in'}).click(),
        ]);
        await onSite(page);
        await onCollection(page);
        await onReports(page);
        await page.goto(`${base}/glinto/`); // public now, and his
        must((await page.locator('.sites a').count()) === 1, 'listed once');
        must((await page.locator('h1').innerText()) === 'Your sites', 'as his');
        await look(page, 'his sites');
        await receipt(page);
        await everyLook(page);
        await takenBack(page);
        await audited(page);
        if (faults.length) throw Error(`\n${faults.join('\n')}`);
        console.log('ok');
    },
    {driven: true, limit_ms: 120000},
);
