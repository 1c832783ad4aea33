# The server in an image that it can't write to: all that it keeps lies in the volume /app/data.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc prisma.config.ts ./
COPY scripts scripts
COPY prisma prisma
COPY web web
COPY terminal terminal
# Prisma's tools write its client, Vite builds the web client, and what they, it and other databases need is left out then.
# The Node for machines with an older one is left out too.
RUN npm ci --omit=dev \
  && test -f web/dist/index.html \
  && npm pkg delete dependencies.prisma dependencies.vite dependencies.@vitejs/plugin-react dependencies.react \
    dependencies.react-dom dependencies.@tanstack/react-virtual dependencies.urql dependencies.@urql/exchange-auth \
    dependencies.@urql/exchange-graphcache dependencies.linkify-it \
  && npm prune --omit=dev --omit=optional --ignore-scripts \
  && rm -f node_modules/@prisma/client/runtime/*.cockroachdb.* \
    node_modules/@prisma/client/runtime/*.mysql.* \
    node_modules/@prisma/client/runtime/*.sqlserver.* \
  && rm -r web/src web/public
COPY bin bin
COPY src src
# The terminal client, one of the commands in bin, listens with what is in them.
COPY examples examples

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
COPY --from=build /app ./
RUN mkdir data && chown node:node data
USER node
VOLUME /app/data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:' + process.env.PORT + '/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself is the first process: it gets SIGTERM, and stops within 10 seconds.
CMD ["node", "--disable-warning=ExperimentalWarning", "src/main.ts"]
