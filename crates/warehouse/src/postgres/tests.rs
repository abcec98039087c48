use super::{Password, PostgresSettings};

#[test]
fn a_password_is_never_printed() {
    let mut settings = PostgresSettings::new("db.example", 5432, "filmstar", "reader");
    settings.password = Password::new("hunter2");
    assert!(!format!("{settings:?}").contains("hunter2"));
    assert_eq!(
        settings.location(),
        "postgres://reader@db.example:5432/filmstar"
    );
    assert_eq!(Password::new(""), None);
}
