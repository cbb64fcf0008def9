# syntax=docker/dockerfile:1
# The service without the embedded engine: it asks a ClickHouse server (TURNMETER_CLICKHOUSE_URL). `docker compose up` brings one.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /turnmeter
COPY . .
RUN npx --yes pnpm@10.34.9 install --frozen-lockfile
RUN node_modules/.bin/tsc -b packages/aggregator \
  && node scripts/pack-service.mjs /service \
  && cd /service \
  && npm install --omit=dev --omit=optional --no-audit --no-fund \
  && rm ./*.tgz

# The app of the profile `example` in docker-compose.yml (target `example`): run from source, as in a clone, with a scripted model and no key.
FROM node:24.21.0-bookworm-slim AS example
WORKDIR /turnmeter
COPY . .
RUN npx --yes pnpm@10.34.9 install --frozen-lockfile --filter '@turnmeter/examples...'
WORKDIR /turnmeter/examples
USER node
CMD ["node", "--import", "@turnmeter/instrumentation/register", "live-chats/main.ts"]

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    TURNMETER_DATA_DIR=/var/lib/turnmeter \
    TURNMETER_OTLP_HOST=0.0.0.0 \
    TURNMETER_HTTP_HOST=0.0.0.0
COPY --from=build /service /opt/turnmeter
# Segments wait here while the database is away: mount a volume.
RUN install --directory --owner=node --group=node /var/lib/turnmeter
VOLUME /var/lib/turnmeter
USER node
EXPOSE 4317 4318 8318
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:8318/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Young objects get 8 MiB: with 16, the default, the service takes 100 MiB more under load and is no faster.
ENTRYPOINT ["node", "--max-semi-space-size=8", "/opt/turnmeter/node_modules/@turnmeter/aggregator/dist/main.js"]
CMD ["up"]
