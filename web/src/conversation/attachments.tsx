import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import type { Upload } from './uploads.ts'

export function Attachments({ uploads, onRemove }: { uploads: readonly Upload[]; onRemove: (id: string) => void }) {
  if (uploads.length === 0) return null
  return (
    <ul className="attachments" aria-label="Files to send">
      {uploads.map(({ id, name, preview, progress, url, fault }) => (
        <li key={id} data-fault={fault ? '' : undefined}>
          {preview ? <img src={preview} alt="" /> : <Icon name="file" />}
          <span className="attachment-name">{name}</span>
          {fault && <span role="alert">{fault}</span>}
          {!url && !fault && <progress value={progress} aria-label={`Uploading ${name}`} />}
          <IconButton label={`Remove ${name}`} onClick={() => onRemove(id)}>
            <Icon name="close" size={15} />
          </IconButton>
        </li>
      ))}
    </ul>
  )
}
