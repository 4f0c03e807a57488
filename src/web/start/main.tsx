import { createRoot } from 'react-dom/client';
import { useTranslation } from 'react-i18next';
import { startI18n } from '../shared/i18n.ts';
import '../shared/style.css';

/** The start page: a way to a conference for those without the whole link. */
function Start() {
  const { t } = useTranslation();
  const open = (form: FormData) => {
    const alias = String(form.get('alias') ?? '')
      .trim()
      .toLowerCase();
    if (alias) location.assign(`/c/${encodeURIComponent(alias)}`);
  };
  return (
    <main className="card">
      <h1>{t('appName')}</h1>
      <p>{t('start.intro')}</p>
      <form action={open}>
        <label>
          {t('start.alias')}
          <input name="alias" required maxLength={64} autoComplete="off" />
        </label>
        <button type="submit" className="primary">
          {t('start.open')}
        </button>
      </form>
    </main>
  );
}

const app = document.getElementById('app');
if (app) {
  await startI18n();
  createRoot(app).render(<Start />);
}
