// Steps in a real Chromium against a running Beacon, one scenario a run: `node browser.mjs SCENARIO SETTINGS`. It fails
// loudly; what it prints as its last line is JSON for the test that started it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [, , name, text] = process.argv;
const settings = JSON.parse(text);
const { url, user, password } = settings;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SESSION = '__Host-beacon';

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});

const session = async (context) => (await context.cookies(url)).find((cookie) => cookie.name === SESSION);

async function signIn(page) {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${url}/signed-in`);
}

const withCookie = (value, path = '/v1/me') => fetch(url + path, { headers: { cookie: `${SESSION}=${value}` } });

/** Serves one page at another address of this machine. */
async function elsewhere(host, html) {
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://${host}:${server.address().port}/`;
}

const scenarios = {
  /** Every page, with and without scripts, and what a checker says of them. */
  async pages() {
    const problems = [];
    for (const javaScriptEnabled of [true, false]) {
      const context = await browser.newContext({ javaScriptEnabled });
      const page = await context.newPage();
      const told = [];
      page.on('console', (message) => told.push(message.text()));
      page.on('pageerror', (error) => told.push(String(error)));
      const check = async (where) => {
        if (!javaScriptEnabled) return;
        await page.evaluate(axe);
        const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
        assert.ok(passes.length > 5, where);
        problems.push(...violations.map((violation) => `${where}: ${violation.id} ${violation.help}`));
      };
      await page.goto(`${url}/signed-in`);
      assert.equal(page.url(), `${url}/sign-in`, 'whoever is not signed in is asked to');
      await check('sign in');
      await page.getByLabel('User name').fill(user);
      await page.getByLabel('Password').fill('not the password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      await check('sign in, refused');
      await page.getByLabel('Password').fill(password);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${url}/signed-in`);
      assert.equal(await page.locator('#name').textContent(), settings.officer);
      assert.equal(await page.locator('#agency').textContent(), settings.agency);
      assert.equal(await page.locator('#role').textContent(), settings.role);
      await check('signed in');
      const cookie = await session(context);
      assert.deepEqual([cookie.httpOnly, cookie.secure, cookie.sameSite, cookie.path], [true, true, 'Lax', '/']);
      if (javaScriptEnabled) assert.equal(await page.evaluate(() => document.cookie), '', 'no script reads it');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL(`${url}/signed-out`);
      await check('signed out');
      // A refused sign-in answers 401, which the browser notes in its console; nothing else may be there.
      assert.deepEqual(told.filter((line) => !line.includes('401')), []);
      await context.close();
    }
    assert.deepEqual(problems, []);
  },

  /** A cookie somebody else put there is never taken over, and one that was stolen is worth nothing after signing out. */
  async fixation() {
    const context = await browser.newContext();
    const planted = 'A'.repeat(43);
    await context.addCookies([{ name: SESSION, value: planted, url: `${url}/`, secure: true, httpOnly: true, sameSite: 'Lax' }]).catch(async () => {
      await context.addCookies([{ name: SESSION, value: planted, domain: '127.0.0.1', path: '/', secure: true }]);
    });
    assert.equal((await session(context))?.value, planted, 'it is planted');
    const page = await context.newPage();
    await signIn(page);
    const first = (await session(context)).value;
    assert.notEqual(first, planted);
    assert.equal((await withCookie(planted)).status, 401);
    assert.equal((await withCookie(first)).status, 200);
    // Signing in once more gives another, and the one before ends.
    await signIn(page);
    const second = (await session(context)).value;
    assert.notEqual(second, first);
    assert.equal((await withCookie(first)).status, 401);
    assert.equal((await withCookie(second)).status, 200);
    await page.goto(`${url}/signed-in`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${url}/signed-out`);
    assert.equal(await session(context), undefined);
    assert.equal((await withCookie(second)).status, 401, 'a stolen cookie after signing out');
    // The back button shows nothing that was shown.
    await page.goBack();
    assert.ok(!(await page.content()).includes(settings.officer));
  },

  /** Pages of other origins make somebody's browser send what they like: nothing of it counts. */
  async forgery() {
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page);
    const value = (await session(context)).value;
    await page.goto(`${url}/docs/`);
    // From our own page the session does open the API, and may change something.
    const own = await page.evaluate(async () => {
      const answer = await fetch('/v1/intakes', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
      return answer.status;
    });
    assert.equal(own, 201);
    const seen = [];
    const tab = await context.newPage();
    for (const host of ['127.0.0.1', 'localhost']) {
      // The same site at another port, to which cookies go; and another site, to which they do not.
      const forms = ['/v1/intakes', '/sign-out', '/sign-in'].map((path) =>
        `<form method="post" enctype="text/plain" action="${url}${path}"><input name='{"a":"' value='"}'></form>`).join('');
      const attacker = await elsewhere(host, `<title>prizes</title>${forms}`);
      for (let at = 0; at < 3; at += 1) {
        await tab.goto(attacker);
        const answered = tab.waitForResponse((response) => response.request().method() === 'POST');
        // Once this has returned: a page that goes away answers nothing.
        await tab.evaluate((index) => { setTimeout(() => document.forms[index].submit(), 0); }, at);
        const response = await answered;
        seen.push([host, new URL(response.url()).pathname, response.status()]);
        await tab.waitForURL((place) => place.href.startsWith(url));
      }
      await tab.goto(attacker);
      for (const method of ['GET', 'POST']) {
        const status = await tab.evaluate(async ([place, how]) => {
          const sent = { method: how, mode: 'no-cors', credentials: 'include', signal: AbortSignal.timeout(10_000) };
            if (how === 'POST') sent.body = '{}';
          return fetch(place, sent).then((answer) => answer.type, () => 'failed');
        }, [`${url}/v1/intakes`, method]);
        assert.ok(['opaque', 'failed'].includes(status), `${host} ${method} ${status}`);
      }
    }
    assert.deepEqual(seen.filter(([, , status]) => status !== 401 && status !== 403), []);
    assert.equal((await withCookie(value)).status, 200, 'still signed in: nobody else signs one out');
    console.log(JSON.stringify({ seen }));
  },

  /** A token in an address is not read. */
  async address() {
    const context = await browser.newContext();
    const page = await context.newPage();
    const status = async (path) => (await page.goto(url + path)).status();
    for (const parameter of ['access_token', 'token']) assert.equal(await status(`/v1/me?${parameter}=${settings.token}`), 401);
    await signIn(page);
    const value = (await session(context)).value;
    assert.equal(await status('/v1/me'), 200);
    for (const parameter of ['access_token', 'token', 'x']) assert.equal(await status(`/v1/me?${parameter}=${settings.token}`), 400);
    const stranger = await browser.newContext();
    const answer = await (await stranger.newPage()).goto(`${url}/v1/me?${SESSION}=${value}`);
    assert.equal(answer.status(), 401);
  },

  /** Signing in at a real provider through its own pages, and out by it. */
  async provider() {
    const context = await browser.newContext();
    const page = await context.newPage();
    const at = async (who) => {
      await page.goto(`${url}/sign-in?return_to=%2Fsigned-in%3Fa%3Db`);
      await page.getByRole('link', { name: 'Sign in with the real one' }).click();
      if (await page.locator('input[name=login]').count()) {
        await page.locator('input[name=login]').fill(who);
        await page.locator('input[name=password]').fill('anything');
        await page.locator('button[type=submit]').click();
      }
      // The provider asks whether the service may know who one is.
      await page.waitForLoadState();
      if (page.url().startsWith(settings.issuer)) await page.locator('button[type=submit]').click();
      await page.waitForLoadState();
    };
    const leave = async () => {
      await page.goto(`${settings.issuer}/session/end`);
      await page.locator('button[value=yes], button[name=logout]').first().click();
      await page.waitForLoadState();
    };
    await at('somebody-unknown');
    assert.ok(page.url().startsWith(`${url}/sign-in/real/return`), page.url());
    assert.ok((await page.content()).includes('could not be signed in'));
    assert.equal(await session(context), undefined);
    await leave();
    await at(settings.subject);
    await page.waitForURL(`${url}/signed-in?a=b`);
    assert.equal(await page.locator('#name').textContent(), settings.officer);
    const value = (await session(context)).value;
    assert.equal((await withCookie(value)).status, 200);
    const left = await context.cookies(url);
    assert.deepEqual(left.filter((cookie) => cookie.name.includes('sign-in')), [], 'what was kept for the way is gone');
    await leave();
    // The provider told Beacon before its page came.
    assert.equal((await withCookie(value)).status, 401, 'ended by the back channel');
    await at(settings.subject);
    await page.waitForURL(`${url}/signed-in?a=b`);
    const again = (await session(context)).value;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL((place) => place.href.startsWith(settings.issuer));
    assert.equal((await withCookie(again)).status, 401, 'ended by signing out here');
    // A return nobody began, and one with a state of somebody else's.
    for (const query of ['code=x&state=y', 'error=access_denied&state=y', '']) {
      const answer = await page.goto(`${url}/sign-in/real/return?${query}`);
      assert.equal(answer.status(), 401, query);
    }
  },
};

// A browser that hangs is a failure with a reason, not a test without an end.
setTimeout(() => { console.error(`${name} did not end`); process.exit(1); }, 120_000).unref();
try {
  await scenarios[name]();
} finally {
  await browser.close();
}
process.exit(0);
