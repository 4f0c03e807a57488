/** Drawn halls, people and a slide: what cameras and screens show on the screenshots. */

const SKIN = ['#e0b08a', '#d6a07a', '#c98f66', '#e6bb98'];
const HAIR = ['#1c1714', '#2b211c', '#3a3230', '#6d6a68'];
const SHIRTS = ['#f4f6f8', '#2f4f7f', '#dfe8ef', '#3c5a48', '#7c2f3a', '#e9e2d2', '#51606f'];
const WALLS = ['#dfe3df', '#e9e0cf', '#d5dfe6', '#e6dcd6', '#dbe4d8', '#ded9e4'];
const WIDTH = 640;
const HEIGHT = 360;

const pick = (list: readonly string[], at: number): string => list[at % list.length] ?? '#888888';
const svg = (body: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="1280" height="720">${body}</svg>`;

/** A meeting room in a commune: people at a table below its banner. */
export function hallDrawing(name: string, seed: number): string {
  const people = 3 + (seed % 3);
  const wall = pick(WALLS, seed);
  const seats = Array.from({ length: people }, (_, at) => {
    const x = WIDTH / 2 + (at - (people - 1) / 2) * (470 / people);
    return person({ x, y: 214, size: 0.62, seed: seed * 7 + at * 3 });
  });
  const papers = Array.from({ length: people }, (_, at) => {
    const x = WIDTH / 2 + (at - (people - 1) / 2) * (470 / people);
    return `<path d="M${x - 26} 300l6-14h40l6 14z" fill="#fbfbf8"/><rect x="${x + 34}" y="272" width="9" height="24" rx="3" fill="#9fc6dd" opacity=".85"/>`;
  });
  return svg(`
    <defs><linearGradient id="w" x1="0" y1="0" x2="0" y2="1"><stop stop-color="${wall}"/><stop offset="1" stop-color="#b9b4a9"/></linearGradient>
    <linearGradient id="t" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#8a5a34"/><stop offset="1" stop-color="#5b3a22"/></linearGradient></defs>
    <rect width="${WIDTH}" height="${HEIGHT}" fill="url(#w)"/>
    <rect x="70" y="26" width="500" height="64" rx="3" fill="#b3191f"/>
    <text x="320" y="52" font-family="DejaVu Sans" font-size="17" fill="#ffe27a" text-anchor="middle">HỘI NGHỊ GIAO BAN TRỰC TUYẾN</text>
    <text x="320" y="78" font-family="DejaVu Sans" font-weight="bold" font-size="20" fill="#ffe27a" text-anchor="middle">${name.toUpperCase()}</text>
    <rect x="18" y="112" width="38" height="120" fill="#cfe6f2" stroke="#8c8577" stroke-width="4"/><path d="M37 112v120M18 172h38" stroke="#8c8577" stroke-width="3"/>
    <rect x="584" y="112" width="38" height="120" fill="#cfe6f2" stroke="#8c8577" stroke-width="4"/><path d="M603 112v120M584 172h38" stroke="#8c8577" stroke-width="3"/>
    ${seats.join('')}
    <path d="M40 360L92 276h456l52 84z" fill="url(#t)"/><path d="M92 276h456l5 9H87z" fill="#a97446"/>
    ${papers.join('')}`);
}

/** Somebody at a laptop in an office. */
export function portraitDrawing(seed: number): string {
  const books = Array.from(
    { length: 9 },
    (_, at) =>
      `<rect x="${412 + at * 22}" y="${62 + (at % 3) * 6}" width="18" height="${76 - (at % 3) * 6}" fill="${pick(['#7d8fa3', '#a3604f', '#5e7f6b', '#b59a5a', '#6a5d84'], at + seed)}"/>`,
  );
  return svg(`
    <defs><linearGradient id="w" x1="0" y1="0" x2="1" y2="1"><stop stop-color="${pick(WALLS, seed + 2)}"/><stop offset="1" stop-color="#aeb4b4"/></linearGradient></defs>
    <rect width="${WIDTH}" height="${HEIGHT}" fill="url(#w)"/>
    <rect x="36" y="40" width="150" height="190" fill="#d8edf7" stroke="#f7f7f3" stroke-width="9"/><path d="M111 40v190M36 135h150" stroke="#f7f7f3" stroke-width="6"/>
    <rect x="400" y="138" width="220" height="8" fill="#7b5b3e"/>${books.join('')}
    <rect x="400" y="236" width="220" height="8" fill="#7b5b3e"/><path d="M560 236v-34h34v34z" fill="#b7653a"/><path d="M577 204c-26-16-24-40-14-46 4 14 12 18 14 30 4-16 14-20 22-28 4 22-4 34-22 44z" fill="#4d8a52"/>
    ${person({ x: 318, y: 226, size: 1.75, seed })}`);
}

interface Person {
  readonly x: number;
  /** Of the chin, nearly. */
  readonly y: number;
  readonly size: number;
  readonly seed: number;
}

function person({ x, y, size, seed }: Person): string {
  const [skin, hair, shirt] = [pick(SKIN, seed), pick(HAIR, seed * 3), pick(SHIRTS, seed * 5)];
  const isLong = seed % 2 === 1;
  const behind = isLong
    ? `<path d="M-38-62c-6 40-8 70-2 92h80c6-22 4-52-2-92z" fill="${hair}"/>`
    : '';
  const fringe = isLong
    ? 'M-37-50c-2-44 76-44 74 0-8-14-20-22-34-24-14 14-28 18-40 24z'
    : 'M-36-48c-6-48 78-48 72 0-4-12-8-18-14-20-16 6-32 6-46 0-6 4-10 10-12 20z';
  return `<g transform="translate(${x} ${y}) scale(${size})">${behind}
    <path d="M-84 128c0-62 26-84 58-90l26 18 26-18c32 6 58 28 58 90z" fill="${shirt}"/>
    <path d="M-26 38l26 34 26-34-10-8h-32z" fill="#ffffff" opacity=".75"/>
    <path d="M-15 4h30v34l-15 16-15-16z" fill="${skin}"/><path d="M-15 14c8 12 22 12 30 0v10c-8 10-22 10-30 0z" fill="#000000" opacity=".12"/>
    <ellipse cx="0" cy="-32" rx="34" ry="42" fill="${skin}"/><path d="${fringe}" fill="${hair}"/>
    <circle cx="-13" cy="-32" r="3.600" fill="#231c18"/><circle cx="13" cy="-32" r="3.600" fill="#231c18"/>
    <path d="M-20-43q7-5 14 0M6-43q7-5 14 0" stroke="#3a2c24" stroke-width="2.500" fill="none"/>
    <path d="M-2-28q-3 12 3 13" stroke="#000000" stroke-opacity=".25" stroke-width="2.500" fill="none"/>
    <path d="M-10-6q10 8 20 0" stroke="#9c4a42" stroke-width="3" fill="none" stroke-linecap="round"/></g>`;
}

/** The slide that is shared. */
export function slideDrawing(): string {
  const bars = [62, 78, 71, 90, 84, 97];
  const names = ['Tân Phú', 'Mỹ Đức', 'Phước Lý', 'Long Thượng', 'Đông Thạnh', 'Phước Hậu'];
  return svg(`
    <rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/><rect width="${WIDTH}" height="58" fill="#17468f"/>
    <text x="28" y="38" font-family="DejaVu Sans" font-weight="bold" font-size="22" fill="#ffffff">Kết quả thu ngân sách 11 tháng (%)</text>
    ${bars
      .map((value, at) => {
        const y = 84 + at * 42;
        return `<text x="150" y="${y + 19}" font-family="DejaVu Sans" font-size="16" fill="#22304a" text-anchor="end">${names[at]}</text>
        <rect x="164" y="${y}" width="${value * 4.2}" height="26" rx="3" fill="${value > 80 ? '#2b7a4b' : '#c98a1b'}"/>
        <text x="${172 + value * 4.2}" y="${y + 19}" font-family="DejaVu Sans" font-size="16" fill="#22304a">${value}</text>`;
      })
      .join('')}
    <text x="28" y="348" font-family="DejaVu Sans" font-size="12" fill="#6a7486">Phòng Tài chính – Kế hoạch</text>`);
}
