import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { problemOf } from '../../foundation/ui/api/problem.ts'
import { startTexts } from '../../foundation/ui/i18n/i18n.ts'
import { meQuery } from '../../foundation/ui/session/session.tsx'
import { ThemeProvider } from '../../foundation/ui/theme/theme.tsx'
import { consoleRouter } from './router.tsx'
import { loadTexts } from './texts.ts'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // The live stream says when things change; a refused read stays refused, a failed one is tried again.
      refetchOnWindowFocus: false,
      retry: (count, error) => {
        const { status } = problemOf(error)
        return (status === 0 || status >= 500) && count < 4
      },
    },
  },
})

const router = consoleRouter(queries)

/** After an update of the server a page that is still open asks for parts that are gone: it loads itself anew, once a minute at most. */
window.addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem('xunfang.reloaded') ?? 0)
  if (Date.now() - last < 60_000) return
  event.preventDefault()
  sessionStorage.setItem('xunfang.reloaded', String(Date.now()))
  location.reload()
})

// Who is signed in is asked while the texts come; before the gates nobody is.
if (!['/sign-in', '/setup'].includes(location.pathname)) void queries.prefetchQuery(meQuery)
await startTexts(loadTexts)

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <ThemeProvider>
        <RouterProvider router={router} />
      </ThemeProvider>
    </QueryClientProvider>
  </StrictMode>,
)
