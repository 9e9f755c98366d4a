# One image for every app: the source runs as it is, and the command chooses which app.
# Not executed where this project was built (no Docker engine there); see the README.
FROM node:24.21-slim

ENV NODE_ENV=production
WORKDIR /paystream
COPY . .
# Neither tests, checks nor a local database are needed here.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
USER node
CMD ["node", "apps/cli/src/main.ts", "--help"]
