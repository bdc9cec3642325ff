// An issuer whose keys we hold, and every known attack on its tokens. Reads one JSON line of settings, prints one with the
// issuer, good tokens and attacks, and ends when its input does.
import { constants, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { trap, audience, client } = JSON.parse((await lines.next()).value);

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
const jwk = (pair, kid, alg, use = 'sig') => ({ ...pair.publicKey.export({ format: 'jwk' }), kid, alg, use });
const keys = [jwk(rsa, 'rsa', 'RS256'), jwk(ec, 'ec', 'ES256'), jwk(other, 'enc', 'RSA-OAEP', 'enc'), jwk(short, 'short', 'RS256')];

let asked = 0;
const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  if (request.url === '/.well-known/openid-configuration') {
    response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys`, authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/t` }));
  } else if (request.url === '/keys') {
    asked += 1;
    response.end(JSON.stringify({ keys }));
  } else if (request.url === '/asked') response.end(String(asked));
  else response.writeHead(404).end();
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const now = Math.floor(Date.now() / 1000);
const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const signers = {
  RS256: (data, key = rsa.privateKey) => sign('sha256', data, key),
  RS384: (data, key = rsa.privateKey) => sign('sha384', data, key),
  PS256: (data, key = rsa.privateKey) => sign('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  ES256: (data, key = ec.privateKey) => sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }),
};
const good = () => ({ iss: issuer, sub: 'client-1', aud: audience, iat: now - 5, nbf: now - 5, exp: now + 600, jti: Math.random().toString(36) });
const make = (header, claims, signature = signers.RS256) => {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signature(Buffer.from(input)).toString('base64url')}`;
};
const head = { alg: 'RS256', kid: 'rsa', typ: 'at+jwt' };
const from = (header, claims, signature) => make({ ...head, ...header }, { ...good(), ...claims }, signature);
const without = (claim) => { const claims = good(); delete claims[claim]; return make(head, claims); };

const valid = {
  rs256: from({}, {}), es256: from({ alg: 'ES256', kid: 'ec' }, {}, signers.ES256), typed: from({ typ: 'JWT' }, {}),
  'media type': from({ typ: 'application/at+jwt' }, {}), 'several audiences': from({}, { aud: ['elsewhere', audience] }),
  'no kid where one key fits': from({ alg: 'ES256', kid: undefined }, {}, signers.ES256),
  // What a header says of where its key is to be found is not looked at.
  'ignored addresses': from({ jku: `${trap}/jku`, x5u: `${trap}/x5u`, x5t: 'x' }, {}),
};

const attacks = {};
for (const none of ['none', 'None', 'NONE', 'nOnE', '', 'null']) {
  attacks[`alg ${none} without a signature`] = `${encode({ ...head, alg: none })}.${encode(good())}.`;
  attacks[`alg ${none} with one`] = from({ alg: none }, {});
}
for (const alg of ['rs256', 'RS256 ', 'RS256\u0000', 'RS384', 'RS1', 'HS256', 'HS512', 'EdDSA', 'dir', 'A128KW']) attacks[`alg ${JSON.stringify(alg)}`] = from({ alg }, {});
attacks['alg a number'] = from({ alg: 256 }, {});
attacks['alg a list'] = from({ alg: ['RS256'] }, {});
attacks['no alg'] = from({ alg: undefined }, {});
const publics = {
  'pem spki': rsa.publicKey.export({ type: 'spki', format: 'pem' }), 'pem pkcs1': rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }),
  der: rsa.publicKey.export({ type: 'spki', format: 'der' }), jwk: JSON.stringify(keys[0]), n: keys[0].n, empty: '',
};
for (const [name, secret] of Object.entries(publics)) {
  for (const [alg, hash] of [['HS256', 'sha256'], ['HS384', 'sha384'], ['HS512', 'sha512'], ['RS256', 'sha256']]) {
    attacks[`${alg} with the public key (${name}) as a secret`] = from({ alg }, {}, (data) => createHmac(hash, secret).update(data).digest());
  }
}
for (const kid of ['ec', 'unknown', '', '../../../../dev/null', '/dev/null', "' UNION SELECT 'key' --", '"; DROP TABLE credential; --', '$(id)', 'x'.repeat(3000), 'short', 'enc']) {
  attacks[`kid ${JSON.stringify(kid.slice(0, 40))}`] = from({ kid }, {});
}
attacks['kid a list'] = from({ kid: ['rsa'] }, {});
attacks['no kid where several fit'] = from({ kid: undefined }, {});
attacks['a key that is too short'] = from({ kid: 'short' }, {}, (data) => sign('sha256', data, short.privateKey));
attacks['a key for encryption'] = from({ kid: 'enc' }, {}, (data) => signers.RS256(data, other.privateKey));
attacks['another key'] = from({}, {}, (data) => signers.RS256(data, other.privateKey));
const carried = { jwk: { ...other.publicKey.export({ format: 'jwk' }), kid: 'rsa' }, jku: `${trap}/keys`, x5u: `${trap}/chain`, x5c: ['MIIB'], url: `${trap}/url` };
for (const name of Object.keys(carried)) {
  for (const kid of ['rsa', 'mine', `${trap}/kid`]) {
    attacks[`${name} of the attacker, kid ${kid.slice(0, 8)}`] = from({ [name]: carried[name], kid }, {}, (data) => signers.RS256(data, other.privateKey));
  }
}
attacks['issuer of the attacker'] = from({}, { iss: trap }, (data) => signers.RS256(data, other.privateKey));
attacks['issuer of the attacker, our key'] = from({}, { iss: trap });
for (const iss of [`${issuer}/`, `${issuer}.evil.example`, issuer.toUpperCase(), [issuer], null, 7, { a: issuer }]) attacks[`iss ${JSON.stringify(iss)}`] = from({}, { iss });
attacks['no iss'] = without('iss');
for (const aud of ['elsewhere', client, '', `${audience} `, audience.toUpperCase(), [], [client], ['elsewhere', 'x'], [[audience]], { [audience]: audience }, [audience, 7], null, true, 7]) {
  attacks[`aud ${JSON.stringify(aud)}`] = from({}, { aud });
}
attacks['no aud'] = without('aud');
attacks['ended'] = from({}, { exp: now - 1 });
attacks['ended long ago'] = from({}, { iat: now - 9000, nbf: now - 9000, exp: now - 8000 });
attacks['not begun'] = from({}, { nbf: now + 600 });
attacks['made in the future'] = from({}, { iat: now + 600 });
attacks['no exp'] = without('exp');
for (const exp of [null, 'tomorrow', String(now + 600), [now + 600], true, 1e300, -1, now + 366 * 86_400, (now + 600) * 1000]) attacks[`exp ${JSON.stringify(exp)}`] = from({}, { exp });
attacks['nbf a text'] = from({}, { nbf: 'now' });
attacks['no sub'] = without('sub');
for (const sub of ['', 'client-2', 'CLIENT-1', 'client-1 ', ['client-1'], { a: 'client-1' }, null, 1]) attacks[`sub ${JSON.stringify(sub)}`] = from({}, { sub });

const [header, payload, signature] = from({}, {}).split('.');
attacks['signature stripped'] = `${header}.${payload}.`;
attacks['signature left out'] = `${header}.${payload}`;
attacks['signature of another token'] = `${header}.${encode(good())}.${signature}`;
attacks['claims altered'] = `${header}.${encode({ ...good(), sub: 'client-1', admin: true })}.${signature}`;
attacks['header altered'] = `${encode({ ...head, extra: 1 })}.${payload}.${signature}`;
attacks['alg lifted to PS256'] = `${encode({ ...head, alg: 'PS256' })}.${payload}.${signature}`;
attacks['PS256 where it is not set'] = from({ alg: 'PS256' }, {}, signers.PS256);
attacks['RS256 said, PS256 done'] = from({}, {}, signers.PS256);
attacks['RS256 said, RS384 done'] = from({}, {}, signers.RS384);
const bytes = Buffer.from(signature, 'base64url');
for (const at of [0, 100, 255]) { const bent = Buffer.from(bytes); bent[at] ^= 1; attacks[`signature bent at ${at}`] = `${header}.${payload}.${bent.toString('base64url')}`; }
attacks['signature shortened'] = `${header}.${payload}.${bytes.subarray(0, 255).toString('base64url')}`;
attacks['signature lengthened'] = `${header}.${payload}.${Buffer.concat([bytes, Buffer.from([0])]).toString('base64url')}`;
attacks['signature padded'] = `${header}.${payload}.${signature}==`;
attacks['signature in plain base64'] = `${header}.${payload}.${bytes.toString('base64')}`;
attacks['signature with other last bits'] = `${header}.${payload}.${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : 'A'}`;
attacks['header padded'] = `${header}=.${payload}.${signature}`;
attacks['a part too many'] = `${header}.${payload}.${signature}.`;
attacks['a part before'] = `.${header}.${payload}.${signature}`;
attacks['parts empty'] = '..';

const es = (signatureOf) => from({ alg: 'ES256', kid: 'ec' }, {}, signatureOf);
const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const fixed = (number) => Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
const zero = Buffer.alloc(32);
for (const [name, made] of Object.entries({
  'zero (psychic)': Buffer.concat([zero, zero]), 'r zero': Buffer.concat([zero, fixed(1n)]), 's zero': Buffer.concat([fixed(1n), zero]),
  'order': Buffer.concat([fixed(order), fixed(order)]), 'ones': Buffer.concat([fixed(1n), fixed(1n)]), empty: Buffer.alloc(0), 'all bits': Buffer.alloc(64, 255),
})) attacks[`ES256 ${name}`] = es(() => made);
attacks['ES256 as DER'] = es((data) => sign('sha256', data, ec.privateKey));
attacks['ES256 halves swapped'] = es((data) => { const made = signers.ES256(data); return Buffer.concat([made.subarray(32), made.subarray(0, 32)]); });
attacks['ES256 r plus the order'] = es((data) => { const made = signers.ES256(data); return Buffer.concat([Buffer.from([1]), made]); });
{
  // Sound as mathematics: the same signature spelled otherwise. The token itself was let in before, so this one is not.
  const [first, second, third] = valid.es256.split('.');
  const made = Buffer.from(third, 'base64url');
  const turned = order - BigInt(`0x${made.subarray(32).toString('hex')}`);
  attacks['ES256 s turned round'] = `${first}.${second}.${Buffer.concat([made.subarray(0, 32), fixed(turned)]).toString('base64url')}`;
}

const raw = (text, claims = good(), signature = signers.RS256) => make(text, claims, signature);
const rawHead = JSON.stringify(head);
attacks['alg twice'] = raw(rawHead.replace('{', '{"alg":"none",'));
attacks['alg twice, the other way'] = raw(rawHead.replace('}', ',"alg":"none"}'));
attacks['alg twice, alike'] = raw(rawHead.replace('{', '{"alg":"RS256",'));
attacks['kid twice'] = raw(rawHead.replace('{', '{"kid":"ec",'));
attacks['typ twice'] = raw(rawHead.replace('{', '{"typ":"JWT",'));
attacks['header a list'] = raw('["RS256","rsa","at+jwt"]');
attacks['header with more after it'] = raw(`${rawHead}{}`);
attacks['header not JSON'] = raw('RS256');
attacks['header not UTF-8'] = make('x', good()).replace(/^[^.]*/, Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url'));
const claimsText = JSON.stringify(good());
attacks['sub twice'] = raw(head, claimsText.replace('{', '{"sub":"client-2",'));
attacks['aud twice'] = raw(head, claimsText.replace('{', '{"aud":"elsewhere",'));
attacks['exp twice'] = raw(head, claimsText.replace('{', `{"exp":${now - 60},`));
attacks['claims a list'] = raw(head, '[]');
attacks['claims a text'] = raw(head, '"client-1"');
attacks['claims with more after them'] = raw(head, `${claimsText}{}`);
for (const crit of [['exp'], ['b64'], [], 'exp', ['http://example/unknown']]) attacks[`crit ${JSON.stringify(crit)}`] = from({ crit, exp: now + 600 }, {});
attacks['b64 false'] = from({ b64: false, crit: ['b64'] }, {});
attacks['b64 false, not critical'] = from({ b64: false }, {});
attacks['zip'] = from({ zip: 'DEF' }, {});
attacks['nested'] = make({ ...head, cty: 'JWT' }, from({}, {}));
attacks['nested without saying so'] = make(head, from({}, {}));
attacks['encrypted'] = `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM', kid: 'enc' })}.${encode('k')}.${encode('iv')}.${encode('c')}.${encode('t')}`;
attacks['encrypted in three parts'] = from({ alg: 'dir', enc: 'A256GCM' }, {});
attacks['huge claims'] = from({}, { filler: 'x'.repeat(40_000) });
attacks['huge header'] = from({ filler: 'x'.repeat(30_000) }, {});
attacks['deep claims'] = raw(head, `${claimsText.slice(0, -1)},"deep":${'['.repeat(2000)}${']'.repeat(2000)}}`);
attacks['deep header'] = raw(`{"a":${'{"a":'.repeat(500)}1${'}'.repeat(500)},"alg":"RS256"}`);

for (const typ of [undefined, '', 'JWS', 'logout+jwt', 'dpop+jwt', 'id+jwt', 'at+jwt ', 'secevent+jwt', 7, ['at+jwt']]) attacks[`typ ${JSON.stringify(typ)}`] = from({ typ }, {});
const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
attacks['an ID token'] = from({ typ: 'JWT' }, { aud: client, nonce: 'n', sid: 's' });
attacks['an ID token for our audience'] = from({ typ: 'JWT' }, { nonce: 'n' });
attacks['an ID token with at_hash'] = from({ typ: 'JWT' }, { at_hash: 'n' });
attacks['a logout token'] = from({ typ: 'logout+jwt' }, { aud: client, events, sid: 's' });
attacks['a logout token as JWT for our audience'] = from({ typ: 'JWT' }, { events });
attacks['of another client'] = from({}, { sub: 'client-9', client_id: 'client-9', azp: 'client-9' });

const logout = (header, claims, by) => make({ alg: 'RS256', kid: 'rsa', typ: 'logout+jwt', ...header },
  { iss: issuer, aud: client, iat: now, exp: now + 120, jti: Math.random().toString(36), sub: 'person-1', events, ...claims }, by);
const logouts = {
  nonce: logout({}, { nonce: 'n' }), 'no events': logout({}, { events: undefined }), 'other events': logout({}, { events: { a: {} } }),
  'event not an object': logout({}, { events: { 'http://schemas.openid.net/event/backchannel-logout': true } }),
  'other audience': logout({}, { aud: audience }), 'other issuer': logout({}, { iss: trap }), old: logout({}, { iat: now - 9000, exp: now - 8000 }),
  future: logout({}, { iat: now + 600 }), 'no iat': logout({}, { iat: undefined }), 'no jti': logout({}, { jti: undefined }),
  nobody: logout({}, { sub: undefined }), 'other key': logout({}, {}, (data) => signers.RS256(data, other.privateKey)),
  none: `${encode({ alg: 'none' })}.${encode({ iss: issuer, aud: client, iat: now, jti: 'j', sub: 'person-1', events })}.`,
  'an access token': from({}, { aud: client }), text: 'x',
};

const answer = JSON.stringify({ issuer, valid, attacks, logouts, logout: logout({}, {}), late: from({}, { exp: now + 20 }) });
await new Promise((written) => process.stdout.write(`${answer}\n`, written));
await lines.next();
process.exit(0);
