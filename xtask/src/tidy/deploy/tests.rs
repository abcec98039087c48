use super::{compose, dockerfile, example};

const DOCKERFILE: &str = "\
# A comment.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build

FROM debian:bookworm-slim
RUN apt-get update \\
    # In between.
    && apt-get install --yes --no-install-recommends ca-certificates \\
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/program /usr/local/bin/
ENV PORT=4600
USER 10001:10001
HEALTHCHECK --interval=30s CMD [\"program\", \"check\"]
ENTRYPOINT [\"program\"]
CMD [\"up\"]
";

const COMPOSE: &str = "\
x-shared: &shared
  build:
    context: ..
  read_only: true
  cap_drop:
    - ALL
  security_opt:
    - no-new-privileges:true

services:
  database:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?fill in .env}
    # By hand only.
    ports:
      - 127.0.0.1:${PGPORT:-5432}:5432
    read_only: true
    cap_drop:
      - ALL
    security_opt:
      - no-new-privileges:true
    healthcheck:
      test: [\"CMD\", \"pg_isready\"]
    restart: unless-stopped

  program:
    <<: *shared
    restart: unless-stopped

volumes:
  data:
";

/// A change of a good file and what is said about it.
#[track_caller]
fn check(rule: impl Fn(&str) -> Vec<String>, good: &str, changes: &[(&str, &str, &str)]) {
    assert_eq!(rule(good), [] as [&str; 0]);
    for (from, to, said) in changes {
        assert!(good.contains(from), "`{from}` is not there to be changed");
        let problems = rule(&good.replacen(from, to, 1));
        assert!(
            problems.iter().any(|problem| problem.contains(said)),
            "`{to}`: {problems:?}"
        );
    }
}

#[test]
fn every_rule_for_dockerfiles_can_fail() {
    check(
        dockerfile,
        DOCKERFILE,
        &[
            ("debian:bookworm-slim", "debian", "`debian` has no tag"),
            ("debian:bookworm-slim", "debian:latest", "has no tag"),
            ("debian:bookworm-slim", "here:5000/debian", "has no tag"),
            ("COPY . .", "ADD . .", "ADD"),
            ("--from=build", "--from=alpine", "no stage before it"),
            ("RUN cargo", "RUN sudo cargo", "sudo"),
            (" --yes", "", "--yes"),
            (" --no-install-recommends", "", "--no-install-recommends"),
            ("rm -rf /var/lib/apt/lists/*", "true", "lists"),
            ("WORKDIR /src", "WORKDIR src", "WORKDIR `src`"),
            ("ENV PORT=4600", "ENV PORT=4600 API_TOKEN=x", "`API_TOKEN`"),
            ("ENV PORT=4600", "ARG PGPASSWORD", "`PGPASSWORD`"),
            ("USER 10001:10001\n", "", "runs as root"),
            ("USER 10001:10001", "USER 0:0", "runs as root"),
            (
                "HEALTHCHECK --interval=30s CMD [\"program\", \"check\"]\n",
                "",
                "no HEALTHCHECK",
            ),
            (
                "CMD [\"program\", \"check\"]",
                "CMD program check",
                "needs a shell",
            ),
            (
                "ENTRYPOINT [\"program\"]",
                "ENTRYPOINT program",
                "through a shell",
            ),
            ("ENTRYPOINT [\"program\"]\n", "", "no ENTRYPOINT"),
            ("CMD [\"up\"]", "CMD up", "through a shell"),
        ],
    );
}

#[test]
fn every_rule_for_compose_files_can_fail() {
    check(
        compose,
        COMPOSE,
        &[
            ("services:", "volumes:", "no services"),
            ("postgres:17", "postgres", "`database`: neither a build"),
            (
                "postgres:17",
                "postgres:latest",
                "`database`: neither a build",
            ),
            ("<<: *shared", "init: true", "`program`: neither a build"),
            (
                "    healthcheck:\n      test: [\"CMD\", \"pg_isready\"]\n",
                "",
                "no health check",
            ),
            (
                "test: [\"CMD\", \"pg_isready\"]",
                "disable: true",
                "no health check",
            ),
            ("    restart: unless-stopped\n", "", "`restart` is not said"),
            ("127.0.0.1:$", "$", "open to the network"),
            (
                "127.0.0.1:${PGPORT:-5432}:5432",
                "0.0.0.0:5432:5432",
                "open to the network",
            ),
            ("    read_only: true\n", "", "`database`: it may do more"),
            (
                "  read_only: true\n  cap",
                "  cap",
                "`program`: it may do more",
            ),
            (
                "no-new-privileges:true",
                "seccomp:unconfined",
                "`program`: it may do more",
            ),
            (
                "${POSTGRES_PASSWORD:?fill in .env}",
                "secret",
                "`POSTGRES_PASSWORD` must be",
            ),
            (
                ":?fill in .env}",
                ":-postgres}",
                "`POSTGRES_PASSWORD` must be",
            ),
        ],
    );
}

#[test]
fn a_service_that_ends_needs_no_health_check() {
    let once = COMPOSE.replacen(
        "test: [\"CMD\", \"pg_isready\"]\n    restart: unless-stopped",
        "disable: true\n    restart: \"no\"",
        1,
    );
    assert_ne!(once, COMPOSE);
    assert_eq!(compose(&once), [] as [&str; 0]);
}

#[test]
fn the_example_names_every_variable_and_no_secret() {
    check(
        |text| example(text, COMPOSE),
        "# The database.\nPOSTGRES_PASSWORD=\n#PGPORT=5432\n",
        &[
            ("#PGPORT=5432\n", "", "`PGPORT` of compose.yml"),
            (
                "POSTGRES_PASSWORD=",
                "POSTGRES_PASSWORD=films",
                "has a value",
            ),
        ],
    );
}
