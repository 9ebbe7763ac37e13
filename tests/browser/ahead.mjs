// How the page of a site opens, and how fast another view of it comes:
//
//     node ahead.mjs http://127.0.0.1:PORT/glinto/SITE OPENS CLICKS
//
// Prints {bytes, requests, moved, what: [...], paint_ms: [...], first_byte_ms:
// [...], clicks: [...], wrong: [...]} as JSON.  bytes: of the document and all
// it loads, as they came, heads too.  moved: the sum of layout shifts, of what.
// paint_ms: largest contentful paint.  clicks: of each, ms: all, from a click on
// a row of a list until the page with that filter has been painted; of these
// sent, until the request is; answered, its first byte; come, its last one;
// made, a document; put, in the place of the one before, and laid out; painted.
// Each click is another filter, on a page that has come to rest.  wrong: where
// numbers and lists were then not those of the same page, loaded.

import {withBrowser} from './browser.mjs';

const [site, opens, clicks] = process.argv.slice(2);
const LISTS = ['sources', 'pages', 'places', 'devices'];

const watch = () => {
    window.moved = 0;
    window.what = [];
    window.paintMs = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
            window.moved += entry.value;
            for (const {node} of entry.sources)
                window.what.push(node?.outerHTML?.slice(0, 80) ?? `${node}`);
        }
    }).observe({type: 'layout-shift', buffered: true});
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.paintMs = entry.startTime;
    }).observe({type: 'largest-contentful-paint', buffered: true});
};

// Of one load in a browser that has nothing of it yet.
const open = async (browser, seen) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.goto(site, {waitUntil: 'load'});
    await page.waitForSelector('#state[data-state=live]');
    const one = await page.evaluate(() => {
        const entries = [
            ...performance.getEntriesByType('navigation'),
            ...performance.getEntriesByType('resource'),
        ].filter(({name}) => !name.includes('?fresh'));
        return {
            bytes: entries.reduce((sum, {transferSize}) => sum + transferSize, 0),
            requests: entries.length,
            firstByteMs: entries[0].responseStart - entries[0].requestStart,
            moved: window.moved,
            what: window.what,
            paintMs: window.paintMs,
        };
    });
    seen.bytes = Math.max(seen.bytes, one.bytes);
    seen.requests = Math.max(seen.requests, one.requests);
    seen.moved = Math.max(seen.moved, one.moved);
    seen.what.push(...one.what);
    seen.paint_ms.push(one.paintMs);
    seen.first_byte_ms.push(one.firstByteMs);
    await context.close();
};

// In the page: when a request is begun and its document is there.
const hook = () => {
    window.seen = {};
    const open = XMLHttpRequest.prototype.open;
    XMLHttpRequest.prototype.open = function (...args) {
        window.seen.begun = performance.now();
        this.addEventListener('loadend', () => {
            window.seen.made = performance.now();
        });
        return open.apply(this, args);
    };
};

// In the page: it has been painted, and there is nothing left to do.
const rest = () =>
    new Promise((resolve) => {
        requestAnimationFrame(() =>
            requestAnimationFrame(() => requestIdleCallback(resolve)));
    });

// In the page: click row N of list LIST, wait for another report and the
// picture after it: the click's parts, ms.
const clicked = ([list, n]) =>
    new Promise((resolve, reject) => {
        const links = document.querySelectorAll(
            `#${list} .rows tbody a[href^="?"]`,
        );
        const link = links[n % links.length];
        if (!link) reject(Error(`no row in ${list}`));
        performance.clearResourceTimings();
        const begun = performance.now();
        const tell = (put) => {
            const end = performance.now();
            const [{requestStart, responseStart, responseEnd}] = performance
                .getEntriesByType('resource')
                .filter((entry) => entry.initiatorType === 'xmlhttprequest');
            resolve({
                all: end - begun,
                sent: requestStart - begun,
                answered: responseStart - requestStart,
                come: responseEnd - responseStart,
                made: window.seen.made - responseEnd,
                put: put - window.seen.made,
                painted: end - put,
            });
        };
        // It is busy from the click until the other one is all there.
        const observer = new MutationObserver(() => {
            if (document.getElementById('report').ariaBusy) return;
            observer.disconnect();
            const put = performance.now();
            requestAnimationFrame(() => {
                const {port1, port2} = new MessageChannel();
                port1.onmessage = () => tell(put);
                port2.postMessage(null); // after the picture
            });
        });
        observer.observe(document.body, {
            attributes: true,
            characterData: true,
            childList: true,
            subtree: true,
        });
        link.click();
    });

// In the page: whether numbers and lists are those of the page as it is loaded.
const isWhole = () =>
    new Promise((resolve) => {
        const text = (page) =>
            [...page.querySelectorAll('.figures, .cards')]
                .map(({innerHTML}) => innerHTML)
                .join();
        const shown = text(document);
        const request = new XMLHttpRequest();
        request.open('GET', location.href);
        request.responseType = 'document';
        request.onload = () => resolve(text(request.response) === shown);
        request.send();
    });

const click = async (browser, seen) => {
    const page = await browser.newPage();
    await page.addInitScript(hook);
    // A filter on another period is another question.
    for (let i = 0; i < clicks; i += 1) {
        const period = ['28d', '30d', '91d'][Math.floor(i / 36) % 3];
        await page.goto(`${site}?period=${period}`);
        await page.waitForSelector('#state[data-state=live]');
        await page.evaluate(rest);
        seen.clicks.push(
            await page.evaluate(clicked, [LISTS[i % 4], Math.floor(i / 4) % 9]),
        );
        if (!(await page.evaluate(isWhole))) seen.wrong.push(page.url());
    }
    await page.close();
};

await withBrowser(
    async ({browser}) => {
        const seen = {
            bytes: 0,
            requests: 0,
            moved: 0,
            what: [],
            paint_ms: [],
            first_byte_ms: [],
            clicks: [],
            wrong: [],
        };
        for (let i = 0; i < opens; i += 1) await open(browser, seen);
        await click(browser, seen);
        console.log(JSON.stringify(seen));
    },
    {driven: true},
);
