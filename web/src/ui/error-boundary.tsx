import { Component, type ReactNode } from 'react'
import { Button } from './button.tsx'

/** Says so where the page itself has failed, rather than leaving it blank. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children
    return (
      <main className="notice" role="alert">
        <p>The page has failed. Nothing that was sent is lost.</p>
        <Button onClick={() => location.reload()}>Load it again</Button>
      </main>
    )
  }
}
