// What visitors did, on the page of a site: node behaviour.mjs
// http://127.0.0.1:PORT.  What visits there are, behaviour.t says.

import {withBrowser} from './browser.mjs';
import {
    all, chips, figures, labels, query, rows, texts, walk,
} from './walk.mjs';

const base = `${process.argv[2]}/glinto`;
const site = `${base}/a.example`;
const {must, same, checks} = walk();

const goals = async (page) => {
    await page.goto(site);
    same(
        await rows(page, 'behaviour'),
        [
            ['Visit /pricing', '6', '6', '60.0%', '–', '–'],
            ['Signup', '3', '4', '30.0%', '–', '–'],
            ['Order', '2', '2', '20.0%', '€15.50', '€7.75'],
        ],
        'goals',
    );
    await page.click('#behaviour >> text=Signup');
    same(await chips(page), ['Goal is Signup'], 'a goal is a filter');
    same(
        await labels(page),
        ['Unique conversions', 'Total conversions', 'Conversion rate'],
        'the headline is of conversions',
    );
    same(await figures(page), ['3', '4', '30.0%'], 'its numbers');
    same((await rows(page, 'pages'))[0], ['/pricing', '3', '50.0%'],
        'lists tell the rate');
    await page.click('.figure[data-metric=conversion_rate]');
    await page.click('.table summary');
    const last = page.locator('.table tbody tr td').last();
    must(await last.count(), 'the rate as a chart');
    same(
        await page.locator('.table tbody tr').last().locator('td').first()
            .innerText(),
        '30.0%',
        'of the visitors of that day',
    );
    await page.goto(`${site}?f=is,event:goal,Order`);
    same(
        await figures(page),
        ['2', '2', '20.0%', '€15.50', '€7.75'],
        'a goal that brings money',
    );
    await page.click('.figure[data-metric=total_revenue]');
    await page.click('.table summary');
    same(
        await page.locator('.table tbody tr').last().locator('td').first()
            .innerText(),
        '€15.50',
        'day by day',
    );
};

const others = async (page) => {
    await page.goto(site);
    await page.click('#behaviour >> text=Events');
    same(
        await rows(page, 'behaviour'),
        [
            ['Signup', '3', '4', '30%'],
            ['Order', '2', '2', '20%'],
        ],
        'custom events alone',
    );
    await page.click('#behaviour >> text=Details');
    same(await page.locator('#detail tbody tr').count(), 2, 'all of them');
    await page.click('#back');
    await page.click('#behaviour >> text=Properties');
    same(
        await texts(page, '#behaviour .subs a'),
        ['plan', 'size'],
        'properties, the most used first',
    );
    same(
        await rows(page, 'behaviour'),
        [
            ['pro', '2', '3', '20%'],
            ['free', '1', '1', '10%'],
        ],
        'the values of one',
    );
    await page.click('#behaviour .subs >> text=size');
    same((await rows(page, 'behaviour'))[0][0], 'L', 'of another');
    await page.goBack();
    await page.click('#behaviour .rows >> text=pro');
    same(await chips(page), ['plan is pro'], 'a value is a filter');
    same((await figures(page))[0], '2', 'its visitors');
};

const funnels = async (page) => {
    await page.goto(site);
    await page.click('#behaviour >> text=Funnels');
    same(
        await texts(page, '.funnel .step-name'),
        ['Visit /', 'Visit /pricing', 'Signup'],
        'steps',
    );
    same(
        await texts(page, '.funnel .number'),
        ['10', '6', '3'],
        'how many went so far',
    );
    must(
        /4 dropped off, 40.0%/.test(
            await page.locator('.funnel li').nth(1).innerText(),
        ),
        'and how many did not',
    );
    must(
        /^30.0% went all the way: 3 of 10/.test(
            await page.locator('.sum').innerText(),
        ),
        'in all',
    );
    same(
        await page.locator('.kept').evaluateAll((bars) =>
            bars.map((bar) => bar.getAttribute('height')),
        ),
        ['100.00%', '60.00%', '30.00%'],
        'as bars',
    );
};

const journeys = async (page) => {
    await page.goto(site);
    await page.click('#behaviour >> text=Journeys');
    same(
        (await rows(page, 'behaviour')).map(([name]) => name),
        ['/', '/pricing'],
        'pages to begin with',
    );
    await page.click('#behaviour .rows >> text=/');
    const next = () =>
        all(page, '#behaviour tbody tr', (all) =>
            all.map((row) => [
                row.querySelector('a, .end').textContent,
                row.querySelector('.amount').textContent,
            ]),
        );
    same(
        await next(),
        [
            ['/pricing', '6'],
            ['(exit)', '4'],
        ],
        'where visits went from there',
    );
    await page.click('#behaviour .rows >> text=/pricing');
    same(
        await texts(page, '.way li'),
        ['/', '/pricing'],
        'the way so far',
    );
    same(await next(), [['(exit)', '6']], 'and on');
    await page.click('#behaviour >> text=What came before');
    same(await next(), [['(entry)', '6']], 'backwards');
    await page.click('#behaviour >> text=Begin with another page');
    same((await rows(page, 'behaviour')).length, 2, 'from the start');
};

