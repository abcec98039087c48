use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
    time::Duration,
};

use serde_json::json;

use super::*;
use crate::Error;

#[test]
fn a_wrong_password_and_an_unknown_database_are_refusals() {
    let Some(server) = Server::start("") else {
        return;
    };
    let settings = server.database();
    let admin = Postgres::new(settings.clone()).unwrap();
    let mut connection = admin.connect().unwrap();
    connection
        .execute("create role someone login password 'right'")
        .unwrap();
    let rules = "host all someone 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n";
    std::fs::write(server.folder().unwrap().join("data/pg_hba.conf"), rules).unwrap();
    connection.execute("select pg_reload_conf()").unwrap();
    thread::sleep(Duration::from_millis(300));
    let open = |password: &str, database: &str| {
        let settings = PostgresSettings {
            user: "someone".to_owned(),
            password: Password::new(password),
            database: database.to_owned(),
            ..settings.clone()
        };
        Postgres::new(settings).unwrap().connect().map(drop)
    };
    open("right", &settings.database).unwrap();
    for (password, database) in [
        ("hunter2", settings.database.as_str()),
        ("right", "nowhere"),
    ] {
        let error = open(password, database).unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    let without = open("", &settings.database).unwrap_err();
    assert!(
        matches!(&without, Error::Refused { message, .. } if message.contains("password")),
        "{without}"
    );
}

#[test]
fn nobody_there_is_said_with_the_address() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let postgres = Postgres::new(PostgresSettings::new("127.0.0.1", port, "d", "u")).unwrap();
    let Err(error) = postgres.connect() else {
        panic!("somebody is there");
    };
    assert!(matches!(error, Error::Open { .. }), "{error}");
    assert!(error.to_string().contains(&port.to_string()), "{error}");
}

/// A server that lets everybody in and says that it is the given version.
fn old_server(version: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut length = [0; 4];
        client.read_exact(&mut length).unwrap();
        let mut rest = vec![0; u32::from_be_bytes(length) as usize - 4];
        client.read_exact(&mut rest).unwrap();
        let mut answer = vec![b'R', 0, 0, 0, 8, 0, 0, 0, 0];
        let parameter = [b"server_version\0", version.as_bytes(), b"\0"].concat();
        answer.push(b'S');
        answer.extend((parameter.len() as u32 + 4).to_be_bytes());
        answer.extend(parameter);
        answer.extend([b'Z', 0, 0, 0, 5, b'I']);
        client.write_all(&answer).unwrap();
        // Until the client leaves.
        let _ = client.read(&mut [0; 64]);
    });
    port
}

#[test]
fn an_old_server_is_refused_with_its_version() {
    let mut settings = PostgresSettings::new("127.0.0.1", old_server("14.11"), "d", "u");
    settings.tls.mode = TlsMode::Disable;
    let Err(error) = Postgres::new(settings).unwrap().connect() else {
        panic!("14 was taken");
    };
    assert!(
        matches!(&error, Error::TooOld { found, .. } if found == "14.11"),
        "{error}"
    );
}

