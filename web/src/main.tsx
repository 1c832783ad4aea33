import { createRoot } from 'react-dom/client'
import './client/fragments.ts'
import './ui/theme.css'
import { App } from './app.tsx'
import { ErrorBoundary } from './ui/error-boundary.tsx'

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <ErrorBoundary>
      <App />
    </ErrorBoundary>,
  )
