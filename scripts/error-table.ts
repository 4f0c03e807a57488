/** Prints `docs/errors.md`: `npm run -s docs:errors > docs/errors.md`. */
import { ERROR_WORDS } from '../src/contract/error-words.ts';
import { type GatewayErrorCode, OUTCOMES } from '../src/domain/errors.ts';

const HEAD = `# Errors · Lỗi

Every error of the API is \`{"error": {"code", "message", "details"}}\`. Programs decide by \`code\`; \`message\` is for people and may
change. Codes without an operation of their own end calls, and stand in the call log. Made by \`npm run -s docs:errors\`.

Chương trình dựa vào \`code\`; \`message\` dành cho người đọc.

| code | status | meaning | what to do | ý nghĩa | làm gì tiếp |
| --- | --- | --- | --- | --- | --- |
`;

export function errorTable(): string {
  const codes = Object.keys(OUTCOMES) as GatewayErrorCode[];
  const rows = codes.map(code => {
    const { meaning, nextStep } = ERROR_WORDS[code];
    const cells = [meaning.en, nextStep.en, meaning.vi, nextStep.vi];
    return `| \`${code}\` | ${OUTCOMES[code].httpStatus} | ${cells.join(' | ')} |\n`;
  });
  return HEAD + rows.join('');
}

if (import.meta.main) process.stdout.write(errorTable());
