// A real sluice-console with an empty state of its own, on ports of its own.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { https } from './https.mjs'
import { dist } from './stand_in.mjs'

export const administrator = { email: 'admin@example.com', password: 'a password of the browser tests' }

function program() {
  const folder = process.env.SLUICE_BIN_DIR
  if (!folder) throw new Error('SLUICE_BIN_DIR is not set: name the folder of sluice-console')
  const file = join(folder, 'sluice-console')
  if (!existsSync(file)) throw new Error(`${file} is not there: build the target sluice-console`)
  return file
}

async function free_port() {
  const server = createServer()
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address()
  await new Promise((closed) => server.close(closed))
  return port
}

export class ConsoleProgram {
  static async start() {
    const it = new ConsoleProgram()
    it.folder = mkdtempSync(join(tmpdir(), 'sluice-web-'))
    it.origin = `https://localhost:${await free_port()}`
    it.devices_port = await free_port()
    it.config = join(it.folder, 'console.json')
    const web = `127.0.0.1:${new URL(it.origin).port}`
    const settings = {
      listen: { web, devices: `127.0.0.1:${it.devices_port}` },
      state_dir: join(it.folder, 'state'),
      server_names: ['localhost'],
      public_url: it.origin,
      org: { name: 'Example Corp', contact: 'it-help@example.com' },
      gateway_url: 'https://localhost:8444',
      web_dir: dist,
    }
    writeFileSync(it.config, JSON.stringify(settings))
    writeFileSync(join(it.folder, 'passphrase'), 'a passphrase of the browser tests\n', { mode: 0o600 })
    writeFileSync(join(it.folder, 'password'), `${administrator.password}\n`, { mode: 0o600 })
    it.run('init', '--passphrase-file', join(it.folder, 'passphrase'), '--admin-email', administrator.email,
      '--admin-password-file', join(it.folder, 'password')) // prettier-ignore
    await it.serve()
    return it
  }

  run(command, ...options) {
    return execFileSync(program(), [command, '--config', this.config, ...options], { encoding: 'utf8' })
  }

  async serve() {
    this.log = join(this.folder, 'log')
    writeFileSync(this.log, '')
    this.process = spawn('/bin/sh', ['-c', 'exec "$0" "$@" >>"$LOG" 2>&1', program(), '--config', this.config], {
      env: { ...process.env, LOG: this.log },
    })
    const deadline = Date.now() + 60_000
    for (;;) {
      const ready = await https('GET', `${this.origin}/readyz`).catch(() => ({ status: 0 }))
      if (ready.status === 200) return
      if (this.process.exitCode !== null || Date.now() > deadline)
        throw new Error(`sluice-console is not ready:\n${readFileSync(this.log, 'utf8')}`)
      await delay(50) // between two questions whether it is ready
    }
  }

  async end() {
    if (this.process.exitCode !== null) return
    const ended = new Promise((exit) => this.process.once('exit', exit))
    this.process.kill('SIGTERM')
    await ended
  }

  async stop() {
    await this.end()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
