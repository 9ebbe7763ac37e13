// The notices of a dashboard: node notices.mjs http://127.0.0.1:PORT
// Each line on standard output asks notices.t for the next act.

import {withBrowser} from './browser.mjs';

const base = process.argv[2];
const PATIENCE_MS = 30000; // a page comes back within 30 s of a reload

await withBrowser(
    async ({browser, page}) => {
        await page.goto(`${base}/glinto/a.example`);
        const state = (name, timeout) =>
            page.waitForSelector(`#state[data-state=${name}]`, {timeout});
        const box = page.locator('#notices');
        const lines = (n) =>
            page.waitForFunction(
                (count) =>
                    document.querySelectorAll('#notices p').length === count,
                n,
            );
        await state('live');
        await lines(0);
        if ((await box.boundingBox()).height > 0)
            throw Error('an empty box takes room');

        console.log('hold');
        await lines(1);
        const [text, role, kind] = [
            await box.innerText(),
            await box.getAttribute('role'),
            await box.locator('p').getAttribute('data-kind'),
        ];
        if (!/^Upgrade pending: since \d\d:\d\d /.test(text)) throw Error(text);
        if (role !== 'status') throw Error(`role ${role}`);
        if (kind !== 'upgrade_pending') throw Error(kind);

        // A page loaded now has it before any script runs; nothing overflows.
        const plain = await browser.newPage({
            javaScriptEnabled: false,
            viewport: {width: 390, height: 844},
        });
        await plain.goto(`${base}/glinto/a.example`);
        if ((await plain.locator('#notices').innerText()) !== text)
            throw Error('not in the HTML');
        const wide = await page.evaluate(
            () => document.documentElement.scrollWidth > innerWidth,
        );
        if (wide) throw Error('the page is wider than its window');

        console.log('release');
        await lines(0);

        console.log('reload');
        await state('paused');
        await state('live', PATIENCE_MS);

        console.log('damage');
        const text_of = (id) => page.locator(`#${id}`).innerText();
        await page.waitForFunction(
            () => document.getElementById('visitors').textContent === '–',
            null,
            {timeout: PATIENCE_MS},
        );
        for (const id of ['recent', 'today-visits', 'today-depth'])
            if ((await text_of(id)) !== '–')
                throw Error(`${id}: ${await text_of(id)}`);
        await page.locator('#chart').hover();
        if (!/^– pageviews · /.test(await text_of('tip')))
            throw Error(await text_of('tip'));
        await lines(1);
        console.log('back');
    },
    {driven: true},
);