const details = async (page) => {
    await page.goto(`${site}?detail=goals&sort=total_revenue`);
    same(
        await texts(page, '#detail tbody a span'),
        ['Order', 'Signup', 'Visit /pricing'],
        'goals by what they brought',
    );
    const address = await page.locator('a[download]').getAttribute('href');
    const file = await page.request.get(new URL(address, site).href);
    const lines = (await file.text()).split('\r\n');
    same(
        lines.slice(0, 2),
        [
            '"Goal","visitors","events","conversion_rate","total_revenue",' +
                '"average_revenue"',
            '"Order",2,2,20.00,15.50,7.75',
        ],
        'as a file',
    );
    await page.goto(`${site}?detail=pages`);
    same(
        await page.locator('#detail tbody tr').nth(1).locator('td')
            .allInnerTexts(),
        ['6', '6', '0%', '30s', '80%'],
        'how long and how far a page is read',
    );
    await page.click('#detail >> text=/pricing');
    same(
        (await labels(page)).slice(4),
        ['Time on page', 'Scroll depth'],
        'and with a page as filter',
    );
    same((await figures(page)).slice(4), ['30s', '80%'], 'in the headline');
    await page.goto(`${site}?detail=exits`);
    same(
        await page.locator('#detail tbody tr').first().locator('td')
            .allInnerTexts(),
        ['6', '6', '100.0%'],
        'how many leave',
    );
};

const below = async (page) => {
    await page.goto(site);
    await page.click('#sources >> text=Campaigns');
    same((await rows(page, 'sources'))[0][0], 'spring', 'campaigns');
    await page.click('#sources >> text=UTM medium');
    same((await rows(page, 'sources'))[0][0], 'email', 'mediums');
    same(
        await texts(page, '#sources .tabs a[aria-current]'),
        ['Campaigns', 'UTM medium'],
        'a tab and what is open below it',
    );
    await page.click('#devices >> text=Firefox');
    same(
        (await rows(page, 'devices')).map(([name]) => name).sort(),
        ['Firefox 100', 'Firefox 101'],
        'below a browser its versions',
    );
    await page.click('#devices >> text=Firefox 101');
    same(query(page).getAll('f').length, 2, 'both are filters');
    await page.goto(site);
    await page.click('#places >> text=Germany');
    same((await rows(page, 'places'))[0][0], 'Berlin', 'regions of a country');
    await page.click('#devices .tabs >> text=Devices');
    await page.click('#devices >> text=Screen');
    same((await rows(page, 'devices'))[0], ['1920x1080', '10', '100%'], 'screens');
    await page.click('#devices .tabs >> text=Languages');
    same(
        (await rows(page, 'devices'))[0],
        ['German (Austria)', '10', '100%'],
        'languages by their names',
    );
    await page.click('#devices >> text=German (Austria)');
    same(
        query(page).getAll('f').at(-1),
        'is,visit:language,de-AT',
        'and a filter by their tags',
    );
    await page.click('#pages >> text=Hostnames');
    must((await rows(page, 'pages')).length, 'hosts');
};

// Nothing is defined: events are there all the same, and what to do.
const bare = async (page) => {
    await page.goto(`${base}/bare.example`);
    same((await rows(page, 'behaviour'))[0].slice(0, 3), ['Ring', '1', '1'],
        'an event');
    for (const [tab, says] of [
        ['Goals', 'glinto goal add bare.example'],
        ['Properties', "glinto('Order', {props"],
        ['Funnels', 'glinto funnel add bare.example'],
    ]) {
        await page.click(`#behaviour >> text=${tab}`);
        must(
            (await page.locator('#behaviour .snippet').innerText())
                .includes(says),
            `${tab}: what to do`,
        );
    }
};

// The same with a script: no new page.
const withScript = async (browser) => {
    const page = await browser.newPage();
    await page.goto(site);
    await page.evaluate(() => (window.loadedOnce = true));
    await page.click('#behaviour >> text=Funnels');
    await page.waitForSelector('.funnel');
    await page.click('#behaviour >> text=Goals');
    await page.click('#behaviour .rows >> text=Signup');
    await page.waitForSelector('.figure[data-metric=conversion_rate]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.figure[data-metric=bounce_rate]');
    must(await page.evaluate(() => window.loadedOnce), 'it was one page');
    await page.context().close();
};

await withBrowser(
    async ({browser}) => {
        const context = await browser.newContext({javaScriptEnabled: false});
        const page = await context.newPage();
        for (const part of [goals, others, funnels, journeys, details, below, bare])
            await part(page);
        await withScript(browser);
        console.log(`ok ${checks()}`);
    },
    {driven: true},
);
