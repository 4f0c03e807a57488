import { Icon, type IconName } from '../../shared/Icon.tsx';

/** What is the matter with somebody: a sign with its words for who does not see it, or the words. */
export interface TileMark {
  readonly icon?: IconName;
  readonly words: string;
}

export function TileMarks({ marks }: { readonly marks: readonly TileMark[] }) {
  return marks.map(({ icon, words }) =>
    icon ? (
      <span key={words} className={`tile-mark ${icon}`} title={words}>
        <Icon name={icon} />
        <span className="visually-hidden">{` · ${words}`}</span>
      </span>
    ) : (
      <span key={words} className="mark">{` · ${words}`}</span>
    ),
  );
}
