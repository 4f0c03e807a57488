import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const page = (name: string) => fileURLToPath(new URL(`src/web/${name}`, import.meta.url));

/** Two pages: the start page and the room, which the gateway serves under `/c/<alias>`. */
export default defineConfig({
  root: fileURLToPath(new URL('src/web', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('dist/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: {
      // janus.js carries its CommonJS export along, which does no harm.
      checks: { commonJsVariableInEsm: false },
      input: {
        index: page('index.html'),
        room: page('room.html'),
        apiDocs: page('api-docs.html'),
      },
    },
  },
});
