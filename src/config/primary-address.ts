import { readFileSync } from 'node:fs';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/**
 * The machine's primary IPv4 address: of the default route's interface, else
 * the first that is not loopback; undefined when there is none.
 */
export function primaryAddress(
  interfaces: Interfaces = networkInterfaces(),
  routes: string = readRoutes(),
): string | undefined {
  const preferred = defaultRouteInterface(routes);
  const names = Object.keys(interfaces).sort(
    (a, b) => Number(b === preferred) - Number(a === preferred),
  );
  const addresses = names.flatMap(name => interfaces[name] ?? []);
  return addresses.find(info => info.family === 'IPv4' && !info.internal)?.address;
}

/** Name of the interface with the cheapest default route, in the format of `/proc/net/route`. */
function defaultRouteInterface(routes: string): string | undefined {
  return routes
    .split('\n')
    .slice(1)
    .map(line => line.split(/\s+/))
    .filter(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000')
    .sort((a, b) => Number(a[6]) - Number(b[6]))[0]?.[0];
}

function readRoutes(): string {
  try {
    return readFileSync('/proc/net/route', 'utf8');
  } catch {
    return ''; // Not Linux, or no /proc: the first address will do.
  }
}
