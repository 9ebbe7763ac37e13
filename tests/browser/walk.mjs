// What a walk over the page of a site sees, and says when it is something
// else.
//
//   const {must, same, checks} = walk();
//   must(TRUTH, WHAT); same(GOT, WANT, WHAT); checks() how many there were

export const walk = () => {
    let n = 0;
    const must = (truth, what) => {
        n += 1;
        if (!truth) throw Error(what);
    };
    const same = (got, want, what) =>
        must(
            JSON.stringify(got) === JSON.stringify(want),
            `${what}: ${JSON.stringify(got)}, not ${JSON.stringify(want)}`,
        );
    return {must, same, checks: () => n};
};

// Of a page: the headline's numbers, the rows of a card with all they show,
// the filters, the address.
// A click may have begun a page of which a part is there.
export const all = async (page, selector, tell) => {
    await page.waitForLoadState();
    return page.locator(selector).evaluateAll(tell);
};
export const texts = (page, selector) =>
    all(page, selector, (all) => all.map((one) => one.innerText));
export const figures = (page) => texts(page, '.figure .number');
export const labels = (page) => texts(page, '.figure .label');
export const rows = (page, card) =>
    all(page, `#${card} .rows tbody tr`, (all) =>
        all.map((row) => [
            row.querySelector('a span:last-child').textContent,
            ...[...row.querySelectorAll('.amount')].map((cell) =>
                cell.textContent),
        ]),
    );
export const chips = (page) => texts(page, '.chip span');
export const query = (page) => new URL(page.url()).searchParams;
