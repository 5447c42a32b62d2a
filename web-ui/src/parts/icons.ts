/** The lines of each icon, on a field of 24 by 24. */
export const ICONS = {
  overview: 'M4 4h7v7H4zM13 4h7v4h-7zM13 10h7v10h-7zM4 13h7v7H4z',
  mesh: 'M12 5.5a2 2 0 1 0 0-.01M5 17a2 2 0 1 0 0-.01M19 17a2 2 0 1 0 0-.01M11 7l-5 8M13 7l5 8M7 17h10',
  projects: 'M4 5h5v14H4zM10.5 5h5v9h-5zM17 5h3v12h-3z',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20',
  close: 'M6 6l12 12M18 6L6 18',
  pause: 'M8 5v14M16 5v14',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v1.5M12 19.5V21M4.2 4.2l1 1M18.8 18.8l1 1M3 12h1.5M19.5 12H21M4.2 19.8l1-1M18.8 5.2l1-1',
  moon: 'M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5z',
  help: 'M9.2 9a2.9 2.9 0 0 1 5.6.9c0 2-2.8 2.4-2.8 4.1M12 17.6v.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z',
  up: 'M6 15l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  warning: 'M12 4l9 16H3zM12 10v4M12 17v.01',
} as const;

export type IconName = keyof typeof ICONS;
