import { describe, expect, it } from 'vitest'
import { enrolDeviceCommand, quoted } from './enrolment'

describe('the enrolment commands', () => {
  const target = { devices_url: 'https://console.example.com:8445', console_pin: 'sha256//47DE+/=' }

  it('keep the token out of agent.json', () => {
    const lines = enrolDeviceCommand(target, 'slc_enrol_abc').split('\n')
    expect(lines.filter((line) => line.includes('slc_enrol_abc'))).toEqual([
      "printf '%s\\n' slc_enrol_abc | sudo install -m 0600 /dev/stdin /etc/sluice/enrolment-token",
    ])
  })

  it('make the user whom the agent runs as before they start it', () => {
    const lines = enrolDeviceCommand(target, 'slc_enrol_abc').split('\n')
    const user = lines.findIndex((line) => line.includes('useradd --system --shell /usr/sbin/nologin sluice'))
    expect(user).toBeGreaterThanOrEqual(0)
    expect(user).toBeLessThan(lines.findIndex((line) => line.includes('sluice-agent')))
  })

  it('quote whatever a shell would read in its own way', () => {
    expect(quoted('plain-1.2')).toBe('plain-1.2')
    expect(quoted("a'b $(c)")).toBe(`'a'\\''b $(c)'`)
    expect(quoted('')).toBe("''")
  })
})
