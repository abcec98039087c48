//! The grammar against a printer, and selections against sets.

use super::criterion::Criterion;

mod properties;

#[test]
fn graph_operators_are_read_around_a_name() {
    let parse = |text| Criterion::parse(text).unwrap();
    let criterion = parse("2+tag:money+3");
    assert_eq!(
        (criterion.method.as_str(), criterion.value.as_str()),
        ("tag", "money")
    );
    assert_eq!(
        (criterion.parents, criterion.children),
        (Some(Some(2)), Some(Some(3)))
    );
    assert_eq!(parse("models/marts").method, "path");
    assert_eq!(parse("dim_movies.sql+").method, "file");
    assert_eq!(parse("config.meta.owner:me").method, "config.meta.owner");
    assert!(parse("@x").childrens_parents);
    assert_eq!(parse("+x").parents, Some(None));
    assert!(Criterion::parse("@x+").is_err());
    assert!(Criterion::parse("tag:").is_err());
}
