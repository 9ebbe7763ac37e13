// The page of a site: node dashboard.mjs http://127.0.0.1:PORT
// What visits there are, dashboard.t says.  The line "visit" on standard output
// asks it for the first visit of a new site.

import {withBrowser} from './browser.mjs';
import {chips, figures, query, rows as all, texts, walk} from './walk.mjs';

const site = `${process.argv[2]}/glinto/a.example`;
const {must, same, checks} = walk();
const rows = async (page, card) =>
    (await all(page, card)).map(([text, n]) => [text, n]);

// ---- what is there, and every click an address ----

const withoutScript = async (browser) => {
    const page = await browser.newPage({javaScriptEnabled: false});
    await page.goto(site);
    same(
        await figures(page),
        ['6', '6', '7', '1.2', '83%', '0s'],
        'headline of the last 28 days',
    );
    const against = page.locator('.figure').first().locator('.against');
    must(/50%.*was 4/s.test(await against.innerText()), 'beside what was');
    same(
        (await rows(page, 'sources')).slice(0, 2),
        [
            ['Google', '3'],
            ['Direct / None', '2'],
        ],
        'sources',
    );
    same((await rows(page, 'pages'))[0], ['/', '5'], 'pages');
    same(
        (await rows(page, 'places')).slice(0, 2),
        [
            ['Germany', '3'],
            ['France', '2'],
        ],
        'countries by name',
    );
    same((await rows(page, 'devices'))[0], ['Firefox', '3'], 'browsers');
    same(await page.locator('#plot g').count(), 28, 'a point a day');
    await page.click('.table summary');
    same(await page.locator('.table tbody tr').count(), 28, 'a row a day');

    await page.click('#places >> text=Germany');
    same(await chips(page), ['Country is Germany'], 'a filter');
    same((await figures(page))[0], '3', 'its visitors');
    await page.click('#sources >> text=Channels');
    await page.click('#sources >> text=Organic Search');
    same(query(page).getAll('f').length, 2, 'two filters');
    await page.click('#clear');
    same(await chips(page), [], 'none');

    await page.click('#period summary');
    await page.click('#period >> text=Last 7 days');
    same(query(page).get('period'), '7d', 'another period');
    await page.click('#earlier');
    same(query(page).get('period'), 'custom', 'the week before');
    same((await figures(page))[0], '0', 'had no visitor');
    await page.click('#later');
    same((await figures(page))[0], '6', 'and back');

    await page.click('#compare summary');
    await page.click('#compare >> text=Nothing');
    same(await page.locator('.was').count(), 0, 'compared with nothing');

    await page.click('#filter summary');
    await page.selectOption('[name=fd]', 'event:page');
    await page.selectOption('[name=fo]', 'contains');
    await page.fill('[name=fv]', 'ABOUT');
    await page.click('#filter button');
    same(await chips(page), ['Page contains ABOUT'], 'a filter by hand');
    same((await figures(page))[0], '1', 'in any case of letters');

    await page.goto(site);
    await page.click('#filter summary');
    await page.selectOption('[name=fd]', 'visit:country');
    await page.fill('[name=fv]', 'germany');
    await page.click('#filter button');
    same(await chips(page), ['Country is Germany'], 'a country by its name');
    same((await figures(page))[0], '3', 'is that one');
    await page.goto(site);
    await page.click('#filter summary');
    await page.selectOption('[name=fd]', 'visit:language');
    await page.selectOption('[name=fo]', 'contains');
    await page.fill('[name=fv]', 'German');
    await page.click('#filter button');
    same(await chips(page), ['Language contains German'], 'a language, too');
    same((await figures(page))[0], '3', 'in each country');

    const wrong = await page.goto(`${site}?f=is,event:nothing,x`);
    same(wrong.status(), 400, 'a filter that there is not');
    await page.click('text=Show the site without filters');
    same((await figures(page)).length, 6, 'and a way back');
    await page.context().close();
};

