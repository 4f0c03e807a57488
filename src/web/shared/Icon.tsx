/** Drawn on 24 × 24 with one stroke; they say nothing a word beside them does not say. */
const PATHS = {
  alert: 'M12 3 2 20h20L12 3ZM12 10v4M12 17v.5',
  audit: 'M8 3h8v4H8zM6 5H4v16h16V5h-2M8 12h8M8 16h5',
  calendar: 'M4 6h16v15H4zM4 10h16M8 3v4M16 3v4',
  call: 'M5 3h4l2 5-2.5 2a12 12 0 0 0 5.5 5.5L16 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5a2 2 0 0 1 2-2Z',
  camera: 'M3 7h12v10H3zM15 11l6-4v10l-6-4',
  'camera-off': 'M3 3l18 18M9 7h6v6M15 17H3V7h1M15 12l6-5v10l-4-2.700',
  check: 'M4 12.5 9.5 18 20 6.5',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7v5l3 2',
  close: 'M5 5l14 14M19 5 5 19',
  conference: 'M3 5h18v11H3zM8 20h8M12 16v4',
  cross: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9 9l6 6M15 9l-6 6',
  down: 'M6 9l6 6 6-6',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12ZM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z',
  gear: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2',
  grid: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  hand: 'M8 12V6a1.500 1.500 0 0 1 3 0v5M11 11V4a1.500 1.500 0 0 1 3 0v7M14 11V6a1.500 1.500 0 0 1 3 0v9a6 6 0 0 1-6 6c-3 0-4-1.500-5-3.500L3.500 13a1.600 1.600 0 0 1 2.600-1.800L8 14',
  health: 'M2 13h5l2-6 4 12 3-9 1.500 3H22',
  hook: 'M9 8a3 3 0 1 1 4 3l-4 7M6 13a4 4 0 1 0 4 5h8M15 9l3.500 6a3 3 0 1 1-2 5',
  large: 'M3 5h18v14H3zM15 13h4v4h-4z',
  leave: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  left: 'M15 5l-7 7 7 7',
  line: 'M3 20V16M8 20v-7M13 20v-4M18 20V4',
  lock: 'M6 11h12v10H6zM8 11V7a4 4 0 0 1 8 0v4',
  menu: 'M3 6h18M3 12h18M3 18h18',
  message: 'M4 4h16v12H10l-5 5v-5H4z',
  mic: 'M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5 11a7 7 0 0 0 14 0M12 18v3',
  minus: 'M5 12h14',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  muted:
    'M3 3l18 18M9 9v3a3 3 0 0 0 4.500 2.600M15 10V6a3 3 0 0 0-5.700-1.300M5 11a7 7 0 0 0 10 6.300M19 11a7 7 0 0 1-.500 2.600M12 18v3',
  people:
    'M9 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM2 21a7 7 0 0 1 14 0M16 4.500a4 4 0 0 1 0 7M18 15a7 7 0 0 1 4 6',
  pin: 'M9 3h6l-1 7 4 4H6l4-4zM12 14v7',
  plus: 'M12 5v14M5 12h14',
  record: 'M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7',
  redo: 'M20 5v6h-6M20 11a8 8 0 1 0 0 5',
  right: 'M9 5l7 7-7 7',
  roll: 'M8 4h8v3H8zM6 5H4v16h16V5h-2M8 14l3 3 5-6',
  screen: 'M3 4h18v12H3zM8 20h8M12 13V7M9 10l3-3 3 3',
  search: 'M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13ZM15.500 15.500 21 21',
  site: 'M12 21s7-6.500 7-12a7 7 0 0 0-14 0c0 5.500 7 12 7 12ZM12 6.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5Z',
  star: 'M12 3l2.700 6 6.300.600-4.800 4.200 1.500 6.200L12 16.800 6.300 20l1.500-6.200L3 9.600 9.300 9z',
  stop: 'M6 6h12v12H6z',
  undo: 'M4 5v6h6M4 11a8 8 0 1 1 0 5',
  upload: 'M12 16V4M7 9l5-5 5 5M4 16v4h16v-4',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4 21a8 8 0 0 1 16 0',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
