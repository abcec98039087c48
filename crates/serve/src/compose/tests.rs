use super::*;

fn selection() -> Selection {
    Selection {
        years: Some((1990, 2016)),
        language: Some("en".into()),
        genre: Some(18),
        parameters: [("min_films".to_owned(), Value::Int(5))].into(),
        ..Selection::everything()
    }
}

#[test]
fn a_query_gets_the_filter_in_front_and_its_values_bound() {
    let composed = compose(
        "select count(*) from movies having count(*) >= $min_films or $min_films = 0",
        &selection(),
    );
    assert!(
        composed
            .sql
            .starts_with("with movies as not materialized ("),
        "{}",
        composed.sql
    );
    assert!(
        composed.sql.contains("original_language = $3"),
        "{}",
        composed.sql
    );
    assert!(
        composed
            .sql
            .ends_with(")\n\nselect count(*) from movies having count(*) >= cast($5 as bigint) or cast($5 as bigint) = 0"),
        "{}",
        composed.sql
    );
    let expected = [
        Value::Int(1990),
        Value::Int(2016),
        Value::Text("en".into()),
        Value::Int(18),
        Value::Int(5),
    ];
    assert_eq!(composed.values, expected);
    assert!(
        composed
            .shown()
            .starts_with("-- $1 = 1990\n-- $2 = 2016\n-- $3 = 'en'\n"),
        "{}",
        composed.shown()
    );
}

#[test]
fn a_query_with_its_own_ctes_keeps_them() {
    let composed = compose("with a as (select 1) select * from a", &selection());
    assert!(
        composed
            .sql
            .contains("),\n\na as (select 1) select * from a"),
        "{}",
        composed.sql
    );
}

#[test]
fn a_name_that_starts_with_with_is_no_cte() {
    let composed = compose("within_limits", &selection());
    assert!(
        composed.sql.ends_with(")\n\nwithin_limits"),
        "{}",
        composed.sql
    );
}

#[test]
fn strings_names_and_comments_hold_no_placeholders() {
    let sql =
        "select '$a', \"$b\", $c -- $d's\n, '' /* $e */, 1 - 2 / 3, '$1' from dim_people -- fact_x";
    assert_eq!(placeholders(sql), ["c"]);
    assert_eq!(models(sql), ["dim_people"]);
    let composed = compose(sql, &selection());
    assert!(
        composed
            .sql
            .contains("'$a', \"$b\", cast($5 as varchar) -- $d's\n"),
        "{}",
        composed.sql
    );
}

#[test]
fn hostile_text_stays_a_value() {
    let mut hostile = selection();
    hostile.language = Some("en' or 1=1 --\ndrop".into());
    let composed = compose("select 1", &hostile);
    assert!(!composed.sql.contains("drop"), "{}", composed.sql);
    assert!(
        composed.shown().contains("-- $3 = 'en'' or 1=1 -- drop'\n"),
        "{}",
        composed.shown()
    );
}

#[test]
fn money_is_real_or_nominal_and_unknown_stays_unknown() {
    let nominal = Selection {
        money: Money::Nominal,
        ..Selection::everything()
    };
    let columns = |selection: &Selection| compose("select 1", selection).sql;
    assert!(
        columns(&Selection::everything())
            .contains("revenue_real_usd - budget_real_usd as money_gross_margin_usd")
    );
    assert!(
        columns(&nominal)
            .contains("case when budget_state = 'known' then budget_usd end as money_budget_usd")
    );
}

#[test]
fn every_film_is_asked_for_without_a_value() {
    let composed = compose("select 1", &Selection::everything());
    assert_eq!(composed.values, []);
    assert!(
        composed
            .sql
            .contains("and is_in_analysis_set) as is_analysed"),
        "{}",
        composed.sql
    );
    assert!(
        composed.sql.contains("where\n        is_in_population\n)"),
        "{}",
        composed.sql
    );
}
