import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../../contract/operations.ts';
import type { EndpointView, SiteView } from '../../../../contract/sites.ts';
import { dateTime, fromNow } from '../../lib/format.ts';
import { useAnswer, useNow } from '../../lib/hooks.ts';
import { ENDPOINT_TONES } from '../../lib/site-status.ts';
import { reasonText } from '../../lib/words.ts';
import { Link } from '../Link.tsx';
import { Answered } from '../States.tsx';
import { Status } from '../Status.tsx';
import { SiteStatusMark } from './SiteTable.tsx';

/** How a site and each of its devices are now, and what happened to them. */
export function EndpointStates({ site }: { readonly site: SiteView }) {
  const { t } = useTranslation();
  return (
    <section className="stack">
      <p className="row">
        <SiteStatusMark site={site} />
        {site.poorLine && <Status tone="warn">{t('sites.poorLine')}</Status>}
        {site.calls.map(({ callId, conferenceId }) => (
          <Link key={callId} to={conferenceId ? `/meetings/${conferenceId}` : `/calls/${callId}`}>
            {conferenceId ? t('sites.toMeeting') : t('sites.toCall')}
          </Link>
        ))}
        <Link to={`/calls?site=${site.id}`}>{t('sites.toCalls')}</Link>
      </p>
      <ul className="plain">
        {site.endpoints.map(endpoint => (
          <EndpointState key={endpoint.id} siteId={site.id} endpoint={endpoint} />
        ))}
      </ul>
    </section>
  );
}

interface EndpointStateProps {
  readonly siteId: string;
  readonly endpoint: EndpointView;
}

function EndpointState({ siteId, endpoint }: EndpointStateProps) {
  const { t, i18n } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const now = useNow(30_000);
  const { state, sinceMs, reason, roundTripMs, userAgent, sourceAddr, sipTransport } = endpoint;
  const facts = [
    sinceMs !== undefined && fromNow(sinceMs, now, i18n.language),
    roundTripMs !== undefined && t('endpoints.roundTrip', { ms: Math.round(roundTripMs) }),
    userAgent,
    sourceAddr && `${sourceAddr} ${(sipTransport ?? '').toUpperCase()}`,
  ].filter(Boolean);
  return (
    <li className="endpoint">
      <div className="row">
        <strong>
          {endpoint.sipUsername ?? endpoint.dialAddress ?? endpoint.fixedAddresses[0]}
        </strong>
        <Status tone={ENDPOINT_TONES[state]}>{t(`endpoints.states.${state}`)}</Status>
        <Button className="quiet" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {t('endpoints.history')}
        </Button>
      </div>
      <p className="hint">{facts.join(' · ')}</p>
      {reason && <p className="hint">{reasonText(reason.code, t, reason.text)}</p>}
      {isOpen && <History siteId={siteId} endpointId={endpoint.id} />}
    </li>
  );
}

function History({ siteId, endpointId }: { siteId: string; endpointId: string }) {
  const { t, i18n } = useTranslation();
  const history = useAnswer(operations.endpointHistory, { params: { id: siteId, endpointId } }, [
    'endpoint',
  ]);
  return (
    <Answered answer={history}>
      {events =>
        events.length === 0 ? (
          <p className="hint">{t('endpoints.noHistory')}</p>
        ) : (
          <ol className="history">
            {events.map(({ atMs, kind, text, detail }) => (
              <li key={`${atMs} ${kind}`}>
                <time dateTime={new Date(atMs).toISOString()}>{dateTime(atMs, i18n.language)}</time>
                <span>
                  {reasonText(kind, t, text)} {detail && <small>{detail}</small>}
                </span>
              </li>
            ))}
          </ol>
        )
      }
    </Answered>
  );
}
