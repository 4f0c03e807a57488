import type { z } from 'zod';

/** Ports that belong together under one setting; a single port has `min === max`. */
export interface PortUse {
  /** Path of the setting that moves it, of its lower end for a range. */
  readonly setting: string;
  readonly min: number;
  readonly max: number;
}

/** The part of the settings that holds ports. */
export interface PortSettings {
  readonly http: { readonly port: number; readonly httpsPort: number };
  readonly sip: {
    readonly port: number;
    readonly server: { readonly kind: string; readonly appPort?: number };
    readonly tls: Listener;
    readonly legacyTls: Listener;
  };
  readonly media: Range & { readonly ngPort: number };
  readonly rooms: Range & {
    readonly wsPort: number;
    readonly audioPortMin: number;
    readonly audioPortMax: number;
  };
  readonly stage: Range & { readonly port: number };
}

interface Listener {
  readonly enabled: boolean;
  readonly port: number;
}

interface Range {
  readonly rtpPortMin: number;
  readonly rtpPortMax: number;
}

/** Every port and port range of the settings, in the order of the schema. */
export function portUses(settings: PortSettings): PortUse[] {
  const { http, sip, media, rooms, stage } = settings;
  return [
    one('http.port', http.port),
    one('http.httpsPort', http.httpsPort),
    one('sip.port', sip.port),
    ...(sip.server.appPort === undefined ? [] : [one('sip.server.appPort', sip.server.appPort)]),
    ...(sip.tls.enabled ? [one('sip.tls.port', sip.tls.port)] : []),
    ...(sip.legacyTls.enabled ? [one('sip.legacyTls.port', sip.legacyTls.port)] : []),
    one('media.ngPort', media.ngPort),
    { setting: 'media.rtpPortMin', min: media.rtpPortMin, max: media.rtpPortMax },
    one('rooms.wsPort', rooms.wsPort),
    { setting: 'rooms.rtpPortMin', min: rooms.rtpPortMin, max: rooms.rtpPortMax },
    { setting: 'rooms.audioPortMin', min: rooms.audioPortMin, max: rooms.audioPortMax },
    one('stage.port', stage.port),
    { setting: 'stage.rtpPortMin', min: stage.rtpPortMin, max: stage.rtpPortMax },
  ];
}

/** Ranges must run upward and nothing may overlap, whatever the transport: it keeps firewalls readable. */
export function checkPorts(settings: PortSettings, ctx: z.RefinementCtx): void {
  const uses = portUses(settings);
  for (const [index, use] of uses.entries()) {
    const path = use.setting.split('.');
    if (use.min > use.max) {
      ctx.addIssue({
        code: 'custom',
        path,
        message: `${use.min} is above the range's end ${use.max}`,
      });
    }
    const other = uses.slice(0, index).find(earlier => overlap(earlier, use));
    if (other) ctx.addIssue({ code: 'custom', path, message: `overlaps ${other.setting}` });
  }
}

function one(setting: string, port: number): PortUse {
  return { setting, min: port, max: port };
}

function overlap(a: PortUse, b: PortUse): boolean {
  return a.min <= b.max && b.min <= a.max;
}
