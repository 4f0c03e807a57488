import { useState } from 'react';
import { Button, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { CalendarEntry } from '../../../contract/conferences.ts';
import type { MeetingView } from '../../../contract/meetings.ts';
import { operations } from '../../../contract/operations.ts';
import {
  type CalendarDay,
  type CalendarView,
  dateText,
  daysOf,
  midnight,
  spanOf,
  step,
} from '../lib/calendar.ts';
import { clockTime, longDate } from '../lib/format.ts';
import { useAnswer, useApp, useCan, useLive, usePlace } from '../lib/hooks.ts';
import { WEEKDAYS } from '../lib/recurrence.ts';
import { withQuery } from '../lib/router.ts';
import { ConferencePanel } from '../parts/conference/ConferencePanel.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Link } from '../parts/Link.tsx';
import { PageHead } from '../parts/ListTools.tsx';
import { Answered } from '../parts/States.tsx';

/** Planned meetings by day, a month or a week at a time. */
export function CalendarPage({ conferenceId }: { readonly conferenceId?: string }) {
  const { router } = useApp();
  const { t, i18n } = useTranslation();
  const { query } = usePlace();
  const [today] = useState(() => dateText(new Date()));
  const date = query.get('date') ?? today;
  const view: CalendarView = query.get('view') === 'week' ? 'week' : 'month';
  const entries = useAnswer(operations.calendar, { query: spanOf(view, date) }, ['conference']);
  const month = new Intl.DateTimeFormat(i18n.language, { month: 'long', year: 'numeric' });
  const show = (change: Record<string, string | undefined>) => router.setQuery(change);
  return (
    <>
      <PageHead title={t('nav.calendar')}>
        <ToggleButtonGroup
          className="segments"
          aria-label={t('calendar.view')}
          disallowEmptySelection
          selectedKeys={[view]}
          onSelectionChange={keys => show({ view: String([...keys][0]) })}
        >
          <ToggleButton id="month">{t('calendar.month')}</ToggleButton>
          <ToggleButton id="week">{t('calendar.week')}</ToggleButton>
        </ToggleButtonGroup>
      </PageHead>
      <div className="tools">
        <Button
          className="square"
          aria-label={t('calendar.before')}
          onPress={() => show({ date: step(view, date, -1) })}
        >
          <Icon name="left" />
        </Button>
        <Button onPress={() => show({ date: undefined })}>{t('calendar.today')}</Button>
        <Button
          className="square"
          aria-label={t('calendar.after')}
          onPress={() => show({ date: step(view, date, 1) })}
        >
          <Icon name="right" />
        </Button>
        <h2 className="calendar-title" aria-live="polite">
          {month.format(midnight(date))}
        </h2>
      </div>
      <Answered answer={entries}>
        {found => (
          <div className={`calendar ${view}`}>
            {WEEKDAYS.map(day => (
              <span key={day} className="weekday" aria-hidden="true">
                {t(`weekdaysShort.${day}`)}
              </span>
            ))}
            {daysOf(view, date, found).map(day => (
              <Day key={day.date} day={day} isToday={day.date === today} />
            ))}
          </div>
        )}
      </Answered>
      {conferenceId && (
        <ConferencePanel
          key={conferenceId}
          conferenceId={conferenceId}
          onClose={() => router.go(withQuery('/calendar', query, { on: undefined }))}
        />
      )}
    </>
  );
}

function Day({ day, isToday }: { readonly day: CalendarDay; readonly isToday: boolean }) {
  const { t, i18n } = useTranslation();
  const { query } = usePlace();
  const mayWrite = useCan('conferences.write');
  const { meetings } = useLive('meetings');
  const name = longDate(midnight(day.date).getTime(), i18n.language);
  const classes = ['day', day.isOther && 'other', isToday && 'today'].filter(Boolean).join(' ');
  return (
    <section className={classes} aria-label={name}>
      <h3>
        <time dateTime={day.date}>{Number(day.date.slice(8))}</time>
        <span className="phone-only">{name}</span>
        {mayWrite && (
          <Link to={withQuery('/calendar/new', query, { on: day.date })} className="add-here">
            <Icon name="plus" />
            <span className="visually-hidden">{t('calendar.add', { date: name })}</span>
          </Link>
        )}
      </h3>
      <ul className="plain">
        {day.entries.map(entry => (
          <li key={`${entry.conferenceId} ${entry.startsAtMs}`}>
            <Entry entry={entry} isRunning={isRunning(entry, meetings.get(entry.conferenceId))} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry({ entry, isRunning }: { entry: CalendarEntry; isRunning: boolean }) {
  const { t, i18n } = useTranslation();
  const { query } = usePlace();
  const from = clockTime(entry.startsAtMs, i18n.language);
  const to = clockTime(entry.endsAtMs, i18n.language);
  const path = isRunning ? `/meetings/${entry.conferenceId}` : `/calendar/${entry.conferenceId}`;
  return (
    <Link
      to={isRunning ? path : withQuery(path, query, {})}
      className={isRunning ? 'entry running' : 'entry'}
    >
      <span className="entry-time">
        {from}–{to}
      </span>{' '}
      {entry.name}
      {isRunning && <strong> {t('calendar.running')}</strong>}
    </Link>
  );
}

function isRunning(entry: CalendarEntry, meeting: MeetingView | undefined): boolean {
  const now = Date.now();
  return meeting?.state === 'running' && entry.startsAtMs <= now && now < entry.endsAtMs;
}
