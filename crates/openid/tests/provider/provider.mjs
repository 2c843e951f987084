// A real OpenID provider (npm oidc-provider) for the tests: whoever is named last signs in, keys are changed on demand, and
// tokens are spoiled on demand.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const require = createRequire(join(process.argv[2], 'node_modules', 'x.js'));
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));

const server = createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;
const back = process.argv[3];
let person = 'somebody';
let spoil = '';
let serial = 0;
let answer;

function start() {
  serial += 1;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: 'jwk' }), kid: `key-${serial}`, use: 'sig', alg: 'RS256' };
  const provider = new Provider(issuer, {
    jwks: { keys: [key] },
    clients: [{ client_id: 'zone', client_secret: 'a secret of the zone and its provider', redirect_uris: [back] }],
    claims: { openid: ['sub'], profile: ['preferred_username', 'staff_number'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['cookies of a test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: `${id}-login`, staff_number: `nr-${id}` }),
    }),
  });
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) {
      await next();
      if (spoil && ctx.path === '/token' && ctx.body?.id_token) {
        const [head, claims, signature] = ctx.body.id_token.split('.');
        const said = JSON.parse(Buffer.from(claims, 'base64url'));
        const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
        if (spoil === 'claims') ctx.body.id_token = [head, encode({ ...said, sub: 'the mayor' }), signature].join('.');
        if (spoil === 'none') ctx.body.id_token = [encode({ alg: 'none' }), claims, ''].join('.');
        if (spoil === 'missing') delete ctx.body.id_token;
      }
      return;
    }
    const { prompt, params, session } = await provider.interactionDetails(ctx.req, ctx.res);
    let result = { login: { accountId: person } };
    if (person === 'nobody') {
      result = { error: 'access_denied' };
    } else if (prompt.name === 'consent') {
      const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
      grant.addOIDCScope('openid profile');
      result = { consent: { grantId: await grant.save() } };
    }
    await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
    ctx.respond = false;
  });
  answer = provider.callback();
}

start();
server.on('request', (request, response) => {
  const { pathname, searchParams } = new URL(request.url, issuer);
  if (pathname === '/test') {
    if (searchParams.has('person')) person = searchParams.get('person');
    if (searchParams.has('spoil')) spoil = searchParams.get('spoil');
    if (searchParams.has('rotate')) start();
    response.end('done');
  } else {
    answer(request, response);
  }
});
console.log(issuer);
