import { useSettings } from '~/state/system'
import { enrolDeviceCommand } from '~/words/enrolment'
import { CopyText } from './copy_text'
import { Loading } from './list_view'
import { FormFailure } from './states'

// The commands for the device's shell, with this console's address and key pin filled in.
export function EnrolCommand({ token }: { token: string }) {
  const settings = useSettings()
  if (settings.isPending) return <Loading what="settings" rows={3} />
  if (settings.data === undefined) return <FormFailure error={settings.error} />
  const { devices_url, console_pin } = settings.data
  const target = { devices_url: devices_url ?? 'https://CONSOLE:8445', console_pin }
  return <CopyText label="Commands to enrol a device" text={enrolDeviceCommand(target, token)} />
}

function Console() {
  return (
    <CopyText
      label="Command to create an enrolment token"
      text="sudo sluice-console token --config /etc/sluice/console.json --for device"
    />
  )
}

EnrolCommand.Console = Console
