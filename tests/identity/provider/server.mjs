// A certified OpenID Connect provider for the tests: anybody signs in as whom they type.
//
//   node server.mjs '{"port": 0, "clients": [{"client_id": "gongxue", …}]}'
//
// prints one line of JSON when it listens: {"issuer": "http://127.0.0.1:34567"}.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { port, clients } = JSON.parse(process.argv[2]);
const listening = createServer();

listening.listen(port, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${listening.address().port}`;
  const provider = new Provider(issuer, {
    clients,
    cookies: { keys: ['for tests alone'] },
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    // The subject is a number of the school's, as real ones are: neither the name nor the mail address.
    findAccount: async (_, id) => ({
      accountId: id,
      claims: async () => ({
        sub: id,
        name: `${id} 老師`,
        email: `${id.split('.')[0]}@nchu.edu.tw`,
        email_verified: true,
      }),
    }),
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true } },
  });
  // Talking to a Gongxue on the same machine takes no second.
  listening.on('request', provider.callback());
  console.log(JSON.stringify({ issuer }));
});
