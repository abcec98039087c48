use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::json;

use super::*;

/// An authority, and its certificate as a file.
fn authority(folder: &Path, name: &str) -> (CertifiedIssuer<'static, KeyPair>, PathBuf) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, name);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let file = folder.join(format!("{name}.pem"));
    fs::write(&file, issuer.pem()).unwrap();
    (issuer, file)
}

/// Switches a server's encryption on, with a certificate for the name `localhost` alone.
fn encrypt(server: &Server, issuer: &CertifiedIssuer<'_, KeyPair>) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, issuer).unwrap();
    let data = server.folder().unwrap().join("data");
    for (name, text) in [
        ("server.crt", certificate.pem()),
        ("server.key", key.serialize_pem()),
    ] {
        let file = data.join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let owner = fs::metadata(&data).unwrap();
        use std::os::unix::fs::MetadataExt as _;
        std::os::unix::fs::chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
    let mut connection = Postgres::new(server.admin("postgres"))
        .unwrap()
        .connect()
        .unwrap();
    connection.execute("alter system set ssl = on").unwrap();
    server.restart();
}

#[test]
fn each_mode_verifies_what_it_says() {
    let Some(server) = Server::start("") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let is_encrypted = |host: &str, mode: &str, root: Option<&PathBuf>| {
        let mut settings = server.admin("postgres");
        settings.host = host.to_owned();
        settings.tls.mode = TlsMode::from_name(mode).unwrap();
        settings.tls.root_certificate = root.cloned();
        let mut connection = Postgres::new(settings)?.connect()?;
        let sql = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
        let rows = connection.query(sql, &[])?;
        Ok::<_, Error>(rows.json_rows() == [[json!(true)]])
    };
    assert!(!is_encrypted("127.0.0.1", "prefer", None).unwrap());
    assert!(is_encrypted("127.0.0.1", "require", None).is_err());

    let (issuer, trusted) = authority(folder.path(), "trusted");
    let (_, stranger) = authority(folder.path(), "stranger");
    encrypt(&server, &issuer);
    assert!(!is_encrypted("127.0.0.1", "disable", None).unwrap());
    for mode in ["prefer", "require"] {
        assert!(is_encrypted("127.0.0.1", mode, None).unwrap(), "{mode}");
    }
    assert!(is_encrypted("127.0.0.1", "verify-ca", Some(&trusted)).unwrap());
    assert!(is_encrypted("localhost", "verify-full", Some(&trusted)).unwrap());
    let other_name = is_encrypted("127.0.0.1", "verify-full", Some(&trusted)).unwrap_err();
    assert!(
        other_name.to_string().contains("certificate"),
        "{other_name}"
    );
    for mode in ["require", "verify-ca", "verify-full"] {
        let error = is_encrypted("localhost", mode, Some(&stranger)).unwrap_err();
        assert!(error.to_string().contains("certificate"), "{mode}: {error}");
    }
    // A certificate of an authority that this system does not know.
    assert!(is_encrypted("localhost", "verify-full", None).is_err());
    let missing = folder.path().join("missing.pem");
    let error = is_encrypted("localhost", "verify-full", Some(&missing)).unwrap_err();
    assert!(error.to_string().contains("missing.pem"), "{error}");
}
