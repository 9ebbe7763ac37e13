/*
 * sign.mjs <LINES: for each line, a signature base as JSON, the signature in
 * base64, made with the key of RFC 9421, B.1.4.
 */

import { createPrivateKey, sign } from 'node:crypto';
import { createInterface } from 'node:readline';

const key = createPrivateKey({ format: 'jwk', key: {
    kty: 'OKP', crv: 'Ed25519',
    d: 'n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU',
    x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs' } });

for await (const line of createInterface({ input: process.stdin })) {
    const base = Buffer.from(JSON.parse(line));
    process.stdout.write(`${sign(null, base, key).toString('base64')}\n`);
}
