// A person in a browser: node people.mjs BASE WELCOME SITE SHARE
//
// Chooses a password at WELCOME, sees SITE, makes a link and a token on its
// settings, signs out and in again; each page by axe-core and html-validate.

import {withBrowser} from './browser.mjs';
import {faults, look, validate} from './look.mjs';

const [base, welcome, site, share] = process.argv.slice(2);
const PASSWORD = 'three words and more';

const check = (what, is) => {
    if (!is) faults.push(what);
};
// What the page was made of, as it came.
let last;
const watch = (page) =>
    page.on('response', (response) => {
        const request = response.request();
        if (request.isNavigationRequest() && response.status() !== 303)
            last = response;
    });
const seen = async (page, name) => {
    await validate(name, await last.text());
    await look(page, name);
};

await withBrowser(
    async ({page}) => {
        const at = (path) => new URL(page.url()).pathname === path;
        const go = (path) => page.goto(base + path);
        const press = (name) =>
            Promise.all([
                page.waitForNavigation(),
                page.getByRole('button', {name, exact: true}).click(),
            ]);

        watch(page);
        await go(welcome);
        await seen(page, 'welcome');
        await page.getByLabel('Password').fill(PASSWORD);
        await press('Save and sign in');
        check('welcomed', at('/glinto/'));
        await seen(page, 'list');
        await page.locator('#own').getByRole('link', {name: site}).click();
        await page.waitForURL(`**/glinto/${site}`);
        check('its page', (await page.locator('h1').textContent()) === site);
        check('live', await page.locator('.state[data-state=live]').waitFor()
            .then(() => true, () => false));
        await page.getByRole('link', {name: 'Settings'}).click();
        await page.waitForURL('**/settings');
        await seen(page, 'settings');
        await page.locator('#shares').getByLabel('What it is for').fill('all');
        await press('Make a link');
        check('a link', /\/glinto\/share\/[\w-]{22}$/.test(
            await page.locator('#told code').textContent()));
        await seen(page, 'a link');
        await press('Make a token');
        check('a token', /^gl_/.test(
            await page.locator('#told code').textContent()));
        await page.getByLabel('Who sees its page').selectOption('yes');
        await press('Save');
        check('saved', (await page.getByLabel('Who sees its page')
            .inputValue()) === 'yes');
        await page.getByLabel('Who sees its page').selectOption('no');
        await press('Save');
        await go('/glinto/me');
        await seen(page, 'me');
        await press('Sign out');
        check('out', (await page.locator('#own').count()) === 0);
        await go(`/glinto/${site}`);
        await seen(page, 'closed');
        await page.getByRole('link', {name: 'Sign in'}).click();
        await page.getByLabel('Name').fill('owner');
        await page.getByLabel('Password').fill('another one');
        await press('Sign in');
        await seen(page, 'a wrong password');
        check('told', (await page.getByRole('alert').count()) === 1);
        await page.getByLabel('Password').fill(PASSWORD);
        await press('Sign in');
        check('in', at(`/glinto/${site}`));

        const stranger = await page.context().browser().newContext();
        const other = await stranger.newPage();
        watch(other);
        await other.goto(base + share);
        check('a link shows the site',
            (await other.locator('h1').textContent()) === site);
        await seen(other, 'share');
        for (const theme of ['dark', 'light']) {
            await other.goto(
                `${base}${share.replace('share', 'embed')}?theme=${theme}`);
            await seen(other, `embed ${theme}`);
            check('each name is before its bar', await other.locator(
                '.rows tbody th').evaluateAll((all) => all.length > 0 &&
                all.every((one) => {
                    one.scrollIntoView();
                    const box = one.getBoundingClientRect();
                    return document.elementFromPoint(
                        box.left + 8, box.top + box.height / 2) !== one;
                })));
            check('nothing to click',
                (await other.locator('a, button, form').count()) === 0);
        }
        check('no cookie', (await stranger.cookies()).length === 0);
        await stranger.close();
        if (faults.length) throw Error(`\n${faults.join('\n')}`);
    },
    {driven: true},
);
