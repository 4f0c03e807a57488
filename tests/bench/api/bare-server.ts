/** What nothing can be below: express and ws that send the same bytes, and know nothing. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { WebSocketServer } from 'ws';
import { epochMs, type FromServer, type ToServer } from './messages.ts';

let list = Buffer.alloc(0);
let update = Buffer.alloc(0);
const app = express();
app.get('/api/v1/sites', (_req, res) => void res.type('json').send(list));
const server = createServer(app);
const sockets = new WebSocketServer({ server, path: '/admin/events' });

process.on('message', (message: ToServer) => {
  if (message.type === 'bytes') {
    list = Buffer.from(message.list);
    update = Buffer.from(message.update);
    return;
  }
  const atMs = epochMs();
  for (const socket of sockets.clients) socket.send(update, { binary: false });
  tell({ type: 'changed', atMs });
});

server.listen(0, '127.0.0.1', () => {
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  tell({
    type: 'ready',
    url: `http://${host}/api/v1`,
    wsUrl: `ws://${host}/admin/events`,
    token: '',
    conferenceId: '',
  });
});

function tell(message: FromServer): void {
  process.send?.(message);
}
