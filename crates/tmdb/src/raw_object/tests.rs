use super::RawObject;

#[test]
fn numbers_and_order_stay_as_they_came() {
    let body = r#"{"b":8.10000,"a\"x":[1, 2],"n":null}"#;
    let object = RawObject::parse(body).unwrap();
    assert_eq!(object.to_json(), body);
}

#[test]
fn a_key_is_replaced_in_its_place_and_a_new_one_goes_last() {
    let mut object = RawObject::parse(r#"{"id":1,"credits":{},"title":"x"}"#).unwrap();
    object.set("credits", "[1]");
    object.set("keywords", "[2]");
    object.remove("id");
    assert_eq!(
        object.to_json(),
        r#"{"credits":[1],"title":"x","keywords":[2]}"#
    );
}