// ---- all of a list ----

const detail = async (browser) => {
    const page = await browser.newPage({javaScriptEnabled: false});
    const names = () =>
        texts(page, '#detail .rows tbody a span:last-child');
    const total = () => page.locator('.paging p').nth(1).innerText();

    await page.goto(`${site}?period=all`);
    await page.click('#pages >> text=Details');
    same(await total(), '1 to 50 of 65', 'all pages');
    await page.click('text=More');
    same((await names()).length, 15, 'the rest');
    await page.click('#detail thead >> text=Page');
    same((await names())[0], '/', 'by name');
    await page.fill('#search', 'P0');
    await page.click('.search button');
    same((await names()).length, 9, 'those looked for');
    await page.click('#detail >> text=/p07');
    same(await chips(page), ['Page is /p07'], 'one of them is a filter');
    must(await page.locator('.figure').count(), 'of the whole page');

    await page.goto(`${site}?period=28d&detail=countries&q=germ`);
    same(await names(), ['Germany'], 'countries are found by name');
    for (const text of ['german', 'AUSTRIA', 'de-at', 'de']) {
        await page.goto(`${site}?period=28d&detail=languages&q=${text}`);
        same(await names(), ['German (Austria)'], `a language by ${text}`);
    }
    for (const text of ['french', 'nothing']) {
        await page.goto(`${site}?period=28d&detail=languages&q=${text}`);
        same(await names(), [], `not by ${text}`);
    }
    await page.click('#back');
    same(query(page).get('detail'), null, 'and back');

    await page.goto(`${site}?period=all&detail=sources`);
    const address = await page.locator('a[download]').getAttribute('href');
    const file = await page.request.get(new URL(address, site).href);
    const headers = file.headers();
    same(headers['content-type'], 'text/csv; charset=utf-8', 'a file');
    must(/^attachment/.test(headers['content-disposition']), 'to be kept');
    const lines = (await file.text()).split('\r\n');
    same(
        lines[0],
        '"Source","visitors","pageviews","bounce_rate","visit_duration"',
        'its head',
    );
    for (const cell of ["'=1+1", "'\uff1d2", "'-3"])
        must(
            lines.some((line) => line.startsWith(`"${cell}",`)),
            `${cell} is no formula`,
        );
    must(lines.includes('"Google",3,4,67,0'), 'and a row');
    const none = await page.request.get(`${site}/list.csv?detail=nothing`);
    same(none.status(), 404, 'a list that there is not');
    await page.context().close();
};

// ---- the same with a script: no new page ----

