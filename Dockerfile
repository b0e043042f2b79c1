# BounceMx in a container: no root, one volume, root file system read-only if you like.
#
#   docker build -t bouncemx .
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --stop-timeout 60 \
#     -v bouncemx-data:/data -p 25:2525 -p 127.0.0.1:8025:8025 \
#     -e Smtp__HostName=mx.example.com -e Verp__Domains__0=bounces.example.com bouncemx
#
# TLS: -v /etc/bouncemx/tls:/tls:ro -e Tls__CertificateFiles__0=/tls/fullchain.pem -e Tls__KeyFiles__0=/tls/privkey.pem, readable for user 1654;
# mount the folder, not the files, so that renewed ones are seen. --stop-timeout must exceed Smtp:DrainTimeout (20 s) and 10 s.
# The limits on peers need their addresses: where the engine hides them behind its own (userland proxy, rootless), use --network host, or a load
# balancer that speaks PROXY (docs/smtp.md).
#
# Settings come from the environment (Redis__Configuration=redis:6379) or from a file mounted over /app/config/bouncemx.json. The admin
# page asks for no password: publish 8025 to 127.0.0.1 only. A folder of the host as /data must belong to user 1654 ($APP_UID).
#
# Checked, by hand: in a folder that holds only what .dockerignore lets through, the restore and publish commands below succeed; what they
# leave runs with CMD's arguments as user 1654, without a home folder and with everything but the data folder mounted read-only, and takes a
# bounce. Not checked: building the image itself, for want of an engine.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# What decides which packages are needed comes first, so that the restore is cached until one of these files changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/BounceMx/BounceMx.csproj src/BounceMx/ReadyToRun.targets src/BounceMx/packages.lock.json src/BounceMx/
COPY src/BounceMx.Mail/BounceMx.Mail.csproj src/BounceMx.Mail/packages.lock.json src/BounceMx.Mail/
COPY src/BounceMx.Smtp/BounceMx.Smtp.csproj src/BounceMx.Smtp/packages.lock.json src/BounceMx.Smtp/
COPY src/BounceMx.Verp/BounceMx.Verp.csproj src/BounceMx.Verp/packages.lock.json src/BounceMx.Verp/
RUN dotnet restore src/BounceMx --locked-mode
COPY . .
RUN dotnet publish src/BounceMx -c Release --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
COPY --from=build /source/config config
COPY --from=build /source/LICENSE .
# An empty named volume takes over this folder's owner.
RUN install -d -o $APP_UID -g $APP_UID -m 750 /data
# No diagnostics socket in /tmp: with it, the runtime would write there.
ENV DOTNET_EnableDiagnostics=0
USER $APP_UID
VOLUME /data
EXPOSE 2525 8025
ENTRYPOINT ["/app/bouncemx"]
CMD ["serve", "--smtp", "0.0.0.0:2525", "--admin", "0.0.0.0:8025", "--data", "/data"]
