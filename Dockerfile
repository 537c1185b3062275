# web and worker in one image; see compose.yaml and docs/deployment.md.
FROM node:22-slim AS built
WORKDIR /app
COPY . .
RUN npm ci && npm prune --omit=dev

FROM node:22-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 DATA_DIR=/data
COPY --from=built /app/package.json ./
COPY --from=built /app/node_modules ./node_modules
COPY --from=built /app/dist ./dist
RUN mkdir -m 700 /data && chown node /data
USER node
VOLUME /data
EXPOSE 8000
# whether hits can be taken; a worker listens nowhere, so switch it off there
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["node", "dist/src/healthcheck.js"]
CMD ["node", "dist/src/main.js"]