const withScript = async (page) => {
    const shows = (text) =>
        page.waitForFunction(
            (want) =>
                document.querySelector('.figure .number')?.textContent === want,
            text,
        );
    const settled = () =>
        page.waitForSelector('#report:not([aria-busy])', {state: 'attached'});

    await page.goto(`${site}?period=28d`);
    await page.waitForSelector('#state[data-state=live]');
    await page.evaluate(() => (window.loadedOnce = true));

    // asked for when the button goes down, and not again with the click
    const asked = [];
    const isGermany = (one) => one.url().includes('visit:country,DE');
    page.on('request', (one) => isGermany(one) && asked.push(one.url()));
    const answer = page.waitForResponse(isGermany);
    await page.locator('#places >> text=Germany').hover();
    await page.mouse.down();
    await answer;
    same((await figures(page))[0], '6', 'a button that is down');
    await page.mouse.up();
    await shows('3');
    same(asked.length, 1, 'requests of a click');
    same(await page.locator('.table tbody tr').count(), 0, 'rows not shown');
    await page.click('.table summary');
    await page.waitForSelector('.table tbody tr');
    await page.click('.table summary');
    await page.click('#devices >> text=Systems');
    await page.waitForSelector('#devices >> text=Linux');
    await page.goBack();
    await page.waitForSelector('#devices >> text=Firefox');
    await page.goBack();
    await shows('6');
    await page.goForward();
    await shows('3');
    await page.keyboard.press('Escape');
    await shows('6');
    same(await chips(page), [], 'Esc clears');

    // the form of a filter, by keyboard
    await page.keyboard.press('/');
    await page.selectOption('[name=fd]', 'visit:country');
    await page.fill('[name=fv]', 'FR');
    await page.keyboard.press('Enter');
    await shows('2');
    same(await page.inputValue('[name=fv]'), '', 'what was written is sent');
    await page.keyboard.press('Escape');
    await shows('6');

    const periods = {
        d: 'day',
        e: 'yesterday',
        h: '24h',
        w: '7d',
        f: '28d',
        t: '30d',
        n: '91d',
        m: 'month',
        p: 'last_month',
        y: 'year',
        s: '6mo',
        l: '12mo',
        a: 'all',
    };
    for (const [key, period] of Object.entries(periods)) {
        await page.keyboard.press(key);
        await page.waitForFunction(
            (want) => new URL(location).searchParams.get('period') === want,
            period,
        );
        await settled();
        must(
            await page.locator(`#period a[data-key=${key.toUpperCase()}][aria-current]`)
                .count(),
            `${key} is marked`,
        );
    }
    await page.keyboard.press('f');
    await settled();
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(() => location.search.includes('custom'));
    await shows('4');
    await page.keyboard.press('ArrowRight');
    await shows('6');
    await page.keyboard.press('c');
    must(await page.locator('#period [name=from]').isVisible(), 'C: dates');
    await page.keyboard.press('Escape');
    must(await page.locator('#period [name=from]').isHidden(), 'Esc closes');
    await page.keyboard.press('x');
    must(await page.locator('#compare .drop').isVisible(), 'X: compare');
    await page.locator('#summary').focus();
    must(await page.locator('#compare .drop').isHidden(), 'who goes on, closes');
    await page.keyboard.press('?');
    must(await page.locator('#keys').isVisible(), '?: the list');
    await page.keyboard.press('Escape');
    must(await page.locator('#keys').isHidden(), 'and away');

    await page.click('#devices >> text=Details');
    await page.waitForSelector('#detail');
    await page.keyboard.press('/');
    await page.keyboard.type('fire');
    await page.keyboard.press('Enter');
    await page.waitForFunction(
        () => document.querySelectorAll('#detail tbody tr').length === 1,
    );
    await page.locator('#search').evaluate((field) => field.blur());
    await page.keyboard.press('Escape');
    await shows('6');

    await page.locator('#plot g').nth(27).hover();
    must(
        /^\d+ · \d+ \w+ 20\d\d\n\d+ · /.test(
            await page.locator('#plot-tip').innerText(),
        ),
        'what the pointer is at',
    );
    must(await page.evaluate(() => window.loadedOnce), 'it was one page');

    // the interval goes round, R is at the live numbers, digits are sites
    const interval = () =>
        page.locator('.intervals [aria-current]').innerText();
    const before = await interval();
    const seen = new Set([before]);
    do {
        const was = await interval();
        await page.keyboard.press('i');
        await page.waitForFunction(
            (text) =>
                document.querySelector('.intervals [aria-current]')
                    .textContent !== text,
            was,
        );
        await settled();
        seen.add(await interval());
    } while ((await interval()) !== before);
    same([...seen].sort(), ['Days', 'Hours', 'Weeks'].filter((text) =>
        seen.has(text)), 'I: each interval, and round');
    must(seen.size > 1, 'of more than one');
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.keyboard.press('r');
    await page.waitForFunction(
        () => document.getElementById('board').getBoundingClientRect().top >= 0,
    );
    await page.keyboard.press('2');
    await page.waitForURL('**/glinto/new.example');
    await page.keyboard.press('1');
    await page.waitForURL('**/glinto/a.example');
    await page.keyboard.press('0');
    await page.waitForURL('**/glinto/');
};

