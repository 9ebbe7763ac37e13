// A desktop browser for the tests of trackers, and waiting for what it sends.
//
//   await withBrowser(async ({browser, page, sends}) => { ... },
//       {driven, agent, flags, limit_ms});
//
// browser the browser, for more contexts
// page    a page of a new browser with a desktop User-Agent
// sends(N, ACTION)   do ACTION and wait until N events, engagement not counted,
//                    were answered with 202; returns when the browser had the
//                    first byte of each reply, ms since 1970
// driven  true: the browser says that a program drives it
// agent   another User-Agent
// flags   more flags of Chromium
// limit_ms how long the whole run may take
//
// The run is limited; a failure ends the process with status 1, the
// browser is closed in any case.  Chromium's own traffic is switched off.

import {chromium} from 'playwright-core';

const SLOW = process.env.GLINTO_SAN ? 2 : 1; // glintod with sanitizers
const LIMIT_MS = SLOW * 60000;
const STEP_MS = SLOW * 15000;
const EVENT_MS = 150; // and for each, beside other browsers on two cores
const AGENT =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 ' +
    '(KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36';

const FLAGS = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];

// Plausible's tracker says "n", ours says "name".
const isEvent = (request) => {
    if (request.method() !== 'POST') return false;
    if (new URL(request.url()).pathname !== '/api/event') return false;
    const {n, name = n} = JSON.parse(request.postData());
    return name !== 'engagement';
};

const sender = (page) => async (count, action) => {
    const statuses = [];
    const replied = [];
    let enough;
    const all = new Promise((resolve, reject) => {
        enough = resolve;
        setTimeout(
            () => reject(Error(`${statuses.length} of ${count} events came`)),
            STEP_MS + count * EVENT_MS,
        ).unref();
    });
    const listen = (response) => {
        if (!isEvent(response.request())) return;
        statuses.push(response.status());
        const {startTime, responseStart} = response.request().timing();
        replied.push(startTime + responseStart);
        if (statuses.length === count) enough();
    };
    page.on('response', listen);
    await action();
    await all;
    page.off('response', listen);
    if (statuses.some((status) => status !== 202)) throw Error(`${statuses}`);
    return replied;
};

export const withBrowser = async (
    work,
    {driven = false, agent = AGENT, flags: more = [], limit_ms = LIMIT_MS} = {},
) => {
    // Not by Playwright: its own way misses what a page sends while it unloads.
    const flags = [...FLAGS, `--user-agent=${agent}`, ...more];
    const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        ignoreDefaultArgs: driven ? [] : ['--enable-automation'],
        args: driven
            ? flags
            : [...flags, '--disable-blink-features=AutomationControlled'],
    });
    const limit = setTimeout(() => browser.close(), limit_ms);
    try {
        const page = await browser.newPage();
        page.setDefaultTimeout(STEP_MS);
        page.on('pageerror', (error) => {
            console.error(`error in the page: ${error}`);
            process.exitCode = 1;
        });
        await work({browser, page, sends: sender(page)});
    } catch (error) {
        console.error(error);
        process.exitCode = 1;
    } finally {
        clearTimeout(limit);
        await browser.close();
    }
};
