/**
 * Settings and secrets of every process: one schema, read once at the start.
 *
 * Order: defaults, settings file, environment. Nothing else in the program
 * reads `process.env` or a settings file, and this folder starts nothing.
 * Start reading at `schema.ts`, then `load.ts`.
 */
export { type Certificate, ensureCertificate, ensureSipCertificate } from './certificate.ts';
export { certificatesInUse } from './certificates-in-use.ts';
export { CONFIG_VARIABLE, type Environment, isKnownVariable, variableName } from './environment.ts';
export { type SettingInForce, settingsInForce } from './in-force.ts';
export { loadSettings, ROOT_DIR, type SettingsFiles } from './load.ts';
export { type OidcSettings, oidcRedirectUrl } from './oidc.ts';
export { type PortUse, portUses } from './ports.ts';
export { writePrivateFile } from './private-file.ts';
export { redact } from './redact.ts';
export { type LogLevelName, type Settings, SettingsSchema } from './schema.ts';
export { adminTokenFile, loadSecrets, SECRET_VARIABLES, type Secrets } from './secrets.ts';
export { SettingsError, type SettingsProblem } from './settings-error.ts';
export { type StageLimits, stageLimits } from './stage-limits.ts';
export type { TurnSettings } from './turn.ts';
export { roomServerUrl, stageUrl } from './urls.ts';
