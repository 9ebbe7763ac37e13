/*
 * Labelled User-Agents of other projects, from npm packages that are there
 * while this is measured, and from Debian's uap-core:
 *
 *   [{ kind, set, text, want }]    kind: bot, person, browser, system, device
 *
 * A text is in one of two halves, by its hash: rules may be made by looking at
 * "seen"; the figures are of the other, which nobody looks at.
 */

'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const yaml = require('js-yaml');
const names = require('../../aggregator/enrich/names.json');

const UAP = '/usr/share/uap-core/tests';

const isSeen = (text) =>
    crypto.createHash('sha256').update(text).digest()[0] % 2 === 0;

const ascii = (name) => (name || '').normalize('NFD')
    .replace(/[^\x20-\x7e]/g, '');
const readYaml = (file) => yaml.load(fs.readFileSync(file, 'utf8'));
const readLines = (file) => fs.readFileSync(file, 'utf8').split('\n')
    .map((line) => line.trim());

/* The classes that we know; a console, a car or a loudspeaker is none. */
const CLASS = {
    desktop: 'Desktop', smartphone: 'Mobile', phablet: 'Mobile',
    'feature phone': 'Mobile', 'portable media player': 'Mobile',
    wearable: 'Mobile', camera: 'Mobile', mobile: 'Mobile',
    tablet: 'Tablet', tv: 'TV',
};

/* device-detector's own cases. */
function deviceDetector(add, dir) {
    for (const file of fs.readdirSync(dir)) {
        for (const one of readYaml(path.join(dir, file)) || []) {
            const set = 'device-detector';
            const text = one.user_agent;
            if (one.bot) {
                add('bot', set, text);
            } else if (one.client?.type === 'browser') {
                add('person', set, text);
                add('browser', set, text, one.client.name);
                add('system', set, text, one.os?.name);
                add('device', set, text, CLASS[one.device?.type]);
            }
        }
    }
}

/* woothee's: crawlers, and what people have. */
function woothee(add, dir) {
    for (const file of fs.readdirSync(dir)) {
        for (const one of readYaml(path.join(dir, file)) || []) {
            if (one.category === 'crawler') {
                add('bot', 'woothee', one.target);
            }
        }
    }
}

function uap(add) {
    for (const one of readYaml(`${UAP}/test_ua.yaml`).test_cases) {
        const name = ascii(one.family);
        add('browser', 'uap-core', one.user_agent_string,
            [names.browsers[name] ?? name,
                [one.major, one.minor].filter(Boolean).join('.')]);
    }
    for (const one of readYaml(`${UAP}/test_os.yaml`).test_cases) {
        const name = ascii(one.family);
        add('system', 'uap-core', one.user_agent_string,
            [names.systems[name] ?? name,
                [one.major, one.minor].filter(Boolean).join('.')]);
    }
}

module.exports = (folder) => {
    const rows = [];
    const seen = new Set();
    const inside = (...parts) => path.join(folder, 'node_modules', ...parts);
    const add = (kind, set, text, want) => {
        const key = `${kind}\0${set}\0${text}`;
        if (typeof text === 'string' && text && !/[\t\n\r]/.test(text) &&
            !seen.has(key) && (want !== undefined || /bot|person/.test(kind))) {
            seen.add(key);
            rows.push({ kind, set, text, want, seen: isSeen(text) });
        }
    };
    for (const { instances } of require('crawler-user-agents')) {
        (instances || []).forEach((text) =>
            add('bot', 'crawler-user-agents', text));
    }
    readLines(inside('isbot-fixtures/crawlers.txt'))
        .forEach((text) => add('bot', 'isbot', text));
    require(inside('top-crawler-agents'))
        .forEach((text) => add('bot', 'top-crawler-agents', text));
    woothee(add, inside('woothee/woothee/testsets'));
    deviceDetector(add, inside('node-device-detector/tests/fixtures/devices'));
    require('top-user-agents')
        .forEach((text) => add('person', 'top-user-agents', text));
    readLines(inside('isbot-fixtures/browsers.txt'))
        .forEach((text) => add('person', 'isbot', text));
    for (const one of require(inside('user-agents/dist/user-agents.json'))) {
        add('person', 'user-agents', one.userAgent);
        add('device', 'user-agents', one.userAgent,
            CLASS[one.deviceCategory]);
    }
    uap(add);
    return rows;
};
