import { recordOperations } from '../../contract/records.ts';
import type { ApiCore } from '../core.ts';
import { found } from '../errors.ts';
import type { OperationRoutes } from '../operations.ts';
import { sendFile } from '../send-file.ts';

/** Records of meetings, for those who look at them later. */
export function serveRecords(routes: OperationRoutes, { records }: Pick<ApiCore, 'records'>): void {
  const { listRecords, getRecord, getRecordFile } = recordOperations;
  routes.serve(listRecords, ({ by, query }) => records.list(by, query));
  routes.serve(getRecord, async ({ by, params }) =>
    found(await records.get(by, params.id), 'record'),
  );
  routes.serve(getRecordFile, async ({ by, params, query, res }) => {
    const file = found(await records.file(by, params.id, query), 'record');
    return sendFile(res, file.name, file);
  });
}