#[test]
fn a_restart_in_the_middle_leaves_nothing_half_done() {
    let Some(server) = Server::start("") else {
        return;
    };
    let postgres = Postgres::new(server.database()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let tables = lake_with_films(folder.path(), "one", &films(90), 10);
    let options = LoadOptions { n_connections: 2 };
    let error = load(&postgres, &tables, options, &|| false, &|progress| {
        if progress.n_parts_done == 3 {
            server.restart();
        }
    })
    .unwrap_err();
    assert!(matches!(error, Error::Lost { .. }), "{error}");
    let n_rows = "select count(*) from raw.movies";
    let n_known = "select coalesce(sum(n_rows), 0) from filmstar.loaded_parts";
    assert_eq!(value(&postgres, n_rows), value(&postgres, n_known));
    load_all(&postgres, &tables).unwrap();
    assert_eq!(value(&postgres, n_rows), json!(90));

    // The same in the middle of a build, and a reader comes back by itself.
    let releases = Releases::new(postgres.clone());
    let reader = ReleaseReader::new(postgres.clone());
    let schemas = ["main".to_owned()];
    let pending = releases.begin("b1", &schemas).unwrap();
    releases.publish(pending, minute(1)).unwrap();
    assert_eq!(reader.current().unwrap().0.build_id, "b1");
    let pending = releases.begin("b2", &schemas).unwrap();
    server.restart();
    let error = releases.publish(pending, minute(2)).unwrap_err();
    assert!(matches!(error, Error::Lost { .. }), "{error}");
    assert_eq!(reader.current().unwrap().0.build_id, "b1");
    releases
        .publish(releases.begin("b3", &schemas).unwrap(), minute(3))
        .unwrap();
    assert_eq!(reader.current().unwrap().0.build_id, "b3");
}

#[test]
fn two_loads_at_once_are_one_and_a_message() {
    let server = server!();
    let postgres = Postgres::new(server.database()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let tables = lake_with_films(folder.path(), "one", &films(30), 10);
    let options = LoadOptions { n_connections: 1 };
    let loaded = load(&postgres, &tables, options, &|| false, &|progress| {
        if progress.n_parts_done == 1 {
            let second = load_all(&postgres, &tables).unwrap_err();
            let Error::Busy { what, holders } = &second else {
                panic!("{second}");
            };
            assert_eq!(*what, "load");
            assert!(holders[0].contains("filmstar"), "{holders:?}");
        }
    })
    .unwrap();
    assert_eq!(loaded.n_rows, 30);
}

#[test]
fn a_lock_of_somebody_else_is_named() {
    let server = server!();
    let mut settings = server.database();
    settings.session.lock_timeout = Some(Duration::from_millis(200));
    let postgres = Postgres::new(settings).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let tables = lake_with_films(folder.path(), "one", &films(30), 10);
    load_all(&postgres, &[]).unwrap();
    let mut other = postgres.connect().unwrap();
    other.execute("set application_name = 'somebody'").unwrap();
    other
        .execute("begin; lock table raw.movies in access exclusive mode")
        .unwrap();
    let error = load_all(&postgres, &tables).unwrap_err();
    assert!(
        matches!(&error, Error::Locked { holders, .. } if holders[0].contains("somebody")),
        "{error}"
    );
    other.execute("rollback").unwrap();
    assert_eq!(load_all(&postgres, &tables).unwrap().n_rows, 30);
}

/// A folder with room for little, while the value lives. Only root can make one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m,mode=777", "tmpfs"])
            .arg(folder.path())
            .output();
        if !mounted.is_ok_and(|output| output.status.success()) {
            println!("SKIPPED: a small disk can only be mounted by root");
            return None;
        }
        // The server must reach what lies below.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        std::fs::set_permissions(folder.path(), open).unwrap();
        Some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmount = std::process::Command::new("umount")
            .args(["-l"])
            .arg(self.0.path())
            .status();
        assert!(unmount.is_ok_and(|status| status.success()));
    }
}

#[test]
fn a_full_disk_is_said_and_more_room_completes_the_load() {
    let Some(disk) = SmallDisk::new() else { return };
    let Some(server) = Server::start("") else {
        return;
    };
    let settings = server.database();
    let postgres = Postgres::new(settings).unwrap();
    let location = disk.0.path().join("space");
    std::fs::create_dir(&location).unwrap();
    let owner = std::process::Command::new("chown")
        .arg("postgres")
        .arg(&location)
        .status();
    assert!(owner.unwrap().success());
    load_all(&postgres, &[]).unwrap();
    let mut connection = postgres.connect().unwrap();
    connection
        .execute(&format!(
            "create tablespace small location '{}'",
            location.display()
        ))
        .unwrap();
    connection
        .execute("alter table raw.movies set tablespace small")
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let noise = |id: i64| {
        // Nothing that compresses.
        let digits: String = (0..400_u64)
            .map(|at| {
                format!(
                    "{:x}",
                    (at + 7919 * id as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
                )
            })
            .collect();
        (id, format!(r#"{{"id":{id},"overview":"{digits}"}}"#))
    };
    let films: Vec<_> = (1..=600).map(noise).collect();
    let tables = lake_with_films(folder.path(), "one", &films, 100);
    let error = load_all(&postgres, &tables).unwrap_err();
    assert!(matches!(error, Error::OutOfSpace { .. }), "{error}");
    let n_rows = "select count(*) from raw.movies";
    let n_known = "select coalesce(sum(n_rows), 0) from filmstar.loaded_parts";
    assert_eq!(value(&postgres, n_rows), value(&postgres, n_known));
    connection
        .execute("alter table raw.movies set tablespace pg_default")
        .unwrap();
    load_all(&postgres, &tables).unwrap();
    assert_eq!(value(&postgres, n_rows), json!(600));
    drop(connection);
    server.stop();
}
