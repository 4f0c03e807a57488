import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../../src/api/openapi/document.ts';
import { allOperations, operations } from '../../../../src/contract/operations.ts';
import {
  type ApiDocument,
  errorCodes,
  listOperations,
} from '../../../../src/web/api-docs/document.ts';
import { curlOf, exampleOf } from '../../../../src/web/api-docs/example.ts';
import { apiDocsWords } from '../../../../src/web/api-docs/words.ts';

const document = JSON.parse(JSON.stringify(openApiDocument(allOperations))) as ApiDocument;
const listed = listOperations(document);
const find = (id: string) => {
  const operation = listed.find(({ operationId }) => operationId === id);
  if (!operation) throw new Error(`no operation ${id}`);
  return operation;
};

describe('the reader page', () => {
  it('lists every operation with the codes it fails with', () => {
    expect(listed).toHaveLength(allOperations.length);
    expect(errorCodes(find('updateSite')).flatMap(([, codes]) => codes)).toContain(
      'version-conflict',
    );
  });

  it('has the same words in both languages', () => {
    expect(Object.keys(apiDocsWords.vi)).toEqual(Object.keys(apiDocsWords.en));
  });

  it('examples of bodies are taken by the contract itself', () => {
    for (const id of ['createSite', 'createConference', 'createUser', 'setLayout', 'lockMeeting']) {
      const schema = find(id).requestBody?.content['application/json']?.schema ?? {};
      const { body } = operations[id as 'createSite'];
      expect(body?.safeParse(exampleOf(schema, document)).error, id).toBeUndefined();
    }
  });

  it('a command can be put into a shell as it is', () => {
    expect(curlOf(find('createSiteGroup'), document, 'http://10.0.0.5:8080').split('\n')).toEqual([
      `curl -X POST 'http://10.0.0.5:8080/api/v1/site-groups' \\`,
      `  -H "Authorization: Bearer $TOKEN" \\`,
      `  -H 'Content-Type: application/json' \\`,
      expect.stringMatching(/^ {2}-d '\{"name":".+"\}'$/),
    ]);
  });
});
