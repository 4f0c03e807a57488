/** Programs that look for SIP servers to break into. Matched against User-Agent. */
export const SCANNERS: readonly { readonly name: RegExp; readonly evidence: string }[] = [
  { name: /friendly-scanner/i, evidence: 'default of sipvicious 0.3: svmap, svwar, svcrack' },
  { name: /sipvicious/i, evidence: 'default of newer sipvicious' },
  {
    name: /sundayddr/i,
    evidence: 'a worm that carries sipvicious, in logs of public servers since 2010',
  },
  {
    name: /\bsipcli\b/i,
    evidence: 'dials for toll fraud; blocked by Kamailio’s default configuration',
  },
  { name: /\bpplsip\b/i, evidence: 'scans and dials; blocked by Kamailio’s default configuration' },
  { name: /VaxSIPUserAgent/i, evidence: 'a kit most seen in dialling attacks; blocked as above' },
  { name: /\bsip-scan\b/i, evidence: 'names itself a scanner' },
  { name: /\biWar\b/, evidence: 'a war dialler for VoIP' },
];
