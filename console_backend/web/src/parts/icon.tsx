// The icons, drawn on a 20 by 20 grid with strokes of 1.5. Beside text they say nothing of their own to a screen reader.
const drawings = {
  sluice: 'M4 3v14M16 3v14M4 6h12v5H4zM7.500 14.500c1-1 1.700-1 2.500 0s1.500 1 2.500 0',
  device: 'M4.500 4.500h11v8h-11zM2.500 15.500h15',
  shield: 'M10 2.800 16 5v4.500c0 3.600-2.400 6.300-6 7.700-3.600-1.400-6-4.100-6-7.700V5zM7.500 9.800l1.800 1.800 3.300-3.500',
  filter: 'M3 4.500h14l-5.500 6.500v5l-3-1.500V11zM6.500 8.500h7',
  up: 'M10 15.500v-11M5.500 9 10 4.500 14.500 9',
  down: 'M10 4.500v11M5.500 11l4.500 4.500 4.500-4.500',
  list: 'M3.500 5.500h13M3.500 10h13M3.500 14.500h8',
  key: 'M7 13.500a3.500 3.500 0 1 1 0-7 3.500 3.500 0 0 1 0 7zM10.500 10h7v3M14.500 10v2.500',
  cloud: 'M6 15.500a3.500 3.500 0 0 1-.3-7 4.500 4.500 0 0 1 8.600.8 3.100 3.100 0 0 1 0 6.200z',
  ticket: 'M3 6h14v2.500a1.500 1.500 0 0 0 0 3V14H3v-2.500a1.500 1.500 0 0 0 0-3zM12 6.500v7',
  terminal: 'M3 4.500h14v11H3zM6 8l2.500 2L6 12M10.500 12.500h3.500',
  gear: 'M10 12.700a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400zM10 2.800v2.300M10 14.900v2.300M2.800 10h2.300M14.900 10h2.300M4.900 4.900l1.600 1.600M13.500 13.500l1.600 1.600M15.100 4.900l-1.600 1.600M6.500 13.500l-1.600 1.600',
  sun: 'M10 13.200a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400zM10 2.500v1.800M10 15.700v1.800M2.500 10h1.800M15.700 10h1.800M4.700 4.700 6 6M14 14l1.300 1.300M15.300 4.700 14 6M6 14l-1.300 1.300',
  moon: 'M16.500 11.500A6.800 6.800 0 0 1 8.500 3.500a6.800 6.800 0 1 0 8 8z',
  leave: 'M8.500 3.500h-5v13h5M12.500 6.500 16 10l-3.500 3.500M16 10H8',
  search: 'M9 14a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM12.800 12.800 16.500 16.500',
  alert: 'M10 3.500 17.500 16h-15zM10 8.500v3.500M10 13.900v.2',
  pause: 'M7 4.500v11M13 4.500v11',
  play: 'M6.500 4.500v11l9-5.500z',
  download: 'M10 3.500v9M6.500 9.500 10 13l3.500-3.500M3.500 16.500h13',
  upload: 'M10 12.500v-9M6.500 7 10 3.500 13.500 7M3.500 16.500h13',
  copy: 'M7 7h9.500v9.500H7zM13 7V3.500H3.500V13H7',
  check: 'M4 10.500 8 14.500 16 6',
  plus: 'M10 4v12M4 10h12',
  close: 'M5 5l10 10M15 5 5 15',
} as const

export type IconName = keyof typeof drawings

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      focusable={false}
    >
      <path d={drawings[name]} />
    </svg>
  )
}
