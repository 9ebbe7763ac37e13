// Several sites on one page: node overview.mjs http://127.0.0.1:PORT
// Which sites with what visits, overview.t says.

import {withBrowser} from './browser.mjs';
import {walk} from './walk.mjs';

const base = `${process.argv[2]}/glinto/`;
const {must, same, checks} = walk();

await withBrowser(
    async ({browser}) => {
        const context = await browser.newContext({javaScriptEnabled: false});
        const page = await context.newPage();
        // A site whose numbers take longer than the list may is shown without.
        do await page.goto(base);
        while ((await page.locator('.sites .number').count()) < 5);
        const texts = await page.locator('.sites a').evaluateAll((all) =>
            all.map((site) => [
                site.querySelector('.name').textContent,
                site.querySelector('.number').textContent,
                site.querySelector('.change')?.textContent ?? '',
            ]),
        );
        same(
            texts,
            [
                ['a.example', '3', '↑up 50%'],
                ['b.example', '2', '↓down 50%'],
                ['many.example', '25', '↑up ×25'],
                ['new.example', '2', ''],
                ['none.example', '0', ''],
            ],
            'sites, their visitors and what has changed',
        );
        const course = await page.locator('.spark path').first()
            .getAttribute('d');
        must(/^M0\.0 /.test(course), 'a course');
        must(course.includes(' 2.0'), 'with its top');
        await page.click('.sites >> text=b.example');
        must(page.url().endsWith('/glinto/b.example'), 'each is a link');
        console.log(`ok ${checks()}`);
    },
    {driven: true},
);
