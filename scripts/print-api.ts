// npm run generate: writes docs/API.md.
import { writeFile } from 'node:fs/promises'
import { API_PAGE, makeApiPage } from './api-page.ts'

await writeFile(API_PAGE, await makeApiPage())
