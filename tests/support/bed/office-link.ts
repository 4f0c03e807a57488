import { CORE_HOST, CORE_OFFICE_HOST, OFFICE_HOST, OFFICE_LINK } from './namespaces.ts';
import { run, setIngress, setLoss } from './packet-loss.ts';

const BOTH = ['core', 'office'] as const;

/** Share of packets lost on the browsers' link, each way; 100 is a switch that is off. */
export function setOfficeLoss(lossPct: number): void {
  for (const place of BOTH) setLoss(place, OFFICE_LINK[place], lossPct);
}

/** Pulls the browsers' cable, which their computer notices, or puts it in again. */
export function plugOffice(isPlugged: boolean): void {
  const state = isPlugged ? 'up' : 'down';
  run('core', ['ip', 'link', 'set', OFFICE_LINK.core, state]);
}

/** A firewall that lets the browsers' UDP through, or TCP alone. */
export function allowOfficeUdp(isAllowed: boolean): void {
  const rule = isAllowed ? 'accept' : 'meta l4proto udp drop';
  for (const place of BOTH) setIngress(place, OFFICE_LINK[place], rule);
}

/** Sends what goes between the browsers and the system over another device; undefined: the cable. */
export function routeOffice(device: string | undefined): void {
  const change = device === undefined ? 'del' : 'replace';
  const over = device === undefined ? [] : ['dev', device];
  const source = device === undefined ? [] : ['src', OFFICE_HOST];
  for (const host of [CORE_HOST, CORE_OFFICE_HOST])
    run('office', ['ip', 'route', change, `${host}/32`, ...over, ...source]);
  run('core', ['ip', 'route', change, `${OFFICE_HOST}/32`, ...over]);
}
