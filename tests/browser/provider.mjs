// A real OpenID provider on this machine, for the tests. Reads one JSON line of settings, prints one with its issuer, and
// ends when its input does.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

// What it warns of is meant for those who run it for real.
console.info = () => {};
console.warn = () => {};
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { beacon } = JSON.parse((await lines.next()).value);
const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
const key = { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), kid: 'first', alg: 'RS256', use: 'sig' };

const provider = new Provider(issuer, {
  jwks: { keys: [key] },
  cookies: { keys: ['only-for-tests'] },
  clients: [
    {
      client_id: 'beacon',
      client_secret: 'a secret with spaces & signs',
      redirect_uris: [`${beacon}/sign-in/real/return`],
      post_logout_redirect_uris: [`${beacon}/signed-out`],
      backchannel_logout_uri: `${beacon}/sign-out/back-channel`,
      backchannel_logout_session_required: true,
      response_types: ['code'],
      grant_types: ['authorization_code'],
    },
    { client_id: 'robot', client_secret: 'robot-secret', redirect_uris: [], response_types: [], grant_types: ['client_credentials'] },
    { client_id: 'stranger', client_secret: 'stranger-secret', redirect_uris: [], response_types: [], grant_types: ['client_credentials'] },
  ],
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  // By itself it tells nobody on this machine that somebody has signed out.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  pkce: { required: () => true },
  features: {
    backchannelLogout: { enabled: true },
    clientCredentials: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_ctx, resource) => ({
        scope: 'api', audience: resource, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
});
provider.on('server_error', (_ctx, error) => console.error(error));
provider.on('backchannel.error', (_ctx, error) => console.error('back-channel', error.message));
server.on('request', provider.callback());
process.stdout.write(`${JSON.stringify({ issuer })}\n`);
await lines.next();
process.exit(0);
