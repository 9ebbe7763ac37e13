// duckdb.mjs MODULES FOLDER RUNS: the questions of FOLDER/questions.json asked
// of DuckDB, one thread, over FOLDER/events.csv.  Prints lines of "name TAB ms"
// and a line of each answer that is another one.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [modules, folder, runs] = process.argv.slice(2);
const { DuckDBInstance } =
    createRequire(`${modules}/`)('@duckdb/node-api');
const db = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await db.connect();

async function value(sql) {
    const reader = await connection.runAndReadAll(sql);

    return BigInt(reader.getRows()[0][0] ?? 0);
}

// What query_cost.c sums up of an answer.
async function ask({ from, to, where }, by) {
    const range = `moment >= ${from} AND moment < ${to} AND ${where}`;
    const sum = (key, of, columns, and = '') => value(`SELECT CAST(sum((${of})
        * (key + 1)) AS BIGINT) FROM (SELECT ${key} AS key, ${columns}
        FROM events WHERE ${range} ${and} GROUP BY 1)`);
    const day = (at) => `(${at} - ${from}) // 86400000`;

    if (by !== 'series') {
        return sum(by, 'visitors + 3 * visits + 7 * views',
            `count(DISTINCT visitor) AS visitors, count(DISTINCT visit)
            FILTER (began >= ${from}) AS visits, sum(viewed) AS views`);
    }
    return await sum(day('moment'), 'visitors + 7 * views',
        'count(DISTINCT visitor) AS visitors, sum(viewed) AS views')
        + await sum(day('began'), '3 * visits',
            'count(DISTINCT visit) AS visits', `AND began >= ${from}`);
}

await connection.run(
    `CREATE TABLE events AS SELECT * FROM read_csv('${folder}/events.csv')`);
const questions = JSON.parse(readFileSync(`${folder}/questions.json`));
for (let run = 0; run < Number(runs); run++) {
    for (const question of questions) {
        const begun = process.cpuUsage();
        const sums = {};

        for (const by of Object.keys(question.sums)) {
            sums[by] = await ask(question, by);
        }
        const { user, system } = process.cpuUsage(begun);
        console.log(`${question.name}\t${(user + system) / 1000}`);
        for (const [by, want] of Object.entries(question.sums)) {
            if (sums[by] !== BigInt(want)) {
                console.log(`wrong\t${question.name} by ${by}: `
                    + `${sums[by]}, not ${want}`);
            }
        }
    }
}
