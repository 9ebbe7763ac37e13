// The views that an owner has, with hostile texts in all that visitors sent and
// all that he called something: node hostile_views.mjs http://127.0.0.1:PORT
// WELCOME VIEWS.json
//
// VIEWS: [[ADDRESS, [[PAYLOAD, how often it stands there at least], ...]], ...]
// Each is loaded with the page's policy switched off, and with it on.

import {readFileSync} from 'node:fs';
import {withBrowser} from './browser.mjs';
import {control, inspect, watch} from './could_run.mjs';

const [base, welcome, list] = process.argv.slice(2);
const views = JSON.parse(readFileSync(list, 'utf8'));
const faults = [];
const fault = (view, what) => faults.push(`${view}: ${what}`);

const signIn = async (page) => {
    await page.goto(base + welcome);
    await page.getByLabel('Password').fill('three words and more');
    await Promise.all([
        page.waitForURL('**/glinto/'),
        page.getByRole('button', {name: 'Save and sign in'}).click(),
    ]);
    return page.context().storageState();
};

await withBrowser(
    async ({browser, page}) => {
        await control(browser, `${base}/glinto/`);
        const storageState = await signIn(page);
        for (const bypassCSP of [true, false]) {
            const context = await browser.newContext({bypassCSP, storageState});
            const one = watch(await context.newPage(), fault);
            for (const [address, texts] of views) {
                const answer = await one.goto(base + address);
                if (answer.status() !== 200) fault(address, answer.status());
                await one.waitForFunction(
                    () => !document.getElementById('coming'));
                for (const [text, least] of texts) {
                    const {bad, n} = await one.evaluate(inspect, text);
                    for (const what of bad) fault(address, what);
                    if (n < least)
                        fault(address, `${text}: ${n} times, not ${least}`);
                }
            }
            await context.close();
        }
        if (faults.length) throw Error(`\n${faults.join('\n')}`);
        console.log(`ok ${views.length}`);
    },
    {driven: true, limit_ms: 110000},
);
