import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../contract/operations.ts';
import type { SystemView } from '../../../contract/system.ts';
import { bytes, dateTime, fromNow, percent } from '../lib/format.ts';
import { useAct, useAnswer, useApp, useCan, useLive, useNow } from '../lib/hooks.ts';
import { Fact, FactsList } from '../parts/FactsList.tsx';
import { Icon } from '../parts/Icon.tsx';
import { PageHead } from '../parts/ListTools.tsx';
import { Answered } from '../parts/States.tsx';
import { Status, type Tone } from '../parts/Status.tsx';

const DAY_MS = 24 * 3600 * 1000;
const WARN_BEFORE_MS = 30 * DAY_MS;

/** What the technician looks at first: engines, machine, ports, certificates, bans. */
export function System() {
  const { t } = useTranslation();
  const system = useAnswer(operations.getSystem, {});
  return (
    <>
      <PageHead title={t('nav.system')}>
        <Button isDisabled={system.isLoading} onPress={system.reload}>
          <Icon name="redo" />
          {t('common.refresh')}
        </Button>
      </PageHead>
      <Answered answer={system}>
        {view => (
          <div className="cards wide">
            <Engines view={view} />
            <Machine view={view} />
            <Ports view={view} />
            <Certificates view={view} />
            <Bans />
          </div>
        )}
      </Answered>
    </>
  );
}

function Engines({ view }: { readonly view: SystemView }) {
  const { t, i18n } = useTranslation();
  const { health: live } = useLive('health');
  const now = useNow(30_000);
  const health = live ?? view.health;
  return (
    <section className="card-box">
      <h2>{t('system.engines')}</h2>
      <p>
        <Status tone={health.status === 'ok' ? 'good' : 'bad'}>
          {t(`system.status.${health.status}`)}
        </Status>
      </p>
      <FactsList>
        {Object.entries(health.engines).map(([name, { ok, detail }]) => (
          <Fact key={name} label={t(`system.engineNames.${name}`, { defaultValue: name })}>
            <Status tone={ok ? 'good' : 'bad'}>{t(ok ? 'system.works' : 'system.down')}</Status>
            {detail && <span className="hint">{detail}</span>}
          </Fact>
        ))}
        <Fact label={t('system.version')}>{view.version}</Fact>
        <Fact label={t('system.startedAt')}>{fromNow(view.startedAtMs, now, i18n.language)}</Fact>
      </FactsList>
    </section>
  );
}

function Machine({ view: { machine, database } }: { readonly view: SystemView }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const memory = machine.memoryUsedBytes / Math.max(1, machine.memoryBytes);
  return (
    <section className="card-box">
      <h2>{t('system.machine')}</h2>
      <Gauge
        label={t('system.cpu', { count: machine.cores })}
        ratio={machine.cpuRatio}
        words={percent(machine.cpuRatio, language)}
      />
      <Gauge
        label={t('system.memory')}
        ratio={memory}
        words={`${bytes(machine.memoryUsedBytes, language)} / ${bytes(machine.memoryBytes, language)}`}
      />
      <FactsList>
        <Fact label={t('system.disk')}>{bytes(machine.diskFreeBytes, language)}</Fact>
        <Fact label={t('system.database')}>
          {database.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'}
          {database.sizeBytes !== undefined && ` · ${bytes(database.sizeBytes, language)}`}
        </Fact>
      </FactsList>
    </section>
  );
}

function Ports({ view: { ports } }: { readonly view: SystemView }) {
  const { t } = useTranslation();
  return (
    <section className="card-box">
      <h2>{t('system.ports')}</h2>
      {ports.length === 0 && <p className="hint">{t('system.noPorts')}</p>}
      {ports.map(({ name, used, of }) => (
        <Gauge
          key={name}
          label={t(`system.portNames.${name}`, { defaultValue: name })}
          ratio={used / Math.max(1, of)}
          words={`${used} / ${of}`}
        />
      ))}
    </section>
  );
}

function Gauge({ label, ratio, words }: { label: string; ratio: number; words: string }) {
  const share = Math.min(1, Math.max(0, ratio));
  return (
    <div className="gauge">
      <span>{label}</span>
      <span className="numbers">{words}</span>
      <meter aria-label={label} min={0} max={1} low={0.75} high={0.9} optimum={0} value={share} />
    </div>
  );
}

function Certificates({ view: { certificates } }: { readonly view: SystemView }) {
  const { t, i18n } = useTranslation();
  const now = useNow(60_000);
  const toneOf = (expiresAtMs: number): Tone => {
    if (expiresAtMs <= now) return 'bad';
    return expiresAtMs - now < WARN_BEFORE_MS ? 'warn' : 'good';
  };
  return (
    <section className="card-box">
      <h2>{t('system.certificates')}</h2>
      <ul className="plain">
        {certificates.map(({ name, expiresAtMs, selfSigned }) => (
          <li key={name}>
            <strong>{name}</strong>
            <Status tone={toneOf(expiresAtMs)}>
              {t(expiresAtMs <= now ? 'system.expired' : 'system.expires', {
                when: fromNow(expiresAtMs, now, i18n.language),
              })}
            </Status>
            <span className="hint">
              {dateTime(expiresAtMs, i18n.language)}
              {selfSigned && ` · ${t('system.selfSigned')}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Bans() {
  const { client } = useApp();
  const { t, i18n } = useTranslation();
  const mayRead = useCan('calls.read');
  const mayLift = useCan('bans.write');
  const bans = useAnswer(operations.listBans, {}, ['ban']);
  const [isBusy, act] = useAct();
  if (!mayRead) return null;
  const lift = async (source: string) => {
    const work = () => client.call(operations.liftBan, { params: { source } });
    if (await act(work)) bans.reload();
  };
  return (
    <section className="card-box">
      <h2>{t('system.bans')}</h2>
      <Answered answer={bans}>
        {found =>
          found.length === 0 ? (
            <p className="hint">{t('system.noBans')}</p>
          ) : (
            <ul className="plain">
              {found.map(({ source, reason, untilMs }) => (
                <li key={source} className="row card-row">
                  <code>{source}</code>
                  <span className="hint">
                    {t(`system.banReasons.${reason}`, { defaultValue: reason })} ·{' '}
                    {t('account.until', { date: dateTime(untilMs, i18n.language) })}
                  </span>
                  {mayLift && (
                    <Button isDisabled={isBusy} onPress={() => void lift(source)}>
                      {t('system.lift')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </section>
  );
}
