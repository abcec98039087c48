use std::path::Path;

use super::*;

/// What editors need to complete `page.yml`.
fn page_schema() -> Json {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<Page>();
    schema.insert("title".to_owned(), "A page of Filmstar".into());
    schema.to_value()
}

/// Compares with a file that is generated, or writes it anew when `FILMSTAR_UPDATE` is set.
fn is_current(path: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path);
    if std::env::var_os("FILMSTAR_UPDATE").is_some() {
        fs_err::write(&path, text).unwrap();
    }
    let found = fs_err::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "`{}` is not current: run `npm run schema` in web/",
        path.display()
    );
}

#[test]
fn the_schema_of_pages_is_current() {
    let text = serde_json::to_string_pretty(&page_schema()).unwrap();
    is_current("dashboards/page.schema.json", &(text + "\n"));
}

#[test]
fn the_types_of_the_front_end_are_current() {
    is_current("web/src/api/schema.ts", &typescript::module(&document()));
}

#[test]
fn the_schema_of_pages_knows_what_may_be_written() {
    let schema = page_schema();
    let properties = schema["properties"].as_object().unwrap();
    assert!(properties.contains_key("tiles") && !properties.contains_key("name"));
    assert_eq!(schema["additionalProperties"], false);
    let tile = &schema["definitions"]["Tile"];
    assert!(tile["required"].as_array().unwrap().contains(&json!("sql")));
    assert!(
        tile["properties"].get("columns").is_none(),
        "those are in the query's header"
    );
}

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    let document = document();
    let text = document.to_string();
    let references: Vec<&str> = text
        .split("\"$ref\":\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(references.len() > 20);
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}
