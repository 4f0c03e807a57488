import { createRoot } from 'react-dom/client';
import { startI18n } from '../shared/i18n.ts';
import '../shared/style.css';
import './chair.css';
import './controls.css';
import './ended.css';
import './preview.css';
import './roll.css';
import { RoomPage } from './RoomPage.tsx';
import { createRoomStore } from './state.ts';

const app = document.getElementById('app');
if (app) {
  await startI18n();
  const alias = decodeURIComponent(location.pathname.split('/')[2] ?? '').toLowerCase();
  const query = new URLSearchParams(location.search);
  const deepLink = { name: query.get('name') ?? '', joinsAtOnce: query.get('join') === '1' };
  createRoot(app).render(<RoomPage alias={alias} deepLink={deepLink} store={createRoomStore()} />);
}
