/** Prints the types of a client of the API: `npm run -s api:types > diemcau.d.ts`. */
import { openApiDocument } from '../src/api/openapi/document.ts';
import { typescriptOf } from '../src/api/openapi/typescript.ts';
import { allOperations } from '../src/contract/operations.ts';

process.stdout.write(`${typescriptOf(openApiDocument(allOperations))}\n`);
