import { generate } from 'selfsigned';

export interface Identity {
  readonly cert: string;
  readonly key: string;
}

let made: Promise<Identity> | undefined;

/** A certificate with an RSA key, which devices of every age understand. */
export function testIdentity(): Promise<Identity> {
  made ??= generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'rsa',
    keySize: 2048,
    algorithm: 'sha256',
  }).then(({ cert, private: key }) => ({ cert, key }));
  return made;
}
