import { type ComponentType, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon, type IconName } from '../../shared/Icon.tsx';
import { useStore } from '../../shared/store.ts';
import { togglePanel, unreadLines } from '../panels.ts';
import type { PanelName, RoomState, RoomStore } from '../state.ts';
import type { Visit } from '../visit.ts';
import { ChatPanel } from './ChatPanel.tsx';
import { ChairPanel } from './chair/ChairPanel.tsx';
import { PeoplePanel } from './PeoplePanel.tsx';
import { RollCallPanel } from './RollCallPanel.tsx';

export interface PanelProps {
  readonly store: RoomStore;
  readonly visit: Visit | undefined;
}

/** One panel; its name is a key of `panels.*`. */
interface Panel {
  readonly name: PanelName;
  readonly icon: IconName;
  /** Is inside a frame that has the heading and scrolls. */
  readonly Body: ComponentType<PanelProps>;
  /** For everybody where it is not there. */
  readonly isFor?: (state: RoomState) => boolean;
  /** What wants attention there, shown on its button in the words of `panels.count.*`. */
  readonly count?: (state: RoomState) => number;
}

/** In the order of their buttons. */
const PANELS: readonly Panel[] = [
  {
    name: 'people',
    icon: 'people',
    Body: PeoplePanel,
    count: ({ order }) => order?.hands.length ?? 0,
  },
  { name: 'chat', icon: 'message', Body: ChatPanel, count: unreadLines },
  {
    name: 'chair',
    icon: 'star',
    Body: ChairPanel,
    isFor: ({ chair, isChair }) => isChair && chair !== undefined,
    count: ({ chair }) => chair?.waiting.length ?? 0,
  },
  { name: 'roll', icon: 'roll', Body: RollCallPanel, isFor: ({ isChair }) => isChair },
];

const PANEL_ID = 'panel';

/** A button for each panel, among the controls. */
export function PanelButtons({ store }: { readonly store: RoomStore }) {
  const { t } = useTranslation();
  const state = useStore(store);
  return PANELS.filter(({ isFor }) => isFor?.(state) ?? true).map(
    ({ name, icon, count: countOf }) => {
      const count = countOf?.(state) ?? 0;
      const label = t(`panels.${name}`);
      const isOpen = state.openPanel === name;
      return (
        <button
          key={name}
          type="button"
          aria-expanded={isOpen}
          aria-controls={isOpen ? PANEL_ID : undefined}
          data-panel={name}
          onClick={() => togglePanel(store, name)}
        >
          <Icon name={icon} />
          {label}
          {count > 0 && (
            <>
              <span className="count" aria-hidden="true">
                {count}
              </span>
              <span className="visually-hidden">{` (${t(`panels.count.${name}`, { count })})`}</span>
            </>
          )}
        </button>
      );
    },
  );
}

/** The open panel; takes the focus when it opens, and gives it back to its button. */
export function SidePanel({ store, visit }: PanelProps) {
  const { t } = useTranslation();
  const state = useStore(store);
  const panel = PANELS.find(({ name }) => name === state.openPanel);
  const frame = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const name = panel?.name;
  useEffect(() => {
    const isInside = frame.current?.contains(document.activeElement);
    if (name && !isInside) heading.current?.focus(); // unless the panel has a field to begin with
  }, [name]);
  if (!panel || panel.isFor?.(state) === false) return null;
  const close = () => {
    togglePanel(store, panel.name);
    document.querySelector<HTMLElement>(`[data-panel="${panel.name}"]`)?.focus();
  };
  const { Body } = panel;
  return (
    <aside
      ref={frame}
      id={PANEL_ID}
      className="panel"
      aria-labelledby={`${PANEL_ID}-title`}
      onKeyDown={event => event.key === 'Escape' && close()}
    >
      <header>
        <h2 id={`${PANEL_ID}-title`} ref={heading} tabIndex={-1}>
          {t(`panels.${panel.name}`)}
        </h2>
        <button
          type="button"
          className="close"
          aria-label={t('panels.close')}
          title={t('panels.close')}
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="panel-body">
        <Body store={store} visit={visit} />
      </div>
    </aside>
  );
}
