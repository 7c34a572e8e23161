import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to a local AWS that counts the requests that pass: every one is an AWS call. */
export interface CountingProxy {
  readonly endpoint: string;
  /** The operations since the last call, by `service operation` where the request says so. */
  take(): readonly string[];
  close(): Promise<void>;
}

/** Passes everything on as it is (signatures cover the Host header, which stays the caller's). */
export async function countingProxy(target: string): Promise<CountingProxy> {
  let seen: string[] = [];
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.headers['x-amz-target'] ?? incoming.url}`);
    const { method, url: path, headers } = incoming;
    const forwarded = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.once('error', (error) => outgoing.destroy(error));
    incoming.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = seen;
      seen = [];
      return taken;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
