/** Answers of a server that tests in browsers can ask: what arrived, after how many requests. */

const PATH = '/echo';

/** @returns {import('vite').Plugin} */
export function echoPlugin() {
  let redirected = 0;
  return {
    name: 'echo',
    configureServer({ middlewares }) {
      middlewares.use(PATH, (incoming, outgoing, next) => {
        const { method, url = '', headers } = incoming;
        if (method === 'OPTIONS' || method === undefined) return next();
        outgoing.setHeader('access-control-allow-origin', '*');
        outgoing.setHeader('content-type', 'application/json');
        if (url.startsWith('/redirect')) {
          const { host = '' } = headers;
          const elsewhere = host.replace(/^[^:]+/, (name) =>
            name === 'localhost' ? '127.0.0.1' : 'localhost',
          );
          redirected += 1;
          outgoing.writeHead(307, { location: `http://${elsewhere}${PATH}` });
          outgoing.end();
          return;
        }
        if (url.startsWith('/endless')) {
          outgoing.write('{'); // and no more
          return;
        }
        let bytes = 0;
        incoming.on('data', (chunk) => {
          bytes += chunk.length;
        });
        incoming.on('end', () => {
          const { referer, cookie } = headers;
          const seen = { bytes, type: headers['content-type'], referer, cookie, redirected };
          if (url.startsWith('/refuse')) outgoing.statusCode = 413;
          outgoing.end(JSON.stringify(seen));
        });
      });
    },
  };
}
