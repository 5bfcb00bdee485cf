# One image for every role: `docker build -t millrace .`, then `docker run millrace --help`.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN mvn -B -ntp -q -DskipTests -pl launcher -am package

# A JDK, because plugins that are folders of Java source are compiled when they are loaded.
FROM eclipse-temurin:25-jdk
RUN groupadd --gid 10001 millrace \
 && useradd --uid 10001 --gid millrace --no-create-home --home-dir /var/lib/millrace millrace \
 && mkdir -p /var/lib/millrace /opt/millrace/launcher/target \
 && chown -R millrace:millrace /var/lib/millrace /opt/millrace
COPY --from=build --chown=millrace:millrace /src/launcher/target/lib /opt/millrace/launcher/target/lib
COPY --from=build --chown=millrace:millrace /src/launcher/target/millrace.jar /opt/millrace/launcher/target/
COPY --from=build --chown=millrace:millrace /src/millrace /src/docker/probe /opt/millrace/
USER millrace
WORKDIR /var/lib/millrace
# Records the class cache, so that containers start in a second or two instead of several.
RUN /opt/millrace/millrace version
VOLUME /var/lib/millrace
EXPOSE 8080 9404
ENTRYPOINT ["/opt/millrace/millrace"]
CMD ["--help"]
