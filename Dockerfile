# Studybot's image. `docker compose up --build` is the short way to run it; docker-compose.yml says what a container is given.

FROM python:3.13-slim AS build
RUN ["python", "-m", "venv", "/opt/studybot"]
WORKDIR /src
COPY requirements.lock ./
RUN ["/opt/studybot/bin/pip", "install", "--no-cache-dir", "--disable-pip-version-check", \
     "--require-hashes", "--only-binary", ":all:", "--requirement", "requirements.lock"]
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY adapters adapters
COPY content content
RUN ["/opt/studybot/bin/pip", "install", "--no-cache-dir", "--disable-pip-version-check", \
     "--no-index", "--no-deps", "--no-build-isolation", "."]

FROM python:3.13-slim
RUN ["useradd", "--uid", "10001", "--no-create-home", "--home-dir", "/data", "--shell", "/usr/sbin/nologin", "studybot"]
RUN ["install", "--directory", "--owner", "10001", "--group", "10001", "/data"]
COPY --from=build /opt/studybot /opt/studybot
# Listening on every address is refused unless STUDYBOT_BEHIND_LOOPBACK=yes or STUDYBOT_WEB=off says why that is safe:
# `docker run -p 8080:8080` would otherwise show the local page, which has no sign-in, to the whole network.
ENV PATH=/opt/studybot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STUDYBOT_DATA=/data \
    STUDYBOT_HOST=0.0.0.0 \
    STUDYBOT_PORT=8080
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=2s \
    CMD ["python", "-c", "import http.client, os, sys; there = http.client.HTTPConnection('127.0.0.1', int(os.environ['STUDYBOT_PORT']), timeout=4); there.request('GET', '/healthz'); sys.exit(there.getresponse().status != 200)"]
ENTRYPOINT ["studybot"]
CMD ["run"]
