import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { useApp } from '../lib/hooks.ts';
import { PasswordForm } from '../parts/account/PasswordForm.tsx';
import { SecondFactor } from '../parts/account/SecondFactor.tsx';
import { Tokens } from '../parts/account/Tokens.tsx';
import { PageHead } from '../parts/ListTools.tsx';

/** One's own account. */
export function Account() {
  const { t } = useTranslation();
  const { view } = useStore(useApp().session.store);
  const user = view?.user;
  return (
    <>
      <PageHead title={t('nav.account')} />
      <p>
        <strong>{user?.name}</strong> · {user?.login} · {user && t(`people.roles.${user.role}`)}
      </p>
      <div className="cards wide">
        <PasswordForm />
        <SecondFactor isOn={user?.secondFactor ?? false} />
        <Tokens />
      </div>
    </>
  );
}
