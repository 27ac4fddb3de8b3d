import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Session } from '~/api/types'
import { Icon, type IconName } from '~/parts/icon'
import { useApps } from '~/state/apps'
import { useLiveStatus } from '~/state/live'
import { useSignOut } from '~/state/session'
import { LiveBanner } from './live_banner'
import classes from './shell.module.css'

type Entry = { to: '/devices' | '/approvals' | '/guardrails' | '/logs' | Access; label: string; icon: IconName }
type Access = '/virtual-keys' | '/providers' | '/enrolment' | '/api-tokens' | '/system'

const groups: { name: string; entries: Entry[] }[] = [
  {
    name: 'Fleet',
    entries: [
      { to: '/devices', label: 'Devices', icon: 'device' },
      { to: '/approvals', label: 'Approvals', icon: 'shield' },
      { to: '/guardrails', label: 'Guardrails', icon: 'filter' },
      { to: '/logs', label: 'Logs', icon: 'list' },
    ],
  },
  {
    name: 'Access',
    entries: [
      { to: '/virtual-keys', label: 'Virtual keys', icon: 'key' },
      { to: '/providers', label: 'Providers', icon: 'cloud' },
      { to: '/enrolment', label: 'Enrolment', icon: 'ticket' },
      { to: '/api-tokens', label: 'API tokens', icon: 'terminal' },
    ],
  },
  { name: 'Console', entries: [{ to: '/system', label: 'System', icon: 'gear' }] },
]

export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <nav className={classes.rail} aria-label="Main">
        <div className={classes.brand}>
          <Icon name="sluice" size={18} />
          <span className={classes.product}>Sluice</span>
          <span className={classes.org} title={session.org.name}>
            {session.org.name}
          </span>
        </div>
        {groups.map((group) => (
          <section key={group.name} className={classes.group}>
            <h2 className={classes.groupName}>{group.name}</h2>
            {group.entries.map((entry) => (
              <Link key={entry.to} to={entry.to} className={classes.entry} activeOptions={{ includeSearch: false }}>
                <Icon name={entry.icon} />
                <span>{entry.label}</span>
                {entry.to === '/approvals' && <PendingCount />}
              </Link>
            ))}
          </section>
        ))}
        <Foot session={session} />
      </nav>
      <main id="main" className={classes.main} tabIndex={-1}>
        <LiveBanner />
        {children}
      </main>
    </div>
  )
}

function PendingCount() {
  const pending = useApps({}).pages[0]?.counts.pending ?? 0
  if (pending === 0) return null
  return (
    <span className={classes.count} aria-label={`${pending} pending`}>
      {pending}
    </span>
  )
}

function Foot({ session }: { session: Session }) {
  const { setColorScheme } = useMantineColorScheme()
  const dark = useComputedColorScheme('light') === 'dark'
  const sign_out = useSignOut()
  const live = useLiveStatus()
  const theme_label = dark ? 'Use the light theme' : 'Use the dark theme'
  return (
    <div className={classes.foot}>
      <div className={classes.live} data-live={live.kind === 'live' || undefined}>
        {live.kind === 'live' ? 'Live' : live.kind === 'lost' ? 'Not connected' : 'Connecting…'}
      </div>
      <div className={classes.person}>
        <span className={classes.email} title={session.administrator.email}>
          {session.administrator.email}
        </span>
        <Tooltip label={theme_label}>
          <ActionIcon aria-label={theme_label} onClick={() => setColorScheme(dark ? 'light' : 'dark')}>
            <Icon name={dark ? 'sun' : 'moon'} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Sign out">
          <ActionIcon aria-label="Sign out" loading={sign_out.isPending} onClick={() => sign_out.mutate()}>
            <Icon name="leave" />
          </ActionIcon>
        </Tooltip>
      </div>
    </div>
  )
}
