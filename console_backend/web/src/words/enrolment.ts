// The commands that enrol a device, to be pasted into its shell.

export type EnrolmentTarget = { devices_url: string; console_pin: string }

// One argument for a POSIX shell.
export function quoted(argument: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`
}

// The token goes into a file of its own with mode 0600, never into agent.json, which everybody on the device may read.
export function enrolDeviceCommand(target: EnrolmentTarget, token: string): string {
  const config = {
    console_url: target.devices_url,
    console_pin: target.console_pin,
    enrolment_token_file: '/etc/sluice/enrolment-token',
  }
  return [
    // The traffic process runs as this user (run_as).
    'id -u sluice >/dev/null 2>&1 || sudo useradd --system --shell /usr/sbin/nologin sluice',
    'sudo install -d -m 0755 /etc/sluice',
    `printf '%s\\n' ${quoted(token)} | sudo install -m 0600 /dev/stdin /etc/sluice/enrolment-token`,
    `printf '%s\\n' ${quoted(JSON.stringify(config))} | sudo install -m 0644 /dev/stdin /etc/sluice/agent.json`,
    'sudo sluice-agent --config /etc/sluice/agent.json',
  ].join('\n')
}
