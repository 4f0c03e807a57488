import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon.tsx';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'idle';

const ICONS: Record<Tone, IconName> = {
  good: 'check',
  busy: 'call',
  warn: 'alert',
  bad: 'cross',
  idle: 'minus',
};

export interface StatusProps {
  readonly tone: Tone;
  readonly icon?: IconName;
  readonly children: ReactNode;
}

/** A state by a sign, a word and a colour: none of them alone. */
export function Status({ tone, icon, children }: StatusProps) {
  return (
    <span className={`status ${tone}`}>
      <Icon name={icon ?? ICONS[tone]} />
      <span>{children}</span>
    </span>
  );
}
