// The demo site and its dashboard in Chromium, for chain.t:
//
//   node chain.mjs http://127.0.0.1:PORT FOLDER walk npm|glinto
//   node chain.mjs http://127.0.0.1:PORT FOLDER outage
//
// walk    ten pages of the demo site, with the npm package put in the place of
//         our script or with our script; the dashboard is open in other tabs,
//         one a look, and must move by itself.  Prints "reply MS": when the
//         browser saw the last reply.  Pictures of the tabs go to FOLDER.
// outage  the dashboard is open while chain.t stops glintod and starts it
//         again: at the lines "stop" and "start" that this prints.

import {readFileSync} from 'node:fs';
import {withBrowser} from './browser.mjs';

const [base, folder, work, tracker] = process.argv.slice(2);
const dashboard = `${base}/glinto/demo.example`;
const WALK = 'Bread About Prices Bread Prices About Prices Bread About Bread';
const FIREFOX =
    'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
// The page tries again after at most 30 s, after 8 s in an outage this short.
const RECONNECT_MS = 30000;

const LOOKS = [
    {width: 390, height: 844, colorScheme: 'light'},
    {width: 390, height: 844, colorScheme: 'dark'},
    {width: 1280, height: 800, colorScheme: 'light'},
    {width: 1280, height: 800, colorScheme: 'dark'},
];

const must = (truth, what) => {
    if (!truth) throw Error(what);
};
const text = (tab, id) => tab.locator(`#${id}`).textContent();
const becomes = (tab, id, want, timeout) =>
    tab.waitForFunction(
        ([i, w]) => document.getElementById(i).textContent === w,
        [id, want],
        timeout ? {timeout} : {},
    );

// A tab with the dashboard that says what its console and policy complain of.
const openDashboard = async (browser, {width, height, colorScheme}) => {
    const context = await browser.newContext({
        viewport: {width, height},
        colorScheme,
    });
    const tab = await context.newPage();
    const name = `${colorScheme}-${width}`;
    const complaints = [];
    tab.on('console', (line) => {
        if (['error', 'warning'].includes(line.type()))
            complaints.push(line.text());
    });
    tab.on('pageerror', (error) => complaints.push(`${error}`));
    await tab.goto(dashboard);
    await becomes(tab, 'state-text', 'Live');
    // gone if the page is loaded again
    await tab.evaluate(() => (window.loadedOnce = true));
    return {tab, name, complaints};
};

const checkDashboard = async ({tab, name, complaints}) => {
    must(await tab.evaluate(() => window.loadedOnce), `${name} was reloaded`);
    const [wide, seen] = await tab.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
    ]);
    must(wide <= seen, `${name} scrolls sideways: ${wide} in ${seen}`);
    must(complaints.length === 0, `${name} complains: ${complaints}`);
    await tab.screenshot({
        path: `${folder}/${tracker}-${name}.png`,
        fullPage: true,
    });
};

// The package, untouched, and the lines that start it in the place of ours.
const replaceTracker = async (page) => {
    const npm = new URL(
        '../../node_modules/@plausible-analytics/tracker/plausible.js',
        import.meta.url,
    );
    const start = `import('/npm/plausible.js').then(({init}) =>
        init({
            domain: 'demo.example',
            endpoint: '/api/event',
            captureOnLocalhost: true,
        }));`;
    const serve = (pattern, body) =>
        page.route(pattern, (route) =>
            route.fulfill({contentType: 'text/javascript', body}),
        );
    await serve('**/js/glinto.js', start);
    await serve('**/npm/plausible.js', readFileSync(npm, 'utf8'));
};

const walk = async ({browser, page, sends}) => {
    const tabs = [];
    for (const look of LOOKS) tabs.push(await openDashboard(browser, look));
    const before = Number(await text(tabs[0].tab, 'today-pageviews'));
    const visitors = Number(await text(tabs[0].tab, 'today-visitors'));
    if (tracker === 'npm') await replaceTracker(page);

    let replies;
    for (const [n, name] of WALK.split(' ').entries()) {
        replies = await sends(1, () =>
            n === 0 ? page.goto(base) : page.click(`nav >> text=${name}`),
        );
    }
    console.log(`reply ${replies.at(-1)}`);

    for (const shown of tabs) {
        await becomes(shown.tab, 'today-pageviews', `${before + 10}`);
        await becomes(shown.tab, 'today-visitors', `${visitors + 1}`);
        await becomes(shown.tab, 'visitors', `${visitors + 1}`);
        await becomes(shown.tab, 'recent', `${before + 10}`);
        await checkDashboard(shown);
    }
};

const outage = async ({browser, page, sends}) => {
    const {tab} = await openDashboard(browser, LOOKS[2]);
    const before = Number(await text(tab, 'today-pageviews'));

    console.log('stop');
    await becomes(tab, 'state-text', 'Paused');
    const notice = await text(tab, 'notice');
    must(/Counting continues/.test(notice), `the open tab says "${notice}"`);
    must(
        (await text(tab, 'today-pageviews')) === `${before}`,
        'the open tab keeps its numbers',
    );

    for (const look of LOOKS) {
        const context = await browser.newContext({
            viewport: {width: look.width, height: look.height},
            colorScheme: look.colorScheme,
        });
        const fresh = await context.newPage();
        const answer = await fresh.goto(dashboard);
        must(answer.status() === 200, `a new tab gets ${answer.status()}`);
        await becomes(fresh, 'state-text', 'Paused');
        must(
            (await text(fresh, 'today-pageviews')) === `${before}`,
            'a new tab has the last numbers',
        );
        await fresh.screenshot({
            path: `${folder}/paused-${look.colorScheme}-${look.width}.png`,
        });
        await context.close();
    }

    await sends(1, () => page.goto(`${base}/about.html`));
    await sends(1, () => page.click('nav >> text=Prices'));

    console.log('start');
    await becomes(tab, 'today-pageviews', `${before + 2}`, RECONNECT_MS);
    await becomes(tab, 'state-text', 'Live');
    must(await tab.locator('#notice').isHidden(), 'the notice is gone');
    must(await tab.evaluate(() => window.loadedOnce), 'nobody reloaded it');
};

await withBrowser(work === 'walk' ? walk : outage, {
    agent: tracker === 'glinto' ? FIREFOX : undefined,
});
