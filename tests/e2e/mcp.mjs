// Asks by the Model Context Protocol, with the clients that programs use, what
// it also asks by the Stats API, and says where the two differ.
//
//     node mcp.mjs ORDERS.json ANSWERS.json
//
// ORDERS   {url, token, calls: [{tool, arguments, query?}], explain: [...]}: a
//          call with a QUERY is answered as that one of the API is; arguments
//          of explain_change are answered as this script works it out of
//          queries
// ANSWERS  {clients: [{name, version, server, tools}], answers: [one a call:
//          {told, error}], differences: [text]}
//
// Each call is made by one of the clients, in turn.

import {Client as FirstClient} from
    '@modelcontextprotocol/sdk/client/index.js';
import {StreamableHTTPClientTransport as FirstTransport} from
    '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {Client, StreamableHTTPClientTransport} from
    '@modelcontextprotocol/client';
import {readFileSync, writeFileSync} from 'node:fs';
import {isDeepStrictEqual} from 'node:util';

const LIMIT_MS = 600000;
setTimeout(() => process.exit(9), LIMIT_MS).unref();

const orders = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const headers = {Authorization: `Bearer ${orders.token}`};
const me = {name: 'glinto-test', version: '1'};
const differences = [];

async function connected(name, client, Transport) {
    const transport = new Transport(new URL(`${orders.url}/glinto/mcp`),
        {requestInit: {headers}});
    await client.connect(transport);
    return {name, client, transport};
}

async function api(query) {
    const reply = await fetch(`${orders.url}/api/v2/query`,
        {method: 'POST', headers, body: JSON.stringify(query)});
    return {status: reply.status, body: await reply.json()};
}

function differ(what, given, got, want) {
    if (!isDeepStrictEqual(got, want))
        differences.push([what, given, got, want]
            .map((one) => JSON.stringify(one)).join('\n'));
}

// The text is the same as what is structured, for who reads it.
async function call({client}, {tool, arguments: given}) {
    const result = await client.callTool({name: tool, arguments: given});
    const [{text}] = result.content;
    if (result.isError)
        return {error: text};
    differ('text', given, JSON.parse(text), result.structuredContent);
    return {told: result.structuredContent};
}

async function compared(by, one) {
    const answer = await call(by, one);
    if (one.query) {
        const {status, body} = await api(one.query);
        differ(`${by.name} ${one.tool}`, one.arguments, answer,
            status === 200 ? {told: body} : {error: body.error});
    }
    return answer;
}

// ---- explain_change, worked out of queries ----

async function results(given, range, dimension) {
    const {body} = await api({site_id: given.site_id, date_range: range,
        metrics: [given.metric], filters: given.filters ?? [],
        dimensions: dimension ? [dimension] : []});
    return new Map(body.results.map((row) =>
        [row.dimensions[0] ?? '', row.metrics[0]]));
}

const sumOf = (counts) => [...counts.values()].reduce((a, b) => a + b, 0);

function shares(counts) {
    const sum = sumOf(counts);
    return (value) => (counts.get(value) ?? 0) / sum;
}

async function dimensionOf(given, before, now, dimension, difference) {
    const [then, today] = [await results(given, before, dimension),
        await results(given, now, dimension)];
    const all = [...new Set([...then.keys(), ...today.keys()])];
    const of = (value) => {
        const [a, b] = [then.get(value) ?? 0, today.get(value) ?? 0];
        return {value, before: a, now: b, difference: b - a, share:
            difference === 0 ? null : Math.abs(100 * (b - a) / difference)};
    };
    const [p, q] = [shares(then), shares(today)];
    return {dimension, values_n: all.length,
        shift: sumOf(then) > 0 && sumOf(today) > 0
            ? all.reduce((sum, v) => sum + Math.abs(p(v) - q(v)), 0) / 2 : 0,
        values: all.map(of).filter((one) => one.difference !== 0)};
}

const near = (a, b, step) => a === b || Math.abs(a - b) <= step;

// What changed least of those told changed as much as any that is not told.
function checkDimension(told, want, limit) {
    const size = (one) => Math.abs(one.difference);
    const byText = new Map(want.values.map((one) => [one.value, one]));
    const right = told.values.every((one) => {
        const other = byText.get(one.value);
        return other && one.before === other.before && one.now === other.now
            && one.difference === other.difference
            && near(one.share === null ? null : Math.abs(one.share),
                other.share, 0.051);
    });
    const sizes = want.values.map(size).sort((a, b) => b - a);
    return right && near(told.shift, want.shift, 0.00051)
        && told.values_n === want.values_n
        && isDeepStrictEqual(told.values.map(size), sizes.slice(0, limit));
}

async function explained(by, given) {
    const {told, error} = await call(by,
        {tool: 'explain_change', arguments: given});
    if (error)
        return differ('explain_change', given, error, '');
    const [before, now] = [told.compared_with, told.date_range];
    const total = async (range) => (await results(given, range)).get('');
    differ('explain_change', given,
        [told.before, told.now, told.difference],
        [await total(before), await total(now),
            await total(now) - await total(before)]);
    const shifts = told.dimensions.map((one) => one.shift);
    differ('order', given, shifts, [...shifts].sort((a, b) => b - a));
    for (const one of told.dimensions)
        differ(one.dimension, given, checkDimension(one, await dimensionOf(
            given, before, now, one.dimension, told.difference),
            given.limit ?? 5), true);
    return told;
}

// ---- all ----

const clients = [
    await connected('sdk', new FirstClient(me), FirstTransport),
    await connected('client', new Client(me, {versionNegotiation:
        {mode: {pin: '2026-07-28'}}}), StreamableHTTPClientTransport),
    await connected('auto', new Client(me, {versionNegotiation:
        {mode: 'auto'}}), StreamableHTTPClientTransport),
    await connected('handshake', new Client(me),
        StreamableHTTPClientTransport),
];
const answers = [], explanations = [];
for (const [i, one] of orders.calls.entries())
    answers.push(await compared(clients[i % clients.length], one));
for (const [i, given] of orders.explain.entries())
    explanations.push(await explained(clients[i % clients.length], given));

const told = [];
for (const {name, client, transport} of clients) {
    told.push({name, server: client.getServerVersion(),
        version: client.getNegotiatedProtocolVersion?.()
            ?? transport.protocolVersion,
        instructions: client.getInstructions(),
        tools: (await client.listTools()).tools});
    await client.close();
}
writeFileSync(process.argv[3], JSON.stringify(
    {clients: told, answers, explanations, differences}));