// ---- text stays text ----

const hostile = async (page) => {
    let fired = 0;
    page.on('dialog', (dialog) => {
        fired += 1;
        dialog.dismiss();
    });
    for (const tabs of [
        'sources=sources&places=cities',
        'sources=campaigns&pages=entries',
        'sources=sources&pages=exits',
    ]) {
        await page.goto(`${site}?period=28d&${tabs}`);
        const odd = page.locator('.rows a:has-text("onerror=alert(1)")');
        must((await odd.count()) >= 2, `${tabs}: it is shown`);
        await odd.first().click();
        await page.waitForSelector('.chip');
        must(
            (await page.locator('.chip').innerText()).includes('{{site}}'),
            'and in its filter',
        );
        same(await page.locator('.figure .number').first().innerText(), '1',
            'which finds it');
    }
    same(await page.locator('main img').count(), 0, 'no element came of it');
    same(fired, 0, 'nothing ran');
};

// ---- a phone, a dark room, and nothing that jumps ----

const looks = async (browser) => {
    for (const [width, colorScheme] of [
        [360, 'light'],
        [390, 'dark'],
        [2560, 'light'],
    ]) {
        const context = await browser.newContext({
            viewport: {width, height: 800},
            colorScheme,
        });
        const page = await context.newPage();
        const complaints = [];
        page.on('console', (line) => {
            if (['error', 'warning'].includes(line.type()))
                complaints.push(line.text());
        });
        await page.addInitScript(() => {
            window.moved = 0;
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) {
                    window.moved += entry.value;
                    window.what = entry.sources.map(
                        ({node}) => node?.outerHTML?.slice(0, 80) ?? `${node}`,
                    );
                }
            }).observe({type: 'layout-shift', buffered: true});
        });
        await page.goto(`${site}?period=28d&f=is,visit:country,DE`);
        await page.waitForSelector('#state[data-state=live]');
        const [wide, moved, what] = await page.evaluate(() => [
            document.documentElement.scrollWidth - innerWidth,
            window.moved,
            window.what,
        ]);
        must(wide <= 0, `${width}: ${wide} pixels too wide`);
        same(moved, 0, `${width}: ${what} moved`);
        same(complaints, [], `${width}: complaints`);
        await context.close();
    }
};

const onPaper = async (browser) => {
    const page = await browser.newPage({colorScheme: 'dark'});
    await page.goto(`${site}?period=28d`);
    await page.emulateMedia({media: 'print'});
    same(
        await page.evaluate(() => {
            const {backgroundColor, color} = getComputedStyle(document.body);
            return [backgroundColor, color];
        }),
        ['rgb(255, 255, 255)', 'rgb(29, 26, 22)'],
        'on paper it is dark on white',
    );
    await page.goto(`${site}?period=28d&detail=pages`);
    must(
        /^Last 28 days, \d/.test(await page.locator('.paper').innerText()),
        'a list says of when it is',
    );
    same(
        await page.locator('.button:visible, input:visible').count(),
        0,
        'nothing is there to be clicked',
    );
    await page.context().close();
};

// ---- a new site ----

const first = async (page) => {
    await page.goto(site.replace('a.example', 'new.example'));
    await page.waitForSelector('#state[data-state=live]');
    const snippet = await page.locator('.snippet').innerText();
    must(snippet.includes('data-domain="new.example"'), snippet);
    console.log('visit');
    await page.waitForSelector('.figure');
    same((await figures(page))[0], '1', 'the first visit, at once');
};

await withBrowser(
    async ({browser, page}) => {
        await withoutScript(browser);
        await detail(browser);
        await withScript(page);
        await hostile(page);
        await looks(browser);
        await onPaper(browser);
        await first(page);
        console.log(`ok ${checks()}`);
    },
    {driven: true},
);
