// A site's page while glintod goes away and comes back: node ahead_away.mjs URL
//
// Prints "live" when glintod is to be killed, and "paused" when it is to be
// started again.

import {withBrowser} from './browser.mjs';
import {faults, look, validate} from './look.mjs';

const url = process.argv[2];
const must = (truth, what) => {
    if (!truth) throw Error(what);
};
const figures = (page) => page.locator('.figure .number').allInnerTexts();

await withBrowser(
    async ({browser, page}) => {
        await page.goto(url);
        await page.waitForSelector('#state[data-state=live]');
        const before = await figures(page);
        console.log('live');
        await page.waitForSelector('#state[data-state=paused]');

        // Opened now it has the last numbers, with a script and without.
        await page.goto(url);
        await page.waitForSelector('#state[data-state=paused]');
        must(
            JSON.stringify(await figures(page)) === JSON.stringify(before),
            'the numbers of before',
        );
        must(await page.locator('#notice').isVisible(), 'a notice');
        const plain = await browser.newPage({javaScriptEnabled: false});
        await plain.goto(url);
        must(
            /paused since \d\d:\d\d UTC/.test(
                await plain.locator('#away').innerText(),
            ),
            'a notice without a script',
        );
        must(
            JSON.stringify(await figures(plain)) === JSON.stringify(before),
            'the numbers of before, without a script',
        );
        // What has no last page, in German: it comes back by itself.
        const german = await browser.newContext({locale: 'de-AT'});
        const list = await german.newPage();
        const answer = await list.goto(new URL('/glinto/', url).href);
        must(answer.status() === 503, 'nothing but a sentence');
        must(
            /^Gezählt wird weiter; .* \d\d:\d\d UTC /.test(
                await list.getByRole('status').innerText(),
            ),
            'a sentence in German',
        );
        await validate('paused', await answer.text());
        await look(list, 'paused');
        must(faults.length === 0, faults.join('\n'));
        console.log('paused');
        await list.waitForSelector('.sites', {timeout: 45000});
        await page.waitForSelector('#state[data-state=live]', {timeout: 45000});
        must(await page.locator('#notice').isHidden(), 'no notice any more');
    },
    {driven: true},
);
