import { BlockList, isIP } from 'node:net';

/** A set of addresses and networks (`192.0.2.1`, `10.1.0.0/16`, `2001:db8::/32`). */
export class Networks {
  readonly #list = new BlockList();

  /** What is neither an address nor a network is passed over. */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', prefix] = network.split('/');
      const family = familyOf(address);
      if (family && prefix !== undefined) this.#list.addSubnet(address, Number(prefix), family);
      else if (family) this.#list.addAddress(address, family);
    }
  }

  /** False for what is no address, as host names are. */
  has(host: string): boolean {
    const family = familyOf(host);
    return family !== undefined && this.#list.check(host, family);
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 6 ? 'ipv6' : 'ipv4';
}
