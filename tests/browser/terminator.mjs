// A dashboard as its visitor asks for it, whoever answers:
//
//   node terminator.mjs URL PORT live|paused
//
// PORT of this machine answers for the host of URL, whatever port URL names.

import {withBrowser} from './browser.mjs';

const [url, port, state] = process.argv.slice(2);
const {hostname} = new URL(url);

await withBrowser(
    async ({page}) => {
        await page.goto(url);
        await page.waitForSelector(`#state[data-state=${state}]`);
    },
    {
        driven: true,
        flags: [
            '--ignore-certificate-errors',
            `--host-resolver-rules=MAP ${hostname} 127.0.0.1:${port}`,
        ],
    },
);
