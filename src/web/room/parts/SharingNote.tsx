import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { type SharingNews, sharingNews } from '../sharing-news.ts';
import type { RoomStore } from '../state.ts';
import type { Visit } from '../visit.ts';

interface SharingNoteProps {
  readonly store: RoomStore;
  readonly visit: Visit | undefined;
}

/** What there is to say of sharing a screen, and what can be done about it. */
export function SharingNote({ store, visit }: SharingNoteProps) {
  const { t } = useTranslation();
  const news = sharingNews(useStore(store));
  if (!news) return null;
  const actions: Record<SharingNews['name'], ReactNode> = {
    now: null,
    nowWithSound: null,
    failed: null,
    revoked: null,
    wants: (
      <>
        <button type="button" onClick={() => visit?.sharing.stop()}>
          {t('sharing.let', { name: news.person })}
        </button>
        <button type="button" onClick={() => visit?.denyContent()}>
          {t('sharing.keep')}
        </button>
      </>
    ),
    taken: (
      <button type="button" onClick={() => visit?.requestContent(true)}>
        {t('sharing.ask')}
      </button>
    ),
    asked: (
      <button type="button" onClick={() => visit?.requestContent(false)}>
        {t('sharing.askNoMore')}
      </button>
    ),
    denied: (
      <button type="button" onClick={() => visit?.requestContent(true)}>
        {t('sharing.askAgain')}
      </button>
    ),
    // A browser lets a page choose a screen only in answer to a click of the person.
    granted: (
      <>
        <button type="button" className="primary" onClick={() => void visit?.sharing.start()}>
          {t('sharing.shareNow')}
        </button>
        <button type="button" onClick={() => visit?.requestContent(false)}>
          {t('sharing.notNow')}
        </button>
      </>
    ),
  };
  return (
    <div className="banner row">
      <span role={news.isUrgent ? 'alert' : 'status'}>
        {t(`sharing.${news.name}`, { name: news.person })}
      </span>
      {actions[news.name]}
    </div>
  );
}
