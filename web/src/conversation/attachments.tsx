import { Button, IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import type { useUploads } from './use-uploads.ts'

export function Attachments({ uploads, retry, remove }: ReturnType<typeof useUploads>) {
  if (uploads.length === 0) return null
  return (
    <ul className="attachments" aria-label="Files to send">
      {uploads.map(({ id, name, preview, progress, url, fault }) => (
        <li key={id} data-fault={fault ? '' : undefined}>
          {preview ? <img src={preview} alt="" /> : <Icon name="file" />}
          <span className="attachment-name">{name}</span>
          {fault && <span role="alert">{fault.text}</span>}
          {fault?.isPassing && (
            <Button kind="plain" onClick={() => retry(id)}>
              Try again
            </Button>
          )}
          {!url && !fault && <progress value={progress} aria-label={`Uploading ${name}`} />}
          <IconButton label={`Remove ${name}`} onClick={() => remove([id])}>
            <Icon name="close" size={15} />
          </IconButton>
        </li>
      ))}
    </ul>
  )
}
