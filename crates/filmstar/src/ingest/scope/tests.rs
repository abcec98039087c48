use super::{Ids, Scope, Span};

fn scope(ids: &[&str]) -> Scope {
    Scope {
        ids: ids.iter().map(|ids| ids.parse().unwrap()).collect(),
        ..Scope::default()
    }
}

#[test]
fn ids_are_asked_for_once_each_and_in_order() {
    let check = |ids: &[&str], expect: &[(i64, i64)]| {
        let expect: Vec<_> = expect.iter().map(|(first, last)| *first..=*last).collect();
        assert_eq!(scope(ids).ids(), expect);
    };
    check(&[], &[]);
    check(&["7"], &[(7, 7)]);
    check(&["20-29", "5", "1-9"], &[(1, 9), (20, 29)]);
    check(&["1-100", "50-60", "100-110"], &[(1, 110)]);
}

#[test]
fn what_names_nothing_is_refused() {
    for wrong in ["", "0", "-5", "5-", "9-1", "1..9", "ten"] {
        assert!(wrong.parse::<Ids>().is_err(), "{wrong}");
    }
    for wrong in [
        "",
        "1990",
        "1990-01-01..",
        "1999-12-31..1990-01-01",
        "1990-02-30",
    ] {
        assert!(wrong.parse::<Span>().is_err(), "{wrong}");
    }
    let again = Scope {
        again: true,
        ..Scope::default()
    };
    assert!(again.flags().is_err());
}

#[test]
fn it_is_told_as_it_is_typed() {
    let all = Scope {
        ids: vec!["603".parse().unwrap(), "10-19".parse().unwrap()],
        released: Some("1999-03-31".parse().unwrap()),
        exports_since: "2026-11-01".parse().ok(),
        again: true,
    };
    assert_eq!(
        all.to_string(),
        " --ids 603,10-19 --released 1999-03-31..1999-03-31 --exports-since 2026-11-01 --again"
    );
    assert_eq!(Scope::default().to_string(), "");
}
